using System.Text;

namespace Roux.Tracking.Postgres;

/// <summary>
/// Texts as PostgreSQL takes them. It refuses NUL, so U+0000 is written U+0001 U+0001 and U+0001 is written U+0001 U+0002, which keeps
/// the order of texts; a half of a surrogate pair becomes U+FFFD, as in UTF-8 everywhere.
/// </summary>
internal static class PostgresText
{
    private const char Escape = '\x01';

    public static string Write(string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text.AsSpan().ContainsAnyInRange('\0', Escape) ? text.Replace("\x01", "\x01\x02", StringComparison.Ordinal).Replace("\0", "\x01\x01", StringComparison.Ordinal) : text;
    }

    public static string Read(string text) => text.Contains(Escape, StringComparison.Ordinal)
        ? text.Replace("\x01\x01", "\0", StringComparison.Ordinal).Replace("\x01\x02", "\x01", StringComparison.Ordinal)
        : text;
}
