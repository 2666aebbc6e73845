using System.Globalization;
using Roux.Tracking;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>What came out of two runs: how they ended, their metrics, and where there are none, what they printed.</summary>
/// <param name="Differences">Where they differ.</param>
/// <param name="Metrics">Metrics side by side.</param>
/// <param name="Compared">What was compared, in words.</param>
internal sealed record ResultComparison(IReadOnlyList<Difference> Differences, IReadOnlyList<MetricCheck> Metrics, string Compared)
{
    /// <summary>Files that the program logged and that differ, where metrics were compared: a model file may hold the time.</summary>
    public IReadOnlyList<Difference> Remarks { get; init; } = [];

    private const int MostDifferences = 50;
    private const long LongestOutput = 64 << 20;

    /// <summary>Compares.</summary>
    /// <param name="tracker">The store of both.</param>
    /// <param name="first">The first run.</param>
    /// <param name="again">Its repetition.</param>
    /// <param name="tolerances">How far metrics may be apart.</param>
    /// <param name="tree">Where the repetition ran, which its output may name.</param>
    /// <param name="recipe">What the first run recorded.</param>
    public static ResultComparison Of(Tracker tracker, RunRecord first, RunRecord again, Tolerances tolerances, string tree, RunRecipe recipe)
    {
        var differences = new List<Difference>();
        if (Ending(first) != Ending(again))
        {
            differences.Add(new Difference(DifferenceKind.Output, "the program ended otherwise", Ending(first), $"{Ending(again)}{(again.Error is { } error ? ": " + LastLine(error) : "")}", "see what it printed: roux show " + again.Id[..8]));
        }

        var parts = !recipe.HasTimeBudget;
        var metrics = RunMetrics.Read(tracker, first, parts).Compare(RunMetrics.Read(tracker, again, parts), tolerances);
        var compared = metrics.Count(m => m.IsCompared);
        foreach (var metric in metrics.Where(m => !m.Equal).Take(MostDifferences))
        {
            differences.Add(new Difference(
                DifferenceKind.Metric, metric.Metric + (metric.Note.Length > 0 ? $" ({metric.Note})" : ""), Text(metric.First), Text(metric.Again), $"allow more with --tolerance {metric.Metric}=…, if that is meant"));
        }

        // A model that Roux itself writes names its run.
        var files = recipe.IsRoux ? [] : ArtifactComparison.Of(tracker, first, again).Take(MostDifferences).ToList();
        if (compared > 0)
        {
            return new ResultComparison(differences, metrics, Words($"{compared} metric{(compared == 1 ? "" : "s")}")) { Remarks = files };
        }

        differences.AddRange(files);

        var root = recipe.Root ?? recipe.WorkingDirectory;
        var (before, after) = (Output(tracker, first, root), Output(tracker, again, root));
        if (before is null || after is null)
        {
            return new ResultComparison(differences, metrics, "only how it ended, for it logged no metrics and printed too much or nothing");
        }

        var at = Enumerable.Range(0, Math.Max(before.Length, after.Length)).FirstOrDefault(i => i >= before.Length || i >= after.Length || before[i] != after[i], -1);
        if (at >= 0)
        {
            differences.Add(new Difference(
                DifferenceKind.Output, Words($"line {at + 1} of what it printed"), at < before.Length ? before[at] : "(ends)", at < after.Length ? after[at] : "(ends)",
                "log metrics instead (ROUX_METRICS_FILE, docs/reproduce.md), where output holds times or paths"));
        }

        return new ResultComparison(differences, metrics, Words($"{before.Length} lines of output, for it logged no metrics"));

        string[]? Output(Tracker store, RunRecord run, string to)
        {
            if (!store.ListArtifacts(run.Id).Any(a => a.Path == "output.log") || new FileInfo(store.ArtifactFile(run.Id, "output.log")) is not { Length: <= LongestOutput } file)
            {
                return null;
            }

            // Every repetition has a temporary folder of its own: told by where its tree lay.
            var own = run.Tags.GetValueOrDefault("roux.working_directory") is { } folder && run.Tags.ContainsKey(RunMetrics.ReproducesTag) ? Tree(folder, recipe) : tree;
            return [.. File.ReadLines(file.FullName).Select(l => CommandRestore.MovePath(l, own, to))];
        }
    }

    private static string Tree(string workingDirectory, RunRecipe recipe)
    {
        var below = recipe.Root is null ? "." : Path.GetRelativePath(recipe.Root, recipe.WorkingDirectory);
        return Path.GetFullPath(Path.Combine(workingDirectory, Path.GetRelativePath("/x/" + below, "/x")));
    }

    private static string Ending(RunRecord run) => run.Status switch
    {
        RunStatus.Finished => "finished",
        RunStatus.Failed => $"failed, exit code {run.Tags.GetValueOrDefault("roux.exit_code") ?? "unknown"}",
        RunStatus.Killed => "killed",
        _ => "running",
    };

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";

    private static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
