using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Columns with one value nearly throughout.</summary>
public sealed class NearConstantCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.995, "share of the known values that are the same", "Stricter than the 95:5 of caret's nearZeroVar (Kuhn 2008), which speaks of many useful columns");

    /// <inheritdoc/>
    public override string Name => "near-constant";

    /// <inheritdoc/>
    public override string Definition => "One value makes up nearly all of a column that is not constant.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var found = subject.Profile.Columns
            .Where(column => column.Role is not (ColumnRole.Constant or ColumnRole.Ignore or ColumnRole.Target or ColumnRole.Id) && column.Distinct > 1 && column.Top.Count > 0)
            .Select(column => (column.Name, Share: column.Top[0].Count / (double)Math.Max(1, column.Top[0].Count + Others(column, subject.Profile)), column.Top[0].Value))
            .Where(column => column.Share >= context.Value(Name, Share)).OrderByDescending(column => column.Share).ToArray();
        if (found.Length == 0)
        {
            yield break;
        }

        yield return new Finding(Name, Severity.Low, $"Hardly vary: {Wording.List([.. found.Select(column => $"'{column.Name}' ('{Wording.Short(column.Value, 20)}' in {Wording.Percent(column.Share)})")])}")
        {
            Columns = [.. found.Select(column => column.Name)],
            Evidence = Figures.Of([.. found.Take(20).Select(column => (column.Name, column.Share))]).WithBars("Share of the most frequent value", "share", found.Select(column => (column.Name, column.Share)), context.Value(Name, Share)),
            Cause = "The column is a default that is rarely changed, or a rare event.",
            Fix = "Keep it if the rare values tell much; else drop it: a split may leave a side without any.",
            Verify = "Score with and without these columns.",
        };
    }

    /// <summary>Known values that are not the most frequent one; tops of numbers are of the sampled rows.</summary>
    private static double Others(ColumnProfile column, DataProfile profile)
    {
        var known = (double)profile.Rows - column.Missing;
        return (column.Text is null ? known * profile.SampledRows / profile.Rows : known) - column.Top[0].Count;
    }
}
