using Roux.Learning.Data;

namespace Roux.Learning.Explanations;

/// <summary>
/// How far apart two rows are: the mean over columns of a distance in [0, 1] (Gower, "A general coefficient of similarity", 1971). Numbers and dates differ by their gap over the width of the
/// middle 90 % of the values, at most 1; levels by 0 or 1; texts by the share of words that they do not have in common (Jaccard 1912).
/// </summary>
internal sealed class RowDistance
{
    private readonly Table table;
    private readonly double[] widths;
    private readonly ColumnSpec[] specs;

    /// <param name="table">All rows that may be compared.</param>
    /// <param name="specs">One per column of the table.</param>
    public RowDistance(Table table, IReadOnlyList<ColumnSpec> specs)
    {
        this.table = table;
        this.specs = [.. table.Columns.Select(column => specs.First(spec => spec.Name == column.Name))];
        widths = [.. table.Columns.Select(Width)];
    }

    /// <summary>Mean distance over all columns.</summary>
    public double Between(int a, int b)
    {
        var sum = 0.0;
        for (var column = 0; column < widths.Length; column++)
        {
            sum += Between(column, a, b);
        }

        return sum / Math.Max(1, widths.Length);
    }

    /// <summary>Distance in one column, 0 to 1.</summary>
    public double Between(int column, int a, int b)
    {
        var values = table.Columns[column];
        var (missingA, missingB) = (values.IsMissing(a), values.IsMissing(b));
        if (missingA || missingB)
        {
            return missingA == missingB ? 0 : 1;
        }

        return values switch
        {
            NumberColumn number when specs[column].Role != ColumnRole.Categorical => Gap(number.Values[a] - number.Values[b], widths[column]),
            DateColumn date => Gap(date.Ticks[a] - (double)date.Ticks[b], widths[column]),
            TextColumn text when specs[column].Role is ColumnRole.Text or ColumnRole.List => text.Codes[a] == text.Codes[b] ? 0 : Words(text.Levels[text.Codes[a]], text.Levels[text.Codes[b]]),
            _ => values.Format(a) == values.Format(b) ? 0 : 1,
        };
    }

    private static double Gap(double gap, double width) => gap == 0 ? 0 : Math.Min(1, Math.Abs(gap) / width);

    private static double Words(string a, string b)
    {
        var (left, right) = (Set(a), Set(b));
        var both = left.Count(right.Contains);
        var either = left.Count + right.Count - both;
        return either == 0 ? 0 : 1 - both / (double)either;

        static HashSet<string> Set(string text) => new(text.Split([' ', ',', '.', ';', '|', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
    }

    private double Width(Column column)
    {
        double[] sorted = column switch
        {
            NumberColumn number => [.. number.Values.Where(double.IsFinite).Order()],
            DateColumn date => [.. date.Ticks.Where(ticks => ticks != DateColumn.Missing).Select(ticks => (double)ticks).Order()],
            _ => [],
        };
        if (sorted.Length == 0)
        {
            return 1;
        }

        var middle = sorted[(int)(0.95 * (sorted.Length - 1))] - sorted[(int)(0.05 * (sorted.Length - 1))];
        return middle > 0 ? middle : Math.Max(sorted[^1] - sorted[0], double.Epsilon);
    }
}
