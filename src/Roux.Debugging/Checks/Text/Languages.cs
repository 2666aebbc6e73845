using System.Globalization;

namespace Roux.Debugging.Checks.Text;

/// <summary>Guesses the language of a text of ten words or more: by script, and for Latin letters by its most frequent words.</summary>
internal static class Languages
{
    private static readonly Dictionary<string, HashSet<string>> Frequent = new()
    {
        ["English"] = Set("the of and to in is that it was for on are with as his they at be this from have or by had not but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than been its who now people my made over did down only way find use may water long little very after words called just where most know"),
        ["German"] = Set("der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ihr ihre ich du wir"),
        ["French"] = Set("de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec son mais comme ou si leur y dont aux être deux même on cette ses elle fait nous vous était très sans"),
        ["Spanish"] = Set("de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros"),
        ["Italian"] = Set("di e il la che in un a per è una sono con non si da come le dei nel alla i del della più anche al ma lo gli delle ha o nella questo loro suo sua stato essere era tra cui dal"),
        ["Portuguese"] = Set("de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos"),
        ["Dutch"] = Set("de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij uit nog naar hij ze wordt door over hebben werd ik je deze was heeft had tot worden meer geen kan onder"),
        ["Swedish"] = Set("och i att det som en på är av för med den till inte har de ett om men var jag sig från vi så kan man när år under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra"),
    };

    private static HashSet<string> Set(string words) => [.. words.Split(' ')];

    /// <summary>The language in English, or the script where it is not Latin; <c>null</c> where nothing tells.</summary>
    public static string? Of(string text)
    {
        if (Script(text) is { } script)
        {
            return script;
        }

        var words = text.Split([' ', '\t', '\n', '\r', '.', ',', ';', ':', '!', '?', '"', '\'', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 10)
        {
            return null;
        }

        var lower = Array.ConvertAll(words, word => word.ToLowerInvariant());
        var hits = Frequent.Select(pair => (pair.Key, Share: lower.Count(pair.Value.Contains) / (double)lower.Length)).OrderByDescending(pair => pair.Share).Take(2).ToArray();

        // Small words are shared between languages, so the second must be well behind.
        return hits[0].Share >= 0.15 && hits[0].Share >= 1.3 * hits[1].Share ? hits[0].Key : null;
    }

    private static string? Script(string text)
    {
        int letters = 0, cyrillic = 0, greek = 0, arabic = 0, hebrew = 0, han = 0, kana = 0, hangul = 0, indic = 0;
        foreach (var letter in text.AsSpan(0, Math.Min(400, text.Length)))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter)
            {
                letters++;
                cyrillic += letter is >= '\u0400' and <= '\u052F' ? 1 : 0;
                greek += letter is >= '\u0370' and <= '\u03FF' ? 1 : 0;
                hebrew += letter is >= '\u0590' and <= '\u05FF' ? 1 : 0;
                arabic += letter is >= '\u0600' and <= '\u06FF' ? 1 : 0;
                indic += letter is >= '\u0900' and <= '\u0DFF' ? 1 : 0;
                kana += letter is >= '\u3040' and <= '\u30FF' ? 1 : 0;
                han += letter is >= '\u4E00' and <= '\u9FFF' ? 1 : 0;
                hangul += letter is >= '\uAC00' and <= '\uD7AF' ? 1 : 0;
            }
        }

        (string Name, int Count)[] scripts = [("Cyrillic", cyrillic), ("Greek", greek), ("Hebrew", hebrew), ("Arabic", arabic), ("Indic scripts", indic), ("Japanese", kana > 0 ? kana + han : 0), ("Chinese", kana > 0 ? 0 : han), ("Korean", hangul)];
        var (name, count) = scripts.MaxBy(script => script.Count);
        return letters >= 5 && count * 2 > letters ? name : null;
    }
}
