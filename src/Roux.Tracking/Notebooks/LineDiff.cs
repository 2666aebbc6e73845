namespace Roux.Tracking.Notebooks;

/// <summary>A line of a comparison.</summary>
/// <param name="Sign"><c>' '</c> in both, <c>'-'</c> in the first only, <c>'+'</c> in the second only.</param>
/// <param name="Text">The line.</param>
public readonly record struct DiffLine(char Sign, string Text);

/// <summary>Compares texts line by line by their longest common subsequence.</summary>
internal static class LineDiff
{
    // Cells of the table at most: 2000 by 2000 lines. Longer texts are compared as wholes behind their common beginning and end.
    private const int MostCells = 4_000_000;

    /// <summary>The lines of both texts, merged.</summary>
    public static List<DiffLine> Of(string a, string b)
    {
        var (left, right) = (a.Split('\n'), b.Split('\n'));
        var start = 0;
        while (start < left.Length && start < right.Length && left[start] == right[start])
        {
            start++;
        }

        var end = 0;
        while (end < left.Length - start && end < right.Length - start && left[^(end + 1)] == right[^(end + 1)])
        {
            end++;
        }

        var lines = left.Take(start).Select(l => new DiffLine(' ', l)).ToList();
        Middle(left[start..^end], right[start..^end], lines);
        lines.AddRange(left.Skip(left.Length - end).Select(l => new DiffLine(' ', l)));
        return lines;
    }

    /// <summary>Share of lines that two texts have in common, 0 to 1: twice the common ones by all (Dice, 1945), counted without regard to order.</summary>
    public static double Similarity(string a, string b)
    {
        if (a == b)
        {
            return 1;
        }

        var (left, right) = (Words(a), Words(b));
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in left)
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        var common = right.Count(w => counts.TryGetValue(w, out var n) && n > 0 && (counts[w] = n - 1) >= 0);
        return left.Length + right.Length == 0 ? 0 : 2.0 * common / (left.Length + right.Length);

        // Short cells have few lines: words say more.
        static string[] Words(string text) => text.Split([' ', '\t', '\n', '\r', '(', ')', '=', ',', '.'], 20_000, StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Middle(string[] left, string[] right, List<DiffLine> lines)
    {
        if (left.Length == 0 || right.Length == 0 || (long)left.Length * right.Length > MostCells)
        {
            lines.AddRange(left.Select(l => new DiffLine('-', l)));
            lines.AddRange(right.Select(l => new DiffLine('+', l)));
            return;
        }

        var width = right.Length + 1;
        var longest = new int[(left.Length + 1) * width];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                longest[(i * width) + j] = left[i] == right[j] ? longest[((i + 1) * width) + j + 1] + 1 : Math.Max(longest[((i + 1) * width) + j], longest[(i * width) + j + 1]);
            }
        }

        var (x, y) = (0, 0);
        while (x < left.Length || y < right.Length)
        {
            if (x < left.Length && y < right.Length && left[x] == right[y])
            {
                lines.Add(new DiffLine(' ', left[x++]));
                y++;
            }
            else if (y == right.Length || (x < left.Length && longest[((x + 1) * width) + y] >= longest[(x * width) + y + 1]))
            {
                lines.Add(new DiffLine('-', left[x++]));
            }
            else
            {
                lines.Add(new DiffLine('+', right[y++]));
            }
        }
    }
}
