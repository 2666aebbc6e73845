using System.Text;

namespace Roux.Tracking.Postgres;

/// <summary>
/// The SQL function <c>roux_fold(text)</c>: letters in capitals exactly as <see cref="Search.LikePattern"/> compares them when it ignores
/// case, which no collation of PostgreSQL does.
/// </summary>
internal static class FoldFunction
{
    public static string Definition()
    {
        var (from, to) = (new StringBuilder(), new StringBuilder());
        for (var letter = '\x80'; letter < char.MaxValue; letter++)
        {
            var capital = char.ToUpperInvariant(letter);
            if (capital != letter && !char.IsSurrogate(letter))
            {
                from.Append(letter);
                to.Append(capital);
            }
        }

        return $"""
            CREATE OR REPLACE FUNCTION roux_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
            'SELECT CASE WHEN octet_length(value) = char_length(value) THEN upper(value COLLATE "C")
               ELSE translate(upper(value COLLATE "C"), ''{from}'', ''{to}'') END'
            """;
    }
}
