using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Pipelines;

/// <summary>Whether a learner gets numbers that it cannot take.</summary>
public sealed class InputNotFinite : Check<InputSubject>
{
    /// <inheritdoc/>
    public override string Name => "input-not-finite";

    /// <inheritdoc/>
    public override string Definition => "Infinite values among the features, or missing ones (NaN) for a learner that has no place for them.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["input-scale", "input-constant", "invalid-predictions"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(InputSubject subject, CheckContext context)
    {
        var statistics = InputStatistics.Of(subject.X);
        int[] infinite = [.. Enumerable.Range(0, subject.X.Columns).Where(j => statistics.Infinite[j] > 0)];
        int[] missing = subject.Needs.TakesMissing ? [] : [.. Enumerable.Range(0, subject.X.Columns).Where(j => statistics.Missing[j] > 0)];
        if (infinite.Length > 0)
        {
            yield return Found(subject, "infinite", infinite, statistics.Infinite, "A division by zero, a logarithm of zero, or a number too large for float32 (above 3.4e38).", "Guard the division or logarithm, clip, or take the logarithm of such quantities before.");
        }

        if (missing.Length > 0)
        {
            yield return Found(subject, "missing (NaN)", missing, statistics.Missing, "Values are missing and were not filled in, a statistic of a column without values was used, or a join found no partner.", "Impute (with an indicator), or take a learner that understands missing values.");
        }
    }

    private Finding Found(InputSubject subject, string what, int[] columns, int[] counts, string cause, string fix)
    {
        var worst = columns.MaxBy(j => counts[j]);
        return new Finding(Name, Severity.High, $"{columns.Length:N0} of {subject.X.Columns:N0} features hold {what} values, such as '{subject.X.Features[worst].Name}' in {counts[worst]:N0} of {subject.X.Rows:N0} rows.")
        {
            Columns = [.. columns.Select(j => subject.X.Features[j].Source).Distinct().Take(20)],
            Evidence = new JsonObject { ["features"] = columns.Length, ["most_rows"] = counts[worst], ["rows"] = subject.X.Rows, ["example"] = subject.X.Features[worst].Name },
            Cause = cause,
            Fix = fix,
            Verify = "Every value that the learner receives is finite.",
        };
    }
}
