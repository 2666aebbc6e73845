using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Debugging.Checks.Studies;

/// <summary>Many trials fail, perhaps those of certain settings.</summary>
public sealed class FailingTrialsCheck : Check<StudySubject>
{
    private const int LeastFailures = 3;
    private static readonly Threshold Share = new("share", 0.2, "share of the trials that failed", "A fifth of the time of a search is lost with them; single failures of a long search are usual");

    /// <inheritdoc/>
    public override string Name => "failing-trials";

    /// <inheritdoc/>
    public override string Definition => "A fifth or more of the trials of a study fail; the setting that tells them from the others best is named, where a split by it is no chance (Fisher's exact test, p < 0.01 after Bonferroni).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(StudySubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var trials = subject.Trials.Where(trial => !trial.IsLost && trial.State is TrialState.Complete or TrialState.Failed or TrialState.Pruned).ToArray();
        var failed = trials.Where(trial => trial.State == TrialState.Failed).ToArray();
        if (failed.Length < LeastFailures || failed.Length < context.Value(Name, Share) * trials.Length)
        {
            yield break;
        }

        var error = failed.Select(trial => trial.Error ?? "no error was told").GroupBy(text => text, StringComparer.Ordinal).OrderByDescending(group => group.Count()).First();
        var split = FailureSplit.Find(subject.Space, trials);
        yield return new Finding(Name, Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"{failed.Length} of {trials.Length} trials failed{(split is null ? "" : $", {split.Failed} of the {split.Count} with {split.Words}")}: {Short(error.Key)}"))
        {
            Columns = split is null ? [] : [split.Parameter],
            Evidence = new JsonObject
            {
                ["failed"] = failed.Length,
                ["trials"] = trials.Length,
                ["errors"] = new JsonArray([.. failed.GroupBy(trial => trial.Error ?? "", StringComparer.Ordinal).OrderByDescending(group => group.Count()).Take(5).Select(group => new JsonObject { ["error"] = group.Key, ["trials"] = group.Count() })]),
                ["setting"] = split?.Words,
                [EvidencePlot.Key] = Plot(trials).ToJson(),
            },
            Cause = split is null ? "The program fails whatever the settings, or by chance." : $"The program cannot cope with {split.Words}.",
            Fix = split is null ? "Run the program by hand with the settings of a failed trial, and mend what it says." : "Mend the program for these settings, or take them out of the space (or forbid them by a constraint).",
            Verify = "Fewer than a fifth of the trials fail.",
        };
    }

    private static EvidencePlot Plot(Trial[] trials)
    {
        var count = 0;
        double[] share = [.. trials.OrderBy(trial => trial.Number).Select((trial, i) => (count += trial.State == TrialState.Failed ? 1 : 0) / (i + 1.0))];
        return new EvidencePlot(PlotKind.Line, "Failed trials so far", "trials", "share", [new PlotSeries("share", [.. share.Take(2000).Select((_, i) => i + 1.0)], [.. share.Take(2000)])]);
    }

    private static string Short(string text)
    {
        var line = text.Split('\n').Select(part => part.Trim()).LastOrDefault(part => part.Length > 0) ?? "no error was told";
        return line.Length > 160 ? line[..160] + "…" : line;
    }
}
