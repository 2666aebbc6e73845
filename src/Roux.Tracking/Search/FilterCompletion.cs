namespace Roux.Tracking.Search;

/// <summary>What may stand where a filter is being typed.</summary>
internal enum FilterPart
{
    /// <summary>A field such as <c>metrics.acc</c>.</summary>
    Field,

    /// <summary>A comparison such as <c>&gt;=</c>.</summary>
    Comparator,

    /// <summary>A value of <see cref="FilterCompletion.Of"/>.</summary>
    Value,

    /// <summary>AND.</summary>
    Conjunction,
}

/// <summary>What a filter's writer is about to type at the caret.</summary>
/// <param name="Part">Which part of a condition.</param>
/// <param name="From">Index where the part begins: what is chosen replaces the text from here to the caret.</param>
/// <param name="Typed">What is there of it already, without quotes.</param>
/// <param name="Of">The field whose comparison or value it is; the default for others.</param>
internal sealed record FilterCompletion(FilterPart Part, int From, string Typed, Field Of)
{
    /// <summary>Reads the text before the caret; whatever is wrong in it is no error here.</summary>
    public static FilterCompletion At(string text, int caret)
    {
        var before = text[..Math.Clamp(caret, 0, text.Length)];
        var (part, field, start) = (FilterPart.Field, default(Field), 0);
        while (true)
        {
            while (start < before.Length && char.IsWhiteSpace(before[start]))
            {
                start++;
            }

            var end = EndOf(before, start, part);
            if (end >= before.Length)
            {
                return new FilterCompletion(part, start, before[start..].Trim('`', '\'', '"'), field);
            }

            var word = before[start..end];
            (part, field) = part switch
            {
                FilterPart.Field => (FilterPart.Comparator, FieldOf(word)),
                FilterPart.Comparator when word.Equals("IS", StringComparison.OrdinalIgnoreCase) || word.Equals("NOT", StringComparison.OrdinalIgnoreCase) => (part, field),
                FilterPart.Comparator when word.Equals("NULL", StringComparison.OrdinalIgnoreCase) => (FilterPart.Conjunction, field),
                FilterPart.Comparator => (FilterPart.Value, field),
                FilterPart.Value => (FilterPart.Conjunction, field),
                _ => (FilterPart.Field, default),
            };
            start = end;
        }
    }

    /// <summary>How a field is written in a filter: its key in back quotes where it needs them.</summary>
    public static string Write(Field field) => field.Kind == FieldKind.Attribute ? field.Key : Prefix(field.Kind) + (IsPlain(field.Key) ? field.Key : "`" + field.Key.Replace("`", "``", StringComparison.Ordinal) + "`");

    /// <summary>How a value is written in a filter.</summary>
    public static string Quote(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Prefix(FieldKind kind) => kind switch { FieldKind.Metric => "metrics.", FieldKind.Param => "params.", FieldKind.Tag => "tags.", _ => "datasets." };

    private static bool IsPlain(string key) => key.Length > 0 && key.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '/');

    private static int EndOf(string text, int start, FilterPart part)
    {
        if (start >= text.Length)
        {
            return start;
        }

        if (part == FilterPart.Comparator && text[start] is '=' or '<' or '>' or '!')
        {
            var end = start;
            while (end < text.Length && text[end] is '=' or '<' or '>' or '!')
            {
                end++;
            }

            return end;
        }

        char? quote = null;
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            var letter = text[at];
            if (quote is { } open)
            {
                quote = letter == open ? null : quote;
            }
            else if (letter is '\'' or '"' or '`')
            {
                quote = letter;
            }
            else if (letter is '(' or ')')
            {
                depth += letter == '(' ? 1 : -1;
            }
            else if (depth <= 0 && (char.IsWhiteSpace(letter) || (part == FilterPart.Field && letter is '=' or '<' or '>' or '!')))
            {
                return at;
            }
        }

        return text.Length;
    }

    private static Field FieldOf(string word)
    {
        try
        {
            return FilterParser.ParseOrder(word).Field;
        }
        catch (TrackingException)
        {
            return default;
        }
    }
}
