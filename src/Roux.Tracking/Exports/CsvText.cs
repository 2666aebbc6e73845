using System.Globalization;

namespace Roux.Tracking.Exports;

/// <summary>Text as CSV has it (RFC 4180).</summary>
public static class CsvText
{
    /// <summary>A cell: quoted where needed; a text that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
    public static string Cell(string text) => Quoted(Guarded(text));

    /// <summary>What a reader of a <see cref="Cell"/> gets: the text, with an apostrophe before what a spreadsheet would run.</summary>
    public static string Guarded(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "'" + text : text;
    }

    /// <summary>A cell of somebody's own data, as it is: quoted where needed.</summary>
    public static string Quoted(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
