using System.Runtime.InteropServices;
using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Data;

/// <summary>
/// Fingerprints of rows: sums of one 64-bit hash a cell, so that a column can be taken out of a fingerprint again. Rows of different tables
/// have the same fingerprint when their cells read the same.
/// </summary>
internal static class RowPrints
{
    private const ulong Missing = 0x9E3779B97F4A7C15;

    /// <summary>The fingerprint of each row over the named columns.</summary>
    public static ulong[] Of(Table table, IEnumerable<string> columns)
    {
        var prints = new ulong[table.RowCount];
        foreach (var name in columns)
        {
            Add(prints, table[name]);
        }

        return prints;
    }

    /// <summary>The same fingerprints without one column.</summary>
    public static ulong[] Without(ulong[] prints, Column column)
    {
        var cells = new ulong[prints.Length];
        Add(cells, column);
        for (var row = 0; row < cells.Length; row++)
        {
            cells[row] = prints[row] - cells[row];
        }

        return cells;
    }

    /// <summary>Rows by fingerprint.</summary>
    public static Dictionary<ulong, int> Counts(ulong[] prints)
    {
        var counts = new Dictionary<ulong, int>(prints.Length);
        foreach (var print in prints)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, print, out _)++;
        }

        return counts;
    }

    /// <summary>A hash of a text: FNV-1a over its UTF-16 code units, mixed.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return Mix(hash);
    }

    /// <summary>The finisher of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private static void Add(ulong[] prints, Column column)
    {
        var salt = Hash(column.Name);
        switch (column)
        {
            case NumberColumn numbers:
                for (var row = 0; row < prints.Length; row++)
                {
                    var value = numbers.Values[row];
                    prints[row] += Mix(salt ^ (double.IsNaN(value) ? Missing : BitConverter.DoubleToUInt64Bits(value + 0.0)));
                }

                break;
            case DateColumn dates:
                for (var row = 0; row < prints.Length; row++)
                {
                    prints[row] += Mix(salt ^ (ulong)dates.Ticks[row]);
                }

                break;
            case TextColumn texts:
                var levels = Array.ConvertAll(texts.Levels, level => Mix(salt ^ Hash(level)));
                var none = Mix(salt ^ Missing);
                for (var row = 0; row < prints.Length; row++)
                {
                    prints[row] += texts.Codes[row] < 0 ? none : levels[texts.Codes[row]];
                }

                break;
        }
    }
}
