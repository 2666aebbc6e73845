using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Data;

/// <summary>
/// Tells copied rows from rows that are equal by coincidence. Where few coarse columns describe a row, far more pairs agree in all columns
/// but one than in all; a copy agrees in the last column, too. So the share of pairs that agree everywhere among those that agree in all
/// columns but one, at its least over the most diverse columns, is near 1 for copies and small for coincidence (1/2 parts them).
/// </summary>
internal static class Copies
{
    private const int MostColumns = 5;

    /// <summary>That share within one table, from 0 to 1; 0 where no two rows are equal.</summary>
    public static double Share(Table table, ulong[] prints, IEnumerable<ColumnSpec> columns)
    {
        var equal = Pairs(prints);
        return equal == 0 ? 0 : Diverse(table, columns).Select(name => equal / Math.Max(equal, Pairs(RowPrints.Without(prints, table[name])))).DefaultIfEmpty(0).Min();
    }

    /// <summary>That share between two tables.</summary>
    public static double Share(Table train, ulong[] prints, Table test, ulong[] testPrints, IEnumerable<ColumnSpec> columns)
    {
        var equal = Pairs(prints, testPrints);
        return equal == 0 ? 0 : Diverse(train, columns).Select(name =>
            equal / Math.Max(equal, Pairs(RowPrints.Without(prints, train[name]), RowPrints.Without(testPrints, test[name])))).DefaultIfEmpty(0).Min();
    }

    /// <summary>The columns with the most different values in the first rows: those in which coincidence is least likely.</summary>
    private static string[] Diverse(Table table, IEnumerable<ColumnSpec> columns)
    {
        var rows = Math.Min(table.RowCount, 2_000);
        return [.. columns.Select(column => (column.Name, Distinct: Distinct(table[column.Name], rows))).OrderByDescending(pair => pair.Distinct).Take(MostColumns).Select(pair => pair.Name)];
    }

    private static int Distinct(Column column, int rows) => Enumerable.Range(0, rows).Select(row => column switch
    {
        NumberColumn numbers => BitConverter.DoubleToInt64Bits(numbers.Values[row]),
        DateColumn dates => dates.Ticks[row],
        TextColumn texts => texts.Codes[row],
        _ => 0,
    }).Distinct().Count();

    private static double Pairs(ulong[] prints)
    {
        var sorted = (ulong[])prints.Clone();
        Array.Sort(sorted);
        var pairs = 0.0;
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            to = from + 1;
            while (to < sorted.Length && sorted[to] == sorted[from])
            {
                to++;
            }

            pairs += (to - from) * (to - from - 1.0) / 2;
        }

        return pairs;
    }

    private static double Pairs(ulong[] a, ulong[] b)
    {
        var counts = RowPrints.Counts(b);
        return a.Sum(print => (double)counts.GetValueOrDefault(print));
    }
}
