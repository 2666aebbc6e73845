using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Debugging.Slices;

/// <summary>Makes columns for the search of slices from those of a table.</summary>
internal static class SliceColumns
{
    private const int MostLevels = 100;
    private const int MostWords = 100;
    private const int ShortestWord = 3;

    /// <param name="table">The rows to search.</param>
    /// <param name="specs">Columns to look at, with their roles; others and the target are passed over.</param>
    /// <param name="fewest">Fewest rows that a condition must hold for, and leave out.</param>
    /// <param name="bins">Bins of a numeric column.</param>
    public static List<SliceColumn> Of(Table table, IReadOnlyList<ColumnSpec> specs, int fewest, int bins)
    {
        var made = new List<SliceColumn>();
        foreach (var spec in specs)
        {
            if (table.Find(spec.Name) is not { } column)
            {
                continue;
            }

            switch (spec.Role)
            {
                case ColumnRole.Numeric or ColumnRole.Date when column is NumberColumn or DateColumn:
                    Add(made, Numbers(column, fewest, bins));
                    break;
                case ColumnRole.Numeric or ColumnRole.Date or ColumnRole.Categorical or ColumnRole.Boolean:
                    Add(made, Levels(column, fewest));
                    break;
                case ColumnRole.Text or ColumnRole.List when column is TextColumn text:
                    made.AddRange(Words(text, fewest, spec.Role == ColumnRole.List ? spec.Separator : null));
                    break;
            }
        }

        return made;
    }

    private static void Add(List<SliceColumn> made, SliceColumn column)
    {
        if (column.Count > 1)
        {
            made.Add(column);
        }
    }

    private static NumberSliceColumn Numbers(Column column, int fewest, int bins)
    {
        var values = column is DateColumn dates ? Array.ConvertAll(dates.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks) : ((NumberColumn)column).Values;
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        var ends = new List<double>();
        var taken = 0;
        for (var bin = 1; bin <= bins && sorted.Length > 0; bin++)
        {
            var at = (int)((long)bin * sorted.Length / bins) - 1;
            if (at < 0 || (ends.Count > 0 && sorted[at] <= ends[^1]))
            {
                continue;
            }

            // All rows of one value are in one bin.
            var next = UpperBound(sorted, sorted[at]);
            if (next - taken >= Math.Min(fewest, sorted.Length) || next == sorted.Length)
            {
                ends.Add(sorted[at]);
                taken = next;
            }
        }

        double[] edges = [.. ends];
        var hasMissing = sorted.Length < values.Length;
        var codes = Array.ConvertAll(values, value => double.IsFinite(value) ? (byte)Math.Min(LowerBound(edges, value), edges.Length - 1) : (byte)edges.Length);
        Func<double, string> format = column is DateColumn
            ? ticks => new DateTime((long)ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : value => value.ToString("G6", CultureInfo.InvariantCulture);
        return new NumberSliceColumn(column.Name, values, codes, edges, hasMissing, format);
    }

    private static LevelSliceColumn Levels(Column column, int fewest)
    {
        var texts = Enumerable.Range(0, column.Length).Select(column.Format).ToArray();
        var counts = texts.CountBy(text => text ?? "\0").Where(pair => pair.Value >= fewest).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostLevels).ToArray();
        var place = counts.Select((pair, i) => (pair.Key, i)).ToDictionary(pair => pair.Key, pair => pair.i, StringComparer.Ordinal);
        var hasRest = counts.Sum(pair => pair.Value) < texts.Length;
        var codes = Array.ConvertAll(texts, text => (byte)(place.TryGetValue(text ?? "\0", out var code) ? code : counts.Length));
        return new LevelSliceColumn(column.Name, codes, [.. counts.Select(pair => pair.Key == "\0" ? null : pair.Key)], hasRest);
    }

    private static IEnumerable<WordSliceColumn> Words(TextColumn column, int fewest, string? separator)
    {
        var ofLevel = Array.ConvertAll(column.Levels, level => WordsOf(level, separator));
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var code in column.Codes.Where(code => code >= 0))
        {
            foreach (var word in ofLevel[code])
            {
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        var chosen = counts.Where(pair => pair.Value >= fewest && pair.Value <= column.Length - fewest)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostWords).Select(pair => pair.Key).ToArray();
        return chosen.Select(word => new WordSliceColumn(column.Name, word, Array.ConvertAll(column.Codes, code => code >= 0 && ofLevel[code].Contains(word) ? (byte)1 : (byte)0), chosen.Length));
    }

    private static HashSet<string> WordsOf(string text, string? separator)
    {
        var parts = separator is null
            ? text.ToLowerInvariant().Split([' ', ',', '.', ';', ':', '!', '?', '"', '(', ')', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= ShortestWord)
            : text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new HashSet<string>(parts, StringComparer.Ordinal);
    }

    /// <summary>First place whose value is not below.</summary>
    private static int LowerBound(double[] sorted, double value)
    {
        var place = Array.BinarySearch(sorted, value);
        return place < 0 ? ~place : place; // ends are distinct
    }

    private static int UpperBound(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] <= value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
