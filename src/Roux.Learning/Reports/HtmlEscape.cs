using System.Text;

namespace Roux.Learning.Reports;

/// <summary>Makes any text harmless between tags and between double quotes.</summary>
internal static class HtmlEscape
{
    /// <summary>The text with <c>&amp; &lt; &gt; " '</c> escaped and without what could act on its surroundings.</summary>
    public static string Escape(string? text)
    {
        var html = new StringBuilder(text?.Length ?? 0);
        Append(html, text);
        return html.ToString();
    }

    /// <summary>
    /// Appends text. Left out: control characters but tab and line feed, and the embeddings, overrides and isolates that
    /// turn the direction of what follows (UAX #9, section 2). Lone surrogates and noncharacters become U+FFFD.
    /// </summary>
    public static void Append(StringBuilder html, string? text)
    {
        if (text is null)
        {
            return;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&':
                    html.Append("&amp;");
                    break;
                case '<':
                    html.Append("&lt;");
                    break;
                case '>':
                    html.Append("&gt;");
                    break;
                case '"':
                    html.Append("&quot;");
                    break;
                case '\'':
                    html.Append("&#39;");
                    break;
                case '\t' or '\n':
                    html.Append(c);
                    break;
                case (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'):
                    break;
                case >= '\uFDD0' and <= '\uFDEF':
                case '\uFFFE' or '\uFFFF':
                    html.Append('\uFFFD');
                    break;
                default:
                    if (char.IsControl(c))
                    {
                        break;
                    }

                    if (!char.IsSurrogate(c))
                    {
                        html.Append(c);
                    }
                    else if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
                    {
                        html.Append(c).Append(text[++i]);
                    }
                    else
                    {
                        html.Append('\uFFFD');
                    }

                    break;
            }
        }
    }
}
