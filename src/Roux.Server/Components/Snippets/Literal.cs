using System.Globalization;
using System.Text;

namespace Roux.Server.Components.Snippets;

/// <summary>Texts as code. A name may hold anything: each of these ends where it began, whatever is in it.</summary>
internal static class Literal
{
    /// <summary>A C# string.</summary>
    public static string CSharp(string text) => Quoted(text, "\\u{0:x4}");

    /// <summary>A Python string.</summary>
    public static string Python(string text) => Quoted(text, "\\u{0:x4}");

    /// <summary>One word of a POSIX shell.</summary>
    public static string Shell(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>
    /// Within quotes. What is not a plain letter of print is escaped: control characters, marks that turn the direction of writing, and halves of pairs, which show as
    /// something other than they are.
    /// </summary>
    private static string Quoted(string text, string escape)
    {
        var target = new StringBuilder(text.Length + 2).Append('"');
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter is '"' or '\\')
            {
                target.Append('\\').Append(letter);
            }
            else if (char.IsHighSurrogate(letter) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                target.Append(letter).Append(text[++index]);
            }
            else if (char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                target.AppendFormat(CultureInfo.InvariantCulture, escape, (int)letter);
            }
            else
            {
                target.Append(letter);
            }
        }

        return target.Append('"').ToString();
    }
}
