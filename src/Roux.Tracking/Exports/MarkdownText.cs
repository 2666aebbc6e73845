using System.Text;

namespace Roux.Tracking.Exports;

/// <summary>Text from data in Markdown.</summary>
public static class MarkdownText
{
    /// <summary>The text on one line, with nothing in it that would be read as markup, as HTML or as a mention of somebody.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            clean.Append(c switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '|' or '`' or '*' or '_' or '[' or ']' or '\\' or '#' or '!' or '~' or '@' => $"\\{c}",
                (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' => "\uFFFD",
                _ when char.IsControl(c) => c == '\t' ? " " : "\uFFFD",
                _ => c.ToString(),
            });
        }

        return clean.ToString();
    }
}
