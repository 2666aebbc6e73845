using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Values so far out that no long tail reaches them: wrong units, shifted decimal points.</summary>
public sealed class OutliersCheck : Check<TableSubject>
{
    private static readonly Threshold Reach = new("reach", 6, "distance from the quartiles in interquartile ranges, after a transform under which long tails become short", "Twice the three ranges of Tukey's far out (1977)");

    private static readonly Threshold Gap = new("gap", 2, "distance from the nearest value of the rest, in the same unit", "A tail thins out; a mistake leaves a gap");

    private static readonly Threshold Share = new("share", 0.001, "share of the rows from which on the severity is medium", "One row in a thousand at many times the scale outweighs the rest in a mean or a slope");

    /// <inheritdoc/>
    public override string Name => "outliers";

    /// <inheritdoc/>
    public override string Definition => "Values lie far outside the quartiles and apart from the rest even on a logarithmic scale (inverse hyperbolic sine about the median).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Reach, Gap, Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["extreme-values"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var spec in subject.Columns.Where(spec => spec.Role is ColumnRole.Numeric or ColumnRole.Target))
        {
            if (subject.Train[spec.Name] is not NumberColumn { Type: not ColumnType.Boolean } column || Look(column.Values, context) is not { } found)
            {
                continue;
            }

            var share = (double)found.Rows / column.Length;
            yield return new Finding(Name, share >= context.Value(Name, Share) && found.Rows >= 2 ? Severity.Medium : Severity.Low,
                $"{Wording.Count(found.Rows, "value")} of '{spec.Name}' ({Wording.Percent(share)}) {(found.Rows == 1 ? "lies" : "lie")} far from all others: as far as {Wording.Number(found.Farthest)}, where the rest ends at {Wording.Number(found.Border)}")
            {
                Columns = [spec.Name],
                Evidence = Figures.Of(("rows", found.Rows), ("share", share), ("farthest", found.Farthest), ("border", found.Border), ("ratio", found.Farthest / found.Border))
                    .WithPoints($"'{spec.Name}', sorted", "row", "value", [.. Enumerable.Range(0, found.Sorted.Length).Select(i => (double)i)], found.Sorted),
                Cause = "An error of entry, a shifted decimal point, another unit (grams for kilograms), or a code for 'unknown'.",
                Fix = "Look at these rows at their source; correct the values, or make them missing.",
                Verify = "Look at the least and greatest values again.",
            };
        }
    }

    private (int Rows, double Farthest, double Border, double[] Sorted)? Look(double[] values, CheckContext context)
    {
        var known = values.Where(double.IsFinite).ToArray();
        if (known.Length < 30)
        {
            return null;
        }

        Array.Sort(known);
        double median = known[known.Length / 2], range = known[known.Length * 3 / 4] - known[known.Length / 4];
        if (!(range > 0))
        {
            return null;
        }

        double Bend(double value) => Math.Asinh((value - median) / range);
        double lower = Bend(known[known.Length / 4]), upper = Bend(known[known.Length * 3 / 4]), unit = upper - lower;
        var reach = context.Value(Name, Reach) * unit;
        var gap = context.Value(Name, Gap) * unit;
        var high = Beyond(known, value => Bend(value) - upper, reach, gap);
        var low = Beyond([.. known.Reverse()], value => lower - Bend(value), reach, gap);
        var (rows, border, farthest) = high.Rows >= low.Rows ? (high.Rows, high.Border, known[^1]) : (low.Rows, low.Border, known[0]);
        return rows == 0 || rows > known.Length / 20 ? null : (high.Rows + low.Rows, farthest, border, known);
    }

    /// <summary>Values past the last gap, towards the end of an order.</summary>
    private static (int Rows, double Border) Beyond(double[] sorted, Func<double, double> distance, double reach, double gap)
    {
        for (var i = sorted.Length - 1; i > sorted.Length * 0.95; i--)
        {
            if (distance(sorted[i]) < reach)
            {
                break;
            }

            if (distance(sorted[i]) - distance(sorted[i - 1]) >= gap)
            {
                return (sorted.Length - i, sorted[i - 1]);
            }
        }

        return (0, 0);
    }
}
