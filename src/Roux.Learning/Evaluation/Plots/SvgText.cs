using System.Globalization;
using System.Text;

namespace Roux.Learning.Evaluation;

/// <summary>Text from anywhere made fit to stand in a chart.</summary>
internal static class SvgText
{
    /// <summary>Escapes text for XML and drops what XML forbids or what could turn the direction of the text around it.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in Clean(text))
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Cuts text to a width in pixels at a font size, ending in an ellipsis where something was cut. Not escaped.</summary>
    public static string Elide(string text, double width, double fontSize = 12)
    {
        var kept = new StringBuilder();
        var used = 0.0;
        var limit = width / fontSize;
        var length = 0;
        foreach (var rune in Clean(text))
        {
            used += Advance(rune);
            if (used <= limit - 0.9)
            {
                length = kept.Length + rune.Utf16SequenceLength;
            }

            kept.Append(rune.ToString());
            if (used > limit)
            {
                return kept.ToString(0, length).TrimEnd() + "…";
            }
        }

        return kept.ToString();
    }

    /// <summary>Cuts text in its middle, so that names which differ only at the end stay apart. Not escaped.</summary>
    public static string ElideMiddle(string text, double width, double fontSize = 12)
    {
        Rune[] runes = [.. Clean(text).Take(2000)];
        if (runes.Sum(Advance) * fontSize <= width)
        {
            return string.Concat(runes);
        }

        var room = width / fontSize - 1;
        var (head, tail) = (0, runes.Length);
        for (var used = 0.0; head < tail; head++)
        {
            used += Advance(runes[head]);
            if (used > room * 0.6)
            {
                room -= used - Advance(runes[head]);
                break;
            }
        }

        while (tail > head + 1 && room >= Advance(runes[tail - 1]))
        {
            room -= Advance(runes[--tail]);
        }

        return $"{string.Concat(runes[..head]).TrimEnd()}…{string.Concat(runes[tail..]).TrimStart()}";
    }

    /// <summary>About how wide text is, in pixels.</summary>
    public static double Width(string text, double fontSize = 12) => Clean(text).Sum(Advance) * fontSize;

    private static IEnumerable<Rune> Clean(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var value = rune.Value;
            if (value is '\t' or '\n' or '\r')
            {
                yield return new Rune(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control
                && value is not (0xFFFE or 0xFFFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)))
            {
                yield return rune; // lone surrogates have become U+FFFD
            }
        }
    }

    /// <summary>Width of a character in units of the font size, from the usual sans-serif faces.</summary>
    private static double Advance(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '|' or '\'' or '!' => 0.29,
        'f' or 't' or 'r' or ' ' or '(' or ')' or '[' or ']' or '-' or '/' => 0.36,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.87,
        >= 'A' and <= 'Z' => 0.68,
        < 0x300 => 0.57,
        < 0x370 => 0,
        < 0x1100 => 0.6,
        _ => 1.05,
    };
}
