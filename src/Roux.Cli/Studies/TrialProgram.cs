using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Programs;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tracking.Capture;
using Roux.Tracking.Reproduction;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Tries a configuration by running a program, which prints the metric, writes it to a file or logs it to the store.</summary>
internal sealed class TrialProgram
{
    /// <summary>Output kept of a trial; what follows is read and dropped.</summary>
    private const long MostOutput = 16 << 20;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public required CommandTemplate Template { get; init; }

    /// <summary>What it tells.</summary>
    public required IReadOnlyList<Goal> Goals { get; init; }

    /// <summary>Bounds of what it tells.</summary>
    public IReadOnlyList<MetricLimit> Limits { get; init; } = [];

    /// <summary>Where it tells it.</summary>
    public MetricSources Sources { get; init; } = MetricSources.Any;

    /// <summary>Whether programs run in the folder of their trial, and not in that of the call.</summary>
    public bool OwnFolder { get; init; }

    /// <summary>Where the study lives: its folder has one for every trial, handed over to the program for its files and checkpoints.</summary>
    public required StudyPlace Place { get; init; }

    /// <summary>What each trial may use.</summary>
    public required TrialPlaces Places { get; init; }

    /// <summary>Runs the program of a trial to its end and returns the last value of every goal that it told.</summary>
    /// <exception cref="TrialFailedException">It could not be started, ended with an error, or told no finite value of a goal or of what is bounded.</exception>
    /// <exception cref="TrialPrunedException">The pruner gave it up; it and its children are ended.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop; it and its children are ended.</exception>
    public async Task<IReadOnlyList<double>> RunAsync(RunningTrial trial, Run run)
    {
        var folder = FolderOf(trial.Number);
        var from = trial.Segment?.From ?? (trial.Resource is { } most ? CheckpointFolders.Latest(folder, most) : 0);
        var checkpoint = CheckpointFolders.Begin(folder, trial.Segment is { } segment ? segment.Parent is { } parent ? FolderOf(parent) : null : folder, from);
        var words = Template.Fill(trial.Configuration, trial.Resource, checkpoint);
        if (trial.Resource is null)
        {
            // A turn that goes on from a checkpoint cannot be run again by itself.
            run.Tag(RunRecipe.CommandTag, new JsonArray([.. CommandLineText.Mask(words).Select(word => (JsonNode)JsonValue.Create(word))]).ToJsonString()).Tag(TrialRuns.MetricTag, Goals[0].Metric);
        }

        var working = OwnFolder ? folder : Environment.CurrentDirectory;
        var output = new TrialOutput(trial, run, [.. Goals.Select(goal => goal.Metric).Concat(Limits.Select(limit => limit.Metric)).Distinct(StringComparer.Ordinal)], Goals.Count == 1, Sources, Place.Journal, MostOutput);
        using var metrics = Sources.HasFlag(MetricSources.File) ? MetricsFile.Watch(run, working, output.Logged) : null;
        using var program = new Process { StartInfo = Start(words, trial, run, folder, working, metrics?.Path, from) };
        try
        {
            BrokenPipe.WithDefault(() => program.Start());
        }
        catch (Win32Exception e)
        {
            output.Close();
            throw new TrialFailedException($"'{words[0]}' could not be started: {e.Message}");
        }

        program.StandardInput.Close();
        var tail = new ErrorTail();
        await FollowAsync(program, trial, run, output, tail).ConfigureAwait(false);
        metrics?.Dispose();
        if (output.GivenUp.IsCompleted)
        {
            await output.GivenUp.ConfigureAwait(false);
        }

        if (program.ExitCode != 0)
        {
            throw new TrialFailedException(ProgramOutcome.Of(program.ExitCode, tail.ToString()).Reason!);
        }

        Stored(run, output);
        double[] values = [.. Goals.Select(goal => Told(output, goal.Metric))];
        trial.Constraints = [.. Limits.Select(limit => limit.Violation(Told(output, limit.Metric)))];

        if (trial.Segment is { } done)
        {
            CheckpointFolders.Keep(folder, done.To);
        }
        else if (trial.Resource is { } resource && resource < Place.Schedule!.MaxResource)
        {
            // Kept before the pause is told: a turn that is cut off in between begins from the checkpoint before.
            CheckpointFolders.Keep(folder, resource);
            CheckpointFolders.Forget(folder, from);
        }

        return values;
    }

    private double Told(TrialOutput output, string metric) => output.Last(metric) switch
    {
        { } value when double.IsFinite(value) => value,
        { } wrong => throw new TrialFailedException($"{metric} is {wrong.ToString(CultureInfo.InvariantCulture)}"),
        null => throw new TrialFailedException(Nothing(metric)),
    };

    private string FolderOf(int trial) => Path.Combine(Place.Folder, $"trial-{trial.ToString(CultureInfo.InvariantCulture)}");

    private string Nothing(string metric) => Sources switch
    {
        MetricSources.File => $"it wrote no '{metric}' to {MetricsFile.Variable}",
        MetricSources.Store => $"it logged no '{metric}' to its run in the store ({RunContext.RunVariable})",
        MetricSources.Output => $"it printed no '{metric}=NUMBER'; print the metric, or name the one it prints with --metric",
        _ => $"it printed no '{metric}=NUMBER', wrote none to {MetricsFile.Variable}, and logged none to its run; print the metric, or name the one it tells with --metric",
    };

    private async Task FollowAsync(Process program, RunningTrial trial, Run run, TrialOutput output, ErrorTail tail)
    {
        var pumps = new[] { Pump(program.StandardOutput.BaseStream, output.Write), Pump(program.StandardError.BaseStream, bytes => { tail.Write(bytes.Span); output.Keep(bytes.Span); }) };
        try
        {
            var ended = program.WaitForExitAsync(trial.Cancellation);
            while (await Task.WhenAny(ended, output.GivenUp, Task.Delay(Look, CancellationToken.None)).ConfigureAwait(false) is var first && first != ended && first != output.GivenUp)
            {
                Stored(run, output);
            }

            trial.Cancellation.ThrowIfCancellationRequested();
            if (output.GivenUp.IsCompleted)
            {
                await output.GivenUp.ConfigureAwait(false);
            }

            // A child left behind may hold the output open for as long as it lives.
            await Task.WhenAny(Task.WhenAll(pumps), Task.Delay(Silence, CancellationToken.None)).ConfigureAwait(false);
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill(entireProcessTree: true);
            }

            output.Close();
        }
    }

    /// <summary>Values that the program logged to its run by itself, as long as it tells them in no other way.</summary>
    private void Stored(Run run, TrialOutput output)
    {
        if (Sources.HasFlag(MetricSources.Store))
        {
            run.Flush();
            output.Stored(metric => Place.Tracker.GetMetric(run.Id, metric));
        }
    }

    private ProcessStartInfo Start(IReadOnlyList<string> words, RunningTrial trial, Run run, string folder, string working, string? metricsFile, long from)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = working };
        foreach (var (name, value) in Variables(trial.Configuration, folder))
        {
            start.Environment[name] = value;
        }

        start.Environment["ROUX_TRIAL"] = trial.Number.ToString(CultureInfo.InvariantCulture);
        start.Environment["ROUX_STUDY"] = Place.RunId;
        start.Environment[RunContext.RunVariable] = run.Id;
        start.Environment[RunContext.StoreVariable] = Place.Tracker.Store;
        start.Environment["MLFLOW_RUN_ID"] = run.Id;
        if (Place.Tracker.Store.StartsWith("http", StringComparison.Ordinal))
        {
            start.Environment["MLFLOW_TRACKING_URI"] = Place.Tracker.Store;
        }

        if (trial.Resource is { } resource)
        {
            start.Environment["ROUX_RESOURCE"] = resource.ToString(CultureInfo.InvariantCulture);
            start.Environment["ROUX_RESUME_FROM"] = from.ToString(CultureInfo.InvariantCulture);
        }

        if (metricsFile is not null)
        {
            start.Environment[MetricsFile.Variable] = metricsFile;
        }

        start.Environment.TryAdd("PYTHONUNBUFFERED", "1");
        foreach (var (name, value) in Places.Variables(trial))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Variables that a program gets wherever it runs: its settings and its folders.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="folder">The folder of the trial.</param>
    public static IEnumerable<KeyValuePair<string, string>> Variables(Configuration configuration, string folder)
    {
        yield return new("ROUX_TRIAL_DIR", folder);
        yield return new("ROUX_CHECKPOINT_DIR", Path.Combine(folder, "checkpoints"));
        foreach (var (name, value) in configuration)
        {
            yield return new("ROUX_PARAM_" + name.ToUpperInvariant(), Configuration.Format(value));
        }
    }

    private static async Task Pump(Stream stream, Action<ReadOnlyMemory<byte>> write)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                write(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program is gone, and what it still held with it.
        }
    }
}

/// <summary>A trial that has no value; the message says why.</summary>
internal sealed class TrialFailedException(string message) : Exception(message);
