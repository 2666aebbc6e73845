using System.Buffers;

namespace Roux.Learning.Data.Roles;

/// <summary>Figures of a text column from which its role is told.</summary>
internal sealed class LevelStatistics
{
    private const int MostExamined = 20_000;

    private static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdefABCDEF-{}");

    private LevelStatistics(int[] counts) => Counts = counts;

    /// <summary>Rows per level.</summary>
    public int[] Counts { get; }

    /// <summary>Rows that are not missing.</summary>
    public int Rows { get; private set; }

    /// <summary>Levels that occur.</summary>
    public int Distinct { get; private set; }

    /// <summary>Distinct levels per row that is not missing, in (0, 1].</summary>
    public double Distinctness => Rows == 0 ? 0 : (double)Distinct / Rows;

    /// <summary>Mean number of words of a level.</summary>
    public double Words { get; private set; }

    /// <summary>Mean number of characters of a level.</summary>
    public double Length { get; private set; }

    /// <summary>Share of levels that look like codes: one word with a digit in it, or a long hexadecimal number.</summary>
    public double Codes { get; private set; }

    /// <summary>Levels to look at closely: all, or an even sample of a great many.</summary>
    public IEnumerable<int> Examined(string[] levels)
    {
        var step = Math.Max(1, Distinct / MostExamined);
        var seen = 0;
        for (var level = 0; level < levels.Length; level++)
        {
            if (Counts[level] > 0 && seen++ % step == 0)
            {
                yield return level;
            }
        }
    }

    public static LevelStatistics Of(TextColumn column)
    {
        var statistics = new LevelStatistics(new int[column.Levels.Length]);
        foreach (var code in column.Codes)
        {
            if (code >= 0)
            {
                statistics.Distinct += statistics.Counts[code]++ == 0 ? 1 : 0;
                statistics.Rows++;
            }
        }

        long words = 0, length = 0, codes = 0, examined = 0;
        foreach (var level in statistics.Examined(column.Levels))
        {
            var text = column.Levels[level].AsSpan().Trim();
            var count = CountWords(text);
            words += count;
            length += text.Length;
            codes += count <= 1 && IsCode(text) ? 1 : 0;
            examined++;
        }

        if (examined > 0)
        {
            statistics.Words = (double)words / examined;
            statistics.Length = (double)length / examined;
            statistics.Codes = (double)codes / examined;
        }

        return statistics;
    }

    private static int CountWords(ReadOnlySpan<char> text)
    {
        var words = 0;
        var within = false;
        foreach (var character in text)
        {
            var blank = char.IsWhiteSpace(character);
            words += within || blank ? 0 : 1;
            within = !blank;
        }

        return words;
    }

    private static bool IsCode(ReadOnlySpan<char> text) =>
        text.IndexOfAnyInRange('0', '9') >= 0 || (text.Length >= 16 && !text.ContainsAnyExcept(HashCharacters));
}
