using System.Text;

namespace Roux.Tracking.Search;

/// <summary>Cuts a filter or order string into tokens.</summary>
internal static class Lexer
{
    private const int LongestInput = 100_000;

    /// <exception cref="TrackingException">A quote is not closed, or a character has no meaning here.</exception>
    public static List<Token> Read(string text)
    {
        if (text.Length > LongestInput)
        {
            throw new TrackingException($"a filter of {text.Length:N0} characters; give at most {LongestInput:N0}");
        }

        var tokens = new List<Token>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            var (kind, content) = Next(text, ref at);
            tokens.Add(new Token(kind, content, text[start..at], start));
        }

        tokens.Add(new Token(TokenKind.End, "", "the end", text.Length));
        return tokens;
    }

    private static (TokenKind Kind, string Content) Next(string text, ref int at)
    {
        var first = text[at];
        switch (first)
        {
            case '\'':
                return (TokenKind.Text, Quoted(text, ref at));
            case '"':
                return (TokenKind.DoubleQuoted, Quoted(text, ref at));
            case '`':
                return (TokenKind.BackQuoted, Quoted(text, ref at));
            case '(':
                at++;
                return (TokenKind.Open, "(");
            case ')':
                at++;
                return (TokenKind.Close, ")");
            case ',':
                at++;
                return (TokenKind.Comma, ",");
            case '=' or '<' or '>' or '!':
                return (TokenKind.Operator, Operator(text, ref at));
        }

        var start = at;
        if (char.IsAsciiDigit(first) || (first is '-' or '+' or '.' && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] == '.')))
        {
            at++;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_' || (text[at] is '+' or '-' && text[at - 1] is 'e' or 'E')))
            {
                at++;
            }

            return (TokenKind.Number, text[start..at]);
        }

        if (char.IsLetter(first) || first == '_')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '.' or '/'))
            {
                at++;
            }

            return (TokenKind.Word, text[start..at]);
        }

        throw new FilterException(at, $"Invalid clause(s) in filter string: '{text[at..]}'; put names with special characters in back quotes, texts in single quotes");
    }

    private static string Operator(string text, ref int at)
    {
        var two = at + 1 < text.Length ? text.Substring(at, 2) : "";
        if (two is ">=" or "<=" or "!=" or "==" or "<>")
        {
            at += 2;
            return two switch { "==" => "=", "<>" => "!=", _ => two };
        }

        return text[at++] is var one && one == '!'
            ? throw new FilterException(at - 1, "Invalid clause(s) in filter string: '!'; write != for 'not equal'")
            : one.ToString();
    }

    private static string Quoted(string text, ref int at)
    {
        var start = at;
        var quote = text[at++];
        var content = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != quote)
            {
                content.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                content.Append(quote);
                at += 2;
            }
            else
            {
                at++;
                return content.ToString();
            }
        }

        throw new FilterException(start, $"Invalid clause(s) in filter string: {text[start..]}; a quote {quote} is not closed");
    }
}
