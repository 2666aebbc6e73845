using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>
/// Finds groups of rows, described by up to three conditions on columns, on which a model does worse than its own sureness lets one
/// expect (or, if so asked, worse than on the rest). Deterministic. 16,000 rows of 14 columns take about a second.
/// </summary>
public static class SliceFinder
{
    private const int MostRows = 100_000;

    /// <summary>Finds weak slices, the worst first. They share no rows; a later one holds beside the earlier.</summary>
    /// <param name="table">The rows; of more than 100,000 as many in even steps are searched.</param>
    /// <param name="columns">Columns to describe slices by, with their roles.</param>
    /// <param name="y">The known answers.</param>
    /// <param name="p">Predictions for the same rows, from a model that was not fitted on them.</param>
    /// <param name="options">How to search; <c>null</c> for the defaults.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">Rows do not match, or an option is out of range.</exception>
    public static IReadOnlyList<WeakSlice> Find(Table table, IReadOnlyList<ColumnSpec> columns, Target y, Predictions p, SliceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new SliceOptions();
        if (table.RowCount != y.Count || y.Count != p.Rows)
        {
            throw new ArgumentException($"{table.RowCount} rows, {y.Count} answers and {p.Rows} predictions do not match");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.MostConditions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MostConditions, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Bins, 64);
        if (table.RowCount <= MostRows)
        {
            return Search(table, columns, y, p, options, cancellation);
        }

        int[] sample = [.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * table.RowCount / MostRows))];
        return [.. Search(table.Take(sample), columns, y.Take(sample), p.Take(sample), options, cancellation).Select(slice => slice with { Rows = Array.ConvertAll(slice.Rows, row => sample[row]) })];
    }

    private static List<WeakSlice> Search(Table table, IReadOnlyList<ColumnSpec> specs, Target y, Predictions p, SliceOptions options, CancellationToken cancellation)
    {
        var found = new List<WeakSlice>();
        var fewest = options.FewestRows ?? Math.Max(20, table.RowCount / 200);
        if (table.RowCount < 2 * fewest)
        {
            return found;
        }

        var losses = RowLosses.Of(y, p, options.AgainstConfidence);
        var score = new SliceScore(losses, options.EffectSize);
        var columns = SliceColumns.Of(table, specs, fewest, options.Bins);
        var search = new SliceSearch(columns, score, fewest, options, cancellation);
        var refinement = new SliceRefinement(columns, score, search, fewest);
        int[] left = [.. Enumerable.Range(0, table.RowCount)];
        while (found.Count < options.MostSlices && left.Length >= 2 * fewest && search.Best(left) is { } best)
        {
            var (conditions, rows, value) = refinement.Of(best, left);
            if (value < -Math.Log(options.Alpha))
            {
                break;
            }

            found.Add(Describe(conditions, rows, value, losses, score));
            var taken = rows.ToHashSet();
            left = Array.FindAll(left, row => !taken.Contains(row));
        }

        return found;
    }

    private static WeakSlice Describe(List<SliceCondition> conditions, int[] rows, double value, RowLosses losses, SliceScore score)
    {
        var inside = rows.ToHashSet();
        var rest = Enumerable.Range(0, losses.Loss.Length).Where(row => !inside.Contains(row)).ToArray();
        return new WeakSlice
        {
            Conditions = conditions,
            Rows = rows,
            Loss = rows.Average(row => losses.Loss[row]),
            ExpectedLoss = rows.Average(row => losses.Expected[row]),
            RestLoss = rest.Select(row => losses.Loss[row]).DefaultIfEmpty(double.NaN).Average(),
            EffectSize = score.Effect(rows.Sum(row => score.First[row]), rows.Sum(row => score.Second[row]), rows.Length, score.First.Sum(), score.First.Length),
            PValue = Math.Min(1, Math.Exp(-value)),
            Score = value,
        };
    }
}
