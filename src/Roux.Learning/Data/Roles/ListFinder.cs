using System.Runtime.InteropServices;

namespace Roux.Learning.Data.Roles;

/// <summary>Finds the separator of columns that hold several levels in one cell.</summary>
internal static class ListFinder
{
    private static readonly string[] Separators = ["|", ";", ","];

    /// <summary>
    /// The separator whose splitting turns cells into repeated items, or <c>null</c>. Items must be short; cells must differ in their
    /// number of items (<c>City, State</c> is no list); items must come back more often than cells do. The bar and the semicolon
    /// hardly occur in prose, so less is asked of them than of the comma.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="lenient">The user says that it is a list: the first separator that occurs will do.</param>
    public static string? Find(TextColumn column, bool lenient = false) => Find(column, LevelStatistics.Of(column), lenient);

    public static string? Find(TextColumn column, LevelStatistics statistics, bool lenient = false)
    {
        foreach (var separator in Separators)
        {
            if (Suits(column, statistics, separator, lenient))
            {
                return separator;
            }
        }

        return null;
    }

    /// <summary>The items of a cell: trimmed, without empty ones.</summary>
    public static IEnumerable<string> Items(string cell, string separator) =>
        cell.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool Suits(TextColumn column, LevelStatistics statistics, string separator, bool lenient)
    {
        // Occurrences per item, weighted by level, not by row: a level that many rows repeat must not make its items look shared.
        var items = new Dictionary<string, int>(StringComparer.Ordinal);
        int cells = 0, split = 0, occurrences = 0, words = 0, longest = 0;
        var sizes = new HashSet<int>();
        foreach (var level in statistics.Examined(column.Levels))
        {
            cells++;
            var cell = column.Levels[level];
            var size = 0;
            foreach (var item in Items(cell, separator))
            {
                size++;
                occurrences++;
                words += 1 + item.AsSpan().Count(' ');
                longest = Math.Max(longest, item.Length);
                CollectionsMarshal.GetValueRefOrAddDefault(items, item, out _)++;
            }

            split += size > 1 ? 1 : 0;
            sizes.Add(size);
        }

        if (split == 0 || occurrences == 0)
        {
            return false;
        }

        if (lenient)
        {
            return true;
        }

        var share = (double)split / cells;
        var repeats = (double)occurrences / items.Count;
        var repeated = items.Values.Where(count => count > 1).Sum() / (double)occurrences;
        var shortItems = (double)words / occurrences <= 4 && longest <= 80;
        if (!shortItems || sizes.Count(size => size > 0) < 2)
        {
            return false;
        }

        return separator == ","
            ? share >= 0.2 && split >= 5 && repeats >= 3 && repeated >= 0.8 && items.Count <= cells && IsReordered(column, statistics, separator, items)
            : share >= 0.1 && split >= 3 && (repeats >= 1.5 || repeated >= 0.4);
    }

    /// <summary>Whether items that come back do so in different places, as those of a list do and the parts of an address do not.</summary>
    private static bool IsReordered(TextColumn column, LevelStatistics statistics, string separator, Dictionary<string, int> items)
    {
        var first = new HashSet<string>(StringComparer.Ordinal);
        var later = new HashSet<string>(StringComparer.Ordinal);
        foreach (var level in statistics.Examined(column.Levels))
        {
            var place = 0;
            foreach (var item in Items(column.Levels[level], separator))
            {
                (place++ == 0 ? first : later).Add(item);
            }
        }

        var common = items.Where(pair => pair.Value > 2).Select(pair => pair.Key).ToArray();
        return common.Length > 0 && common.Count(item => first.Contains(item) && later.Contains(item)) * 3 >= common.Length;
    }
}
