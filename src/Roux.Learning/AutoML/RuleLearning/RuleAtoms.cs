using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Data.Roles;

namespace Roux.Learning.AutoML;

/// <summary>Finds the conditions that rules can be made of: words in text, items in lists, levels, thresholds at round numbers, missing values.</summary>
internal sealed class RuleAtoms
{
    private const int Cuts = 24;
    private const int ShortestWord = 3;
    private const int MostWords = 3_000;
    private readonly Table table;
    private readonly int support;
    private readonly List<RuleAtom> atoms = [];

    private RuleAtoms(Table table, int support) => (this.table, this.support) = (table, support);

    /// <summary>The conditions that hold on at least, and fail on at least, so many rows.</summary>
    /// <param name="table">Rows to learn from.</param>
    /// <param name="columns">The columns that may be asked for, with their roles.</param>
    /// <param name="support">Rows that a condition must cover, and leave.</param>
    public static IReadOnlyList<RuleAtom> Find(Table table, IReadOnlyList<ColumnSpec> columns, int support)
    {
        var finder = new RuleAtoms(table, support);
        foreach (var spec in columns)
        {
            finder.Add(spec, table[spec.Name]);
        }

        return finder.atoms;
    }

    private void Add(ColumnSpec spec, Column column)
    {
        var name = $"\"{spec.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        switch (column)
        {
            case NumberColumn { Type: ColumnType.Boolean } flag:
                Add(name, spec.Name, row => flag.Values[row] == 1);
                Add($"NOT {name}", spec.Name, row => flag.Values[row] == 0);
                break;
            case NumberColumn numbers:
                Thresholds(name, numbers);
                break;
            case DateColumn dates:
                Dates(name, dates);
                break;
            case TextColumn texts when spec.Role == ColumnRole.List && spec.Separator is { } separator:
                Parts(name, texts, cell => ListFinder.Items(cell, separator).Select(item => item.ToLowerInvariant()).Where(item => !item.AsSpan().ContainsAny('%', '_', '\\')));
                break;
            case TextColumn texts when spec.Role == ColumnRole.Text:
                Parts(name, texts, Words);
                break;
            case TextColumn texts:
                Levels(name, texts);
                break;
        }

        Add($"{name} IS NULL", spec.Name, column.IsMissing);
    }

    private void Add(string sql, string column, Func<int, bool> holds)
    {
        var rows = Cover.Of(table.RowCount, holds);
        if (Cover.Count(rows) is var count && count >= support && table.RowCount - count >= support)
        {
            atoms.Add(new RuleAtom(sql, column, rows));
        }
    }

    private void Levels(string name, TextColumn texts)
    {
        var counts = new int[texts.Levels.Length];
        foreach (var code in texts.Codes.Where(code => code >= 0))
        {
            counts[code]++;
        }

        for (var level = 0; level < counts.Length; level++)
        {
            if (counts[level] >= support)
            {
                var wanted = level;
                Add($"{name} = {Literal(texts.Levels[level])}", texts.Name, row => texts.Codes[row] == wanted);
            }
        }
    }

    /// <summary>Words or items, found as a part of the cell whatever its case, as ILIKE finds them.</summary>
    private void Parts(string name, TextColumn texts, Func<string, IEnumerable<string>> split)
    {
        var lower = Array.ConvertAll(texts.Levels, level => level.ToLowerInvariant());
        var rowsOf = new int[lower.Length];
        foreach (var code in texts.Codes.Where(code => code >= 0))
        {
            rowsOf[code]++;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var level = 0; level < lower.Length; level++)
        {
            foreach (var part in rowsOf[level] == 0 ? [] : split(lower[level]).Distinct(StringComparer.Ordinal))
            {
                counts[part] = counts.GetValueOrDefault(part) + rowsOf[level];
            }
        }

        var frequent = counts.Where(pair => pair.Value >= support).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostWords);
        foreach (var (part, _) in frequent)
        {
            var within = Array.ConvertAll(lower, level => level.Contains(part, StringComparison.Ordinal));
            Add($"{name} ILIKE {Literal($"%{part}%")}", texts.Name, row => texts.Codes[row] >= 0 && within[texts.Codes[row]]);
        }
    }

    private void Thresholds(string name, NumberColumn numbers)
    {
        var sorted = numbers.Values.Where(value => !double.IsNaN(value)).Order().ToArray();
        foreach (var cut in sorted.Length == 0 ? [] : Enumerable.Range(1, Cuts).Select(i => Round(sorted, i)).OfType<double>().Distinct().ToArray())
        {
            var text = cut.ToString("R", CultureInfo.InvariantCulture);
            Add($"{name} <= {text}", numbers.Name, row => numbers.Values[row] <= cut);
            Add($"{name} > {text}", numbers.Name, row => numbers.Values[row] > cut);
        }
    }

    /// <summary>The roundest number near a quantile that parts the values there; <c>null</c> where the values around it are the same.</summary>
    private static double? Round(double[] sorted, int cut)
    {
        var place = (int)((long)sorted.Length * cut / (Cuts + 1));
        var reach = sorted.Length / (4 * (Cuts + 1));
        var (low, high) = (sorted[Math.Max(0, place - reach)], sorted[Math.Min(sorted.Length - 1, place + reach)]);
        if (high <= low)
        {
            // A value that many rows share: cut after it.
            var next = Array.FindIndex(sorted, Math.Min(place, sorted.Length - 1), value => value > low);
            return next < 0 ? null : Roundest(low, sorted[next]);
        }

        return Roundest(low, high);
    }

    /// <summary>The number of fewest digits from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    internal static double Roundest(double low, double high)
    {
        for (var step = Math.Pow(10, Math.Ceiling(Math.Log10(high - low)) + 1); step > (high - low) / 1e6; step /= 10)
        {
            foreach (var part in (ReadOnlySpan<double>)[1, 0.5, 0.2])
            {
                var number = double.Parse((Math.Ceiling(low / (step * part)) * step * part).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                if (number >= low && number < high)
                {
                    return number;
                }
            }
        }

        return low;
    }

    private void Dates(string name, DateColumn dates)
    {
        var sorted = dates.Ticks.Where(ticks => ticks != DateColumn.Missing).Order().ToArray();
        if (sorted.Length == 0)
        {
            return;
        }

        var years = new DateTime(sorted[^1]).Year - new DateTime(sorted[0]).Year >= 5;
        var cuts = Enumerable.Range(1, Cuts).Select(i => new DateTime(sorted[(int)((long)sorted.Length * i / (Cuts + 1))]))
            .Select(date => new DateTime(date.Year, years ? 1 : date.Month, 1, 0, 0, 0, DateTimeKind.Utc)).Distinct();
        foreach (var cut in cuts)
        {
            var text = cut.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Add($"{name} < DATE '{text}'", dates.Name, row => dates.Ticks[row] != DateColumn.Missing && dates.Ticks[row] < cut.Ticks);
            Add($"{name} >= DATE '{text}'", dates.Name, row => dates.Ticks[row] != DateColumn.Missing && dates.Ticks[row] >= cut.Ticks);
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end - start >= ShortestWord)
            {
                yield return text[start..end];
            }

            start = end + 1;
        }
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
