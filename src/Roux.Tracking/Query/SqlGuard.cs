using System.Text;

namespace Roux.Tracking.Query;

/// <summary>Looks at a query without understanding it whole: that it is one statement that reads, and which names occur in it.</summary>
internal static class SqlGuard
{
    private static readonly HashSet<string> Allowed = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "WITH", "FROM", "VALUES", "DESCRIBE", "EXPLAIN", "SUMMARIZE",
    };

    /// <summary>Checks that the text is one statement of a reading kind.</summary>
    /// <returns>Every name in it, in lower case; a superset of the tables that it reads.</returns>
    /// <exception cref="TrackingException">It is not.</exception>
    public static IReadOnlySet<string> Check(string sql)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var (first, ended) = ("", false);
        foreach (var (word, isName) in Words(sql))
        {
            if (word == ";")
            {
                ended = first.Length > 0;
                continue;
            }

            if (ended)
            {
                throw new TrackingException("more than one statement; give one query");
            }

            if (isName)
            {
                names.Add(word.ToLowerInvariant());
            }

            first = first.Length == 0 && word != "(" ? word : first;
        }

        return Allowed.Contains(first)
            ? names
            : throw new TrackingException(first.Length == 0
                ? "the query is empty; give one such as: SELECT name, status FROM runs"
                : $"'{first}': queries only read; begin with {string.Join(", ", Allowed)}");
    }

    /// <summary>Words, quoted names and single characters outside of texts and comments.</summary>
    private static IEnumerable<(string Word, bool IsName)> Words(string sql)
    {
        var at = 0;
        while (at < sql.Length)
        {
            var start = at;
            if (char.IsWhiteSpace(sql[at]))
            {
                at++;
            }
            else if (StartsWith(sql, at, "--"))
            {
                at = End(sql, at, "\n");
            }
            else if (StartsWith(sql, at, "/*"))
            {
                at = End(sql, at + 2, "*/");
            }
            else if (sql[at] is '\'' or '"')
            {
                var content = Quoted(sql, ref at);
                yield return (content, sql[start] == '"');
            }
            else if (sql[at] == '$' && DollarTag(sql, at) is { } tag)
            {
                at = End(sql, at + tag.Length, tag);
                yield return ("$", false);
            }
            else if (char.IsLetter(sql[at]) || sql[at] == '_')
            {
                while (at < sql.Length && (char.IsLetterOrDigit(sql[at]) || sql[at] is '_' or '$'))
                {
                    at++;
                }

                yield return (sql[start..at], true);
            }
            else
            {
                yield return (sql[at++].ToString(), false);
            }
        }
    }

    private static bool StartsWith(string sql, int at, string mark) => string.CompareOrdinal(sql, at, mark, 0, mark.Length) == 0;

    private static int End(string sql, int from, string mark)
    {
        var found = sql.IndexOf(mark, Math.Min(from, sql.Length), StringComparison.Ordinal);
        return found < 0 ? sql.Length : found + mark.Length;
    }

    private static string? DollarTag(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && (char.IsLetterOrDigit(sql[end]) || sql[end] == '_'))
        {
            end++;
        }

        return end < sql.Length && sql[end] == '$' && !char.IsDigit(sql[at + 1]) ? sql[at..(end + 1)] : null;
    }

    private static string Quoted(string sql, ref int at)
    {
        var quote = sql[at++];
        var content = new StringBuilder();
        while (at < sql.Length)
        {
            if (sql[at] != quote)
            {
                content.Append(sql[at++]);
            }
            else if (at + 1 < sql.Length && sql[at + 1] == quote)
            {
                content.Append(quote);
                at += 2;
            }
            else
            {
                at++;
                break;
            }
        }

        return content.ToString();
    }
}
