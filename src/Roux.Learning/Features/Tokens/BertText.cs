using System.Globalization;
using System.Text;

namespace Roux.Learning.Features.Tokens;

/// <summary>
/// The words that a BERT vocabulary is about: control characters removed, white space made plain, ideographs and punctuation each a word
/// of their own, and for uncased vocabularies lower case without accents. Source: <c>BasicTokenizer</c> of Devlin et al., "BERT" (2018), and its release of code.
/// </summary>
/// <remarks>Written out because the normalizer of Microsoft.ML.Tokenizers joins words across line breaks and drops symbols such as $, and
/// because .NET decomposes no character where culture data are left out of the program.</remarks>
internal static class BertText
{
    /// <summary>The words of a text, joined by single spaces.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lower">Whether to turn it to lower case.</param>
    /// <param name="stripAccents">Whether to leave out accents.</param>
    /// <param name="splitIdeographs">Whether each ideograph is a word.</param>
    public static string Words(string text, bool lower, bool stripAccents, bool splitIdeographs)
    {
        var words = new StringBuilder(text.Length + 16);
        foreach (var given in text.EnumerateRunes())
        {
            var rune = stripAccents ? Accents.Strip(given) : given;
            var category = Rune.GetUnicodeCategory(rune);
            if (rune.Value is '\t' or '\n' or '\r' || category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                Space(words);
            }
            else if (rune.Value is 0 or 0xFFFD || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate)
            {
                // Nothing that anybody reads.
            }
            else if (IsPunctuation(rune, category) || (splitIdeographs && IsIdeograph(rune.Value)))
            {
                Space(words);
                words.Append(rune).Append(' ');
            }
            else if (!stripAccents || category != UnicodeCategory.NonSpacingMark)
            {
                words.Append(lower ? Rune.ToLowerInvariant(rune) : rune);
            }
        }

        if (words.Length > 0 && words[^1] == ' ')
        {
            words.Length--;
        }

        return words.ToString();
    }

    private static void Space(StringBuilder words)
    {
        if (words.Length > 0 && words[^1] != ' ')
        {
            words.Append(' ');
        }
    }

    /// <summary>All of ASCII that is neither letter nor digit counts, such as $ and ^, which Unicode calls symbols.</summary>
    private static bool IsPunctuation(Rune rune, UnicodeCategory category) => rune.IsAscii
        ? !Rune.IsLetterOrDigit(rune)
        : category is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
            or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    private static bool IsIdeograph(int code) => code is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
