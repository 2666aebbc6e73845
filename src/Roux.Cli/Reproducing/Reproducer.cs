using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Programs;
using Roux.Cli.Studies;
using Roux.Tracking;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>Runs a recorded run again, as a new run, in a folder of its own, and says whether the same comes out.</summary>
internal sealed class Reproducer
{
    /// <summary>Tag of a repetition: 1, or 2 for the second one that tells chance from other causes.</summary>
    public const string RepetitionTag = "roux.repetition";

    private readonly Tracker _tracker;
    private readonly RunRecord _first;
    private readonly RunRecipe _recipe;
    private readonly ReproduceOptions _options;
    private readonly CancellationToken _stop;
    private readonly List<Difference> _remarks = [];

    /// <param name="tracker">The store of the run, open for writing; the repetition goes there.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">How.</param>
    /// <param name="stop">Ends it, and removes the folder.</param>
    public Reproducer(Tracker tracker, RunRecord run, ReproduceOptions options, CancellationToken stop)
    {
        _recipe = RunRecipe.Read(tracker, run);
        (_tracker, _first, _options, _stop) = (tracker, _recipe.Run, options, stop);
    }

    private sealed record Attempt(IReadOnlyList<Difference> Missing, IReadOnlyList<Difference> Changed, RunRecord? Run, ProgramOutcome? Outcome, string Tree, string? Folder);

    /// <summary>Does it.</summary>
    public ReproduceResult Run()
    {
        if (NotRepeatable() is { } reason)
        {
            return new ReproduceResult(ReproduceVerdict.Impossible, _first, [reason]);
        }

        var (command, secrets) = CommandRestore.FillSecrets(_recipe.Command, Secret);
        if (secrets.Count > 0)
        {
            return new ReproduceResult(ReproduceVerdict.Impossible, _first, secrets);
        }

        var attempt = Try(command, 1);
        if (attempt.Run is not { } again)
        {
            return new ReproduceResult(ReproduceVerdict.Impossible, _first, attempt.Missing) { Remarks = _remarks, Folder = attempt.Folder };
        }

        var environment = EnvironmentComparison.Of(_recipe.Environment, RunRecipe.Read(_tracker, again).Environment);
        var inputs = attempt.Changed.Concat(environment.Differences).ToList();
        _remarks.AddRange(inputs.Where(d => _options.Accepted.Contains(d.Kind)));
        _remarks.AddRange(environment.Remarks);
        inputs.RemoveAll(d => _options.Accepted.Contains(d.Kind));

        var comparison = ResultComparison.Of(_tracker, _first, again, Tolerances(), attempt.Tree, _recipe);
        _remarks.AddRange(comparison.Remarks);
        var result = new ReproduceResult(ReproduceVerdict.Reproduced, _first, [.. inputs, .. comparison.Differences])
        {
            Remarks = _remarks, Metrics = comparison.Metrics, RunId = again.Id, Compared = comparison.Compared, Folder = attempt.Folder,
        };
        if (UnrecordedFile(attempt) is { } file)
        {
            return result with { Verdict = ReproduceVerdict.Impossible, Differences = [.. inputs, file] };
        }

        if (comparison.Differences.Count > 0 && inputs.Count == 0 && !attempt.Outcome!.IsLate)
        {
            result = FindCause(result, command, again);
        }

        return result with { Verdict = result.Differences.Count == 0 ? ReproduceVerdict.Reproduced : ReproduceVerdict.Differs };
    }

    private Tolerances Tolerances() => new(_first, _options.Tolerances, _recipe.HasTimeBudget);

    private Difference? NotRepeatable()
    {
        if (_first.Status == RunStatus.Running)
        {
            return new Difference(DifferenceKind.Output, "the run is still going on", null, null, "wait until it has ended");
        }

        return _recipe.Command is [{ Length: > 0 }, ..] && _recipe.WorkingDirectory.Length > 0 ? null : new Difference(
            DifferenceKind.Command, "the run recorded no command line", null, null, "start it with: roux run -- CMD, or call RunCapture.Begin(run) in the program");
    }

    private string? Secret(string name) => _options.Secrets.TryGetValue(name, out var given) ? given
        : Environment.GetEnvironmentVariable(CommandRestore.VariableOf(name)) is { Length: > 0 } variable ? variable : null;

    private Attempt Try(IReadOnlyList<string> command, int number)
    {
        using var workspace = Workspace.Make(_recipe, Environment.CurrentDirectory, _options.Keep, _stop);
        var missing = new List<Difference>(workspace.Missing);
        var data = new DataPlacement(workspace, _recipe, _stop);
        data.Place();
        missing.AddRange(data.Missing);
        var preparation = new Preparation(_recipe, workspace, _stop);
        if (workspace.Missing.Count == 0)
        {
            preparation.Make(command, data.Moved, _options.Install);
            missing.AddRange(preparation.Missing);
        }

        var folder = _options.Keep ? workspace.WorkingDirectory : null;
        if (missing.Count > 0)
        {
            return new Attempt(missing, data.Changed, null, null, workspace.Tree, folder);
        }

        foreach (var change in number == 1 ? data.Changed : [])
        {
            Console.Error.WriteLine(Terminal.OneLine($"roux: data: {change.What}: expected {change.Expected}, found {change.Found}; running all the same, to see what it does"));
        }

        using var run = _tracker.Experiment(_first.Experiment).StartRunUnder(_first.Id, $"{_first.Name} again", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RunMetrics.ReproducesTag] = _first.Id,
            [RepetitionTag] = number.ToString(CultureInfo.InvariantCulture),
        });
        var outcome = ProgramRun.Execute(_tracker, run, new ProgramStart(preparation.Program, preparation.Command)
        {
            Folder = workspace.WorkingDirectory,
            Inputs = data.Files,
            Variables = new Dictionary<string, string?>(preparation.Variables.Concat(TrialVariables(workspace)), StringComparer.Ordinal) { [RunContext.AliasVariable] = workspace.Place(_tracker.Store) },
            Metric = _first.Tags.GetValueOrDefault(TrialRuns.MetricTag),
            OutputToError = true,
            KeepVariables = [.. _recipe.Variables.Keys],
            Seed = _recipe.GivenSeed,
            Limit = _options.Limit,
            Recorded = preparation.Recorded,
        });
        _stop.ThrowIfCancellationRequested();
        return new Attempt([], data.Changed, _tracker.GetRun(run.Id), outcome, workspace.Tree, folder);
    }

    /// <summary>A trial of a study finds its settings and a folder of its own, as it did.</summary>
    private IEnumerable<KeyValuePair<string, string?>> TrialVariables(Workspace workspace)
    {
        if (TrialRuns.SettingsOf(_first) is not { } settings)
        {
            return [];
        }

        var folder = workspace.Place(Path.Combine(Path.GetTempPath(), "roux-trial"));
        Directory.CreateDirectory(Path.Combine(folder, "checkpoints"));
        return TrialProgram.Variables(settings, folder).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));
    }

    // All recorded inputs are equal and the results are not: a second repetition tells chance from a cause that was not recorded.
    private ReproduceResult FindCause(ReproduceResult result, IReadOnlyList<string> command, RunRecord again)
    {
        Console.Error.WriteLine("roux: the results differ though code, data and packages are equal; running it once more to tell chance from another cause");
        var second = Try(command, 2);
        if (second.Run is not { } twice)
        {
            return result;
        }

        var between = ResultComparison.Of(_tracker, again, twice, Tolerances(), second.Tree, _recipe);
        var seed = _first.Tags.GetValueOrDefault("roux.seed");
        var cause = between.Differences.Count > 0
            ? new Difference(
                DifferenceKind.Seed, $"two repetitions of the same inputs differ from each other ({between.Differences[0].What}): the program uses randomness that no seed fixes",
                between.Differences[0].Expected, between.Differences[0].Found,
                (seed is null ? "set every seed (random, numpy, torch, PYTHONHASHSEED; new Random(n))" : $"seed {seed} does not reach everything: look at threads, clocks, and orders of sets and files")
                + ", or state what is allowed: roux.tolerance.METRIC")
            : new Difference(
                DifferenceKind.Unknown, "two repetitions agree with each other and not with the first run: the cause is something that was not recorded", null, null,
                "look for files that the program reads beside its data, services that it asks, and the machine (remarks below)");
        return result with { Differences = [cause, .. Suspects(), .. result.Differences], SecondRunId = twice.Id };
    }

    private IEnumerable<Difference> Suspects()
    {
        foreach (var (path, reason) in _recipe.LeftOut.Where(f => !_recipe.Data.Any(d => d.Path.EndsWith("/" + f.Path, StringComparison.Ordinal))).Take(20))
        {
            yield return new Difference(DifferenceKind.Code, $"{path} had changes that were not recorded ({reason})", null, null, "commit it, then start the run again");
        }

        foreach (var file in Unrecorded().Take(20))
        {
            yield return new Difference(DifferenceKind.Code, $"{file} was not in git and was not recorded", null, null, "commit it, or name it with --input");
        }
    }

    private IEnumerable<string> Unrecorded() =>
        (_recipe.Environment["git"]?["untracked"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(f => f["in_diff"] is JsonValue inside && inside.TryGetValue<bool>(out var known) && !known)
            .Select(f => f["path"]?.ToString() ?? "").Where(p => !_recipe.Data.Any(d => d.Path.EndsWith("/" + p, StringComparison.Ordinal)));

    // A program that found its files the first time and does not now needs one that nobody recorded.
    private Difference? UnrecordedFile(Attempt attempt)
    {
        if (_first.Status != RunStatus.Finished || attempt.Outcome is not { Status: RunStatus.Failed, Reason: { } reason })
        {
            return null;
        }

        string[] signs = ["FileNotFoundError", "No such file", "ModuleNotFoundError", "FileNotFoundException", "DirectoryNotFoundException", "no such file", "Could not find file", "MSB1009"];
        var line = reason.Split('\n').LastOrDefault(l => signs.Any(s => l.Contains(s, StringComparison.Ordinal)));
        return line is null ? null : new Difference(
            DifferenceKind.Code, "the program needs a file or module that is neither in the commit nor recorded", null, line.Trim(), "commit it, install the module, or name the data with --input, then start the run again");
    }
}
