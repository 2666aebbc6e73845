using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Studies;

/// <summary>Whatever the settings, the value is the same.</summary>
public sealed class SameValueCheck : Check<StudySubject>
{
    private static readonly Threshold Trials = new("trials", 5, "trials with a value and different settings", "Five equal values of a metric that moves at all are no chance");

    /// <inheritdoc/>
    public override string Name => "same-value";

    /// <inheritdoc/>
    public override string Definition => "All trials of a study, with different settings, come to the same value to the last digit: the settings do not reach the program, or the value is not what it is taken for.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Trials];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["edge-of-space"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(StudySubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var complete = subject.Complete;
        if (complete.Select(trial => trial.Configuration).Distinct().Count() < context.Value(Name, Trials) || complete.Any(trial => trial.Value != complete[0].Value))
        {
            yield break;
        }

        var value = complete[0].Value;
        yield return new Finding(Name, Severity.Medium, string.Create(CultureInfo.InvariantCulture, $"All {complete.Count} trials come to the same {subject.Metric}, {value:G6}, whatever their settings"))
        {
            Evidence = new JsonObject { ["value"] = value, ["trials"] = complete.Count },
            Cause = value is 0 or 1 ? "The task is solved (or failed) by every setting, or the settings do not reach the program." : "The settings do not reach the program (other names, defaults that win), or the metric is read from something that does not change.",
            Fix = "Print the settings within the program, and change one by hand; check which metric is read.",
            Verify = "Two trials with very different settings come to different values.",
        };
    }
}
