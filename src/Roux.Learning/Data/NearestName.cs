using System.Globalization;

namespace Roux.Learning.Data;

/// <summary>Finds the names that someone may have meant when a name does not exist.</summary>
public static class NearestName
{
    /// <summary>
    /// The candidates closest to <paramref name="given"/>, the closest first; empty when none is close.
    /// Close means a Damerau-Levenshtein distance (ignoring case) of at most a third of the longer name, at least 1,
    /// or one name containing the other.
    /// </summary>
    /// <param name="given">What was typed.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <param name="most">Most names returned.</param>
    public static IReadOnlyList<string> Suggest(string given, IEnumerable<string> candidates, int most = 3)
    {
        var wanted = Fold(given);
        var close = new List<(int Distance, int Order, string Name)>();
        var order = 0;
        foreach (var candidate in candidates)
        {
            var name = Fold(candidate);
            var limit = Math.Max(1, Math.Max(wanted.Length, name.Length) / 3);
            var distance = Math.Abs(wanted.Length - name.Length) > limit ? int.MaxValue : Distance(wanted, name);
            if (distance > limit && wanted.Length >= 3 && name.Length >= 3
                && (name.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(name, StringComparison.Ordinal)))
            {
                distance = limit + 1;
            }

            if (distance <= limit + 1 && (distance <= limit || name.Length >= 3))
            {
                close.Add((distance, order, candidate));
            }

            order++;
        }

        close.Sort();
        return [.. close.Take(most).Select(entry => entry.Name)];
    }

    /// <summary>A message for a name that does not exist: <c>--target 'Gerne': no such column; did you mean 'Genre'? Columns: …</c></summary>
    /// <param name="option">Where the name was given, such as <c>--target</c>.</param>
    /// <param name="given">What was typed.</param>
    /// <param name="kind">What is named, in the singular, such as <c>column</c>.</param>
    /// <param name="candidates">The names that exist.</param>
    public static string Message(string option, string given, string kind, IReadOnlyCollection<string> candidates)
    {
        const int Shown = 30;
        var close = Suggest(given, candidates);
        var meant = close.Count == 0 ? "" : $"; did you mean {string.Join(" or ", close.Select(name => $"'{name}'"))}?";
        var plural = char.ToUpperInvariant(kind[0]) + (kind[^1] == 'y' ? kind[1..^1] + "ies" : kind[1..] + "s");
        var list = string.Join(", ", candidates.Take(Shown));
        var more = candidates.Count > Shown
            ? string.Create(CultureInfo.InvariantCulture, $" and {candidates.Count - Shown:N0} more") : "";
        return $"{option} '{given}': no such {kind}{(meant.Length == 0 ? "." : meant)} {plural}: {list}{more}";
    }

    /// <summary>
    /// The number of insertions, deletions, substitutions and swaps of neighbours that turn one string into the other
    /// (Damerau 1964, in the restricted form: no part is edited twice).
    /// </summary>
    public static int Distance(string a, string b)
    {
        int[] before = new int[b.Length + 1], previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, before[j - 2] + 1);
                }

                current[j] = best;
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }

    private static string Fold(string name) => name.Trim().ToUpperInvariant().Replace('_', ' ').Replace('-', ' ');
}
