using System.Globalization;
using Roux.Learning.Data;

namespace Roux.Learning.Features.Columns;

/// <summary>The levels of a categorical column as seen in training, the most frequent first, equals in ordinal order.</summary>
internal sealed class LevelIndex
{
    private readonly Dictionary<string, int> exact;
    private Dictionary<string, int>? folded;

    /// <param name="levels">Distinct levels.</param>
    /// <param name="counts">How often each occurred in training.</param>
    public LevelIndex(string[] levels, int[] counts)
    {
        Levels = levels;
        Counts = counts;
        exact = new Dictionary<string, int>(levels.Length, StringComparer.Ordinal);
        for (var i = 0; i < levels.Length; i++)
        {
            exact.TryAdd(levels[i], i);
        }
    }

    /// <summary>The levels, the most frequent first.</summary>
    public string[] Levels { get; }

    /// <summary>Occurrences of each level in training.</summary>
    public int[] Counts { get; }

    /// <summary>Number of levels.</summary>
    public int Count => Levels.Length;

    /// <summary>All levels that occur in a column.</summary>
    public static LevelIndex Fit(TextColumn column)
    {
        var counts = new int[column.Levels.Length];
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                counts[code]++;
            }
        }

        var used = Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0).ToArray();
        Array.Sort(used, (a, b) => counts[a] != counts[b] ? counts[b].CompareTo(counts[a]) : string.CompareOrdinal(column.Levels[a], column.Levels[b]));
        return new LevelIndex(Array.ConvertAll(used, code => column.Levels[code]), Array.ConvertAll(used, code => counts[code]));
    }

    /// <summary>Number of levels that occurred at least so often; they come first.</summary>
    public int CountAtLeast(int occurrences)
    {
        var kept = 0;
        while (kept < Counts.Length && Counts[kept] >= occurrences)
        {
            kept++;
        }

        return kept;
    }

    /// <summary>The first levels only.</summary>
    public LevelIndex First(int count) => new(Levels[..count], Counts[..count]);

    /// <summary>Per row the number of its level here, or -1 when it is not known, or -2 when it is missing.</summary>
    public int[] Find(Column column)
    {
        const int NotLookedUp = int.MinValue;
        var text = ColumnConversion.ToText(column);
        var converted = column is not TextColumn;
        var known = new int[text.Levels.Length];
        Array.Fill(known, NotLookedUp);
        var found = new int[text.Codes.Length];
        for (var row = 0; row < found.Length; row++)
        {
            var code = text.Codes[row];
            if (code >= 0 && known[code] == NotLookedUp)
            {
                known[code] = Find(text.Levels[code], converted);
            }

            found[row] = code < 0 ? Missing : known[code];
        }

        return found;
    }

    /// <summary>Stands for a missing value in <see cref="Find(Column)"/>.</summary>
    public const int Missing = -2;

    private int Find(string level, bool converted)
    {
        if (exact.TryGetValue(level, out var index))
        {
            return index;
        }

        if (!converted)
        {
            // A column of text may have been fitted as numbers: "3.0" and "3" are one level then.
            return double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && exact.TryGetValue(number.ToString("R", CultureInfo.InvariantCulture), out index) ? index : -1;
        }

        // A column of truth values or numbers may have been fitted as text: "TRUE" and true, "03" and 3 are one level then.
        folded ??= Fold();
        return folded.TryGetValue(Fold(level), out index) ? index : -1;
    }

    private Dictionary<string, int> Fold()
    {
        var result = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Levels.Length; i++)
        {
            result.TryAdd(Fold(Levels[i]), i);
        }

        return result;
    }

    private static string Fold(string level) =>
        double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture) : level.Trim().ToUpperInvariant();
}
