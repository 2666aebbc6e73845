namespace Roux.Tracking.Search;

/// <summary>SQL's LIKE: <c>%</c> stands for any characters, <c>_</c> for one. Case is told apart, or not, over all of Unicode.</summary>
internal static class LikePattern
{
    public static bool Matches(string text, string pattern, bool ignoreCase)
    {
        var (at, next) = (0, 0);
        var (afterPercent, retry) = (-1, 0);
        while (at < text.Length)
        {
            if (next < pattern.Length && pattern[next] == '%')
            {
                afterPercent = ++next;
                retry = at;
            }
            else if (next < pattern.Length && pattern[next] == '_')
            {
                at += Width(text, at);
                next++;
            }
            else if (next < pattern.Length && Same(text[at], pattern[next], ignoreCase))
            {
                at++;
                next++;
            }
            else if (afterPercent >= 0)
            {
                retry += Width(text, retry);
                (at, next) = (retry, afterPercent);
            }
            else
            {
                return false;
            }
        }

        while (next < pattern.Length && pattern[next] == '%')
        {
            next++;
        }

        return next == pattern.Length;
    }

    private static bool Same(char left, char right, bool ignoreCase) =>
        left == right || (ignoreCase && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));

    private static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
