using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>Finds the rows of any table that fulfil the conditions of a slice.</summary>
public static class SliceRows
{
    /// <summary>Rows for which all conditions hold, ascending; none where a column is not there.</summary>
    public static int[] In(Table table, WeakSlice slice)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(slice);
        IEnumerable<int> rows = Enumerable.Range(0, table.RowCount);
        foreach (var condition in slice.Conditions)
        {
            if (table.Find(condition.Column) is not { } column)
            {
                return [];
            }

            rows = rows.Where(row => Holds(condition, column, row));
        }

        return [.. rows];
    }

    private static bool Holds(SliceCondition condition, Column column, int row) => condition switch
    {
        RangeCondition range => Number(column, row) is var value && value > range.Above && value <= range.Most,
        WordCondition word => (column.Format(row)?.Contains(word.Word, StringComparison.OrdinalIgnoreCase) ?? false) == word.Holds,
        ValueCondition value => column.Format(row) == value.Value,
        _ => false,
    };

    private static double Number(Column column, int row) => column switch
    {
        NumberColumn numbers => numbers.Values[row],
        DateColumn dates => dates.Ticks[row] == DateColumn.Missing ? double.NaN : dates.Ticks[row],
        _ => double.TryParse(column.Format(row), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN,
    };
}
