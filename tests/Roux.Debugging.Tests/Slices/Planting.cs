using Roux.Learning.Data;

namespace Roux.Debugging.Tests.Slices;

/// <summary>A random conjunction of two conditions, for rows to be spoiled in.</summary>
/// <param name="Text">In words.</param>
/// <param name="Columns">The two columns.</param>
/// <param name="Holds">Whether it holds for a row.</param>
internal sealed record Planting(string Text, string[] Columns, Func<Table, int, bool> Holds)
{
    /// <summary>Draws conditions until their rows make up a share of the table between the bounds.</summary>
    public static Planting Draw(Table table, string target, Random random, double least = 0.01, double most = 0.15)
    {
        while (true)
        {
            string[] columns = [.. table.Columns.Select(column => column.Name).Where(name => name != target)];
            random.Shuffle(columns);
            var (a, b) = (Condition(table[columns[0]], random), Condition(table[columns[1]], random));
            bool Both(Table rows, int row) => a.Holds(rows, row) && b.Holds(rows, row);
            var share = Enumerable.Range(0, table.RowCount).Count(row => Both(table, row)) / (double)table.RowCount;
            if (share >= least && share <= most)
            {
                return new Planting($"{a.Text} and {b.Text}", [columns[0], columns[1]], Both);
            }
        }
    }

    /// <summary>Rows of a table for which it holds.</summary>
    public int[] Rows(Table table) => [.. Enumerable.Range(0, table.RowCount).Where(row => Holds(table, row))];

    private static (string Text, Func<Table, int, bool> Holds) Condition(Column column, Random random)
    {
        var row = random.Next(column.Length);
        while (column.IsMissing(row))
        {
            row = random.Next(column.Length);
        }

        if (column is NumberColumn numbers)
        {
            var (value, above) = (numbers.Values[row], random.Next(2) == 0);
            return ($"{column.Name} {(above ? ">" : "<=")} {value}", (table, at) => ((NumberColumn)table[column.Name]).Values[at] is var own && (above ? own > value : own <= value));
        }

        var level = column.Format(row);
        return ($"{column.Name} = {level}", (table, at) => table[column.Name].Format(at) == level);
    }
}
