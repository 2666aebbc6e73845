using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Explanations;

/// <summary>Values of a column to vary it over; each is that of a row, so that none is made up.</summary>
/// <param name="Ordered">Whether the values have an order.</param>
/// <param name="Rows">A row that has each value.</param>
/// <param name="Values">The values as numbers.</param>
/// <param name="Labels">The values as text.</param>
/// <param name="Support">Share of the rows at or nearest to each value.</param>
internal sealed record DependenceGrid(bool Ordered, int[] Rows, double[] Values, string[] Labels, double[] Support)
{
    private static readonly long Epoch = DateTime.UnixEpoch.Ticks;

    /// <summary>Quantiles of numbers and dates, the most frequent levels of all else; <c>null</c> where there are fewer than two values.</summary>
    public static DependenceGrid? Of(Column column, ColumnSpec spec, int size)
    {
        var present = Enumerable.Range(0, column.Length).Where(row => !column.IsMissing(row)).ToArray();
        var numbers = column switch
        {
            NumberColumn number when spec.Role is not ColumnRole.Categorical => number.Values,
            DateColumn date => Array.ConvertAll(date.Ticks, ticks => (ticks - Epoch) / (double)TimeSpan.TicksPerDay),
            _ => null,
        };
        var grid = numbers is null ? Levels(column, present, size) : Quantiles(column, numbers, present, size);
        return grid.Values.Length < 2 ? null : grid;
    }

    private static DependenceGrid Quantiles(Column column, double[] numbers, int[] present, int size)
    {
        var rows = present.Where(row => double.IsFinite(numbers[row])).ToArray();
        Array.Sort(Array.ConvertAll(rows, row => numbers[row]), rows);
        int[] distinct = [.. rows.DistinctBy(row => numbers[row])];
        if (distinct.Length > size)
        {
            // From the first to the last hundredth: the few values beyond would stretch the axis and say little.
            distinct = [.. Enumerable.Range(0, size).Select(i => rows[(int)Math.Round((0.01 + 0.98 * i / (size - 1)) * (rows.Length - 1))]).DistinctBy(row => numbers[row])];
        }

        double[] values = [.. distinct.Select(row => numbers[row])];
        var support = new double[values.Length];
        foreach (var row in rows)
        {
            var at = Array.BinarySearch(values, numbers[row]);
            at = at >= 0 ? at : Math.Clamp(~at, 1, Math.Max(1, values.Length - 1)) is var next && values.Length > 1 && numbers[row] - values[next - 1] < values[next] - numbers[row] ? next - 1 : Math.Min(next, values.Length - 1);
            support[at] += 1.0 / rows.Length;
        }

        return new DependenceGrid(true, distinct, values, [.. distinct.Select(row => Label(column, row))], support);
    }

    private static DependenceGrid Levels(Column column, int[] present, int size)
    {
        var levels = present.GroupBy(row => column.Format(row)!, StringComparer.Ordinal)
            .Select(group => (Label: group.Key, Row: group.First(), Count: group.Count()))
            .OrderByDescending(level => level.Count).ThenBy(level => level.Label, StringComparer.Ordinal).Take(size).ToArray();
        return new DependenceGrid(
            false, [.. levels.Select(level => level.Row)], [.. levels.Select((_, i) => (double)i)], [.. levels.Select(level => level.Label)],
            [.. levels.Select(level => level.Count / (double)Math.Max(1, present.Length))]);
    }

    private static string Label(Column column, int row) => column is NumberColumn { Type: ColumnType.Real } number
        ? number.Values[row].ToString("G5", CultureInfo.InvariantCulture)
        : column.Format(row)!;
}
