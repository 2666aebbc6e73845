using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Roux.Learning.Reports;

/// <summary>
/// A piece of HTML that is safe to put between tags or, where it came from text alone, between double quotes.
/// Data gets in only through the holes of an interpolated string or <see cref="Text"/>, and both escape it.
/// </summary>
internal readonly struct Markup
{
    private readonly string? html;

    private Markup(string html) => this.html = html;

    /// <summary>Nothing.</summary>
    public static Markup Empty => default;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(html);

    /// <summary>The literal parts as they stand, the holes escaped. Attribute values must stand between double quotes.</summary>
    public static Markup Of(MarkupHandler handler) => new(handler.Finish());

    /// <summary>Text, escaped.</summary>
    public static Markup Text(string? text) => new(HtmlEscape.Escape(text));

    /// <summary>Pieces one after another, with another between them.</summary>
    public static Markup Join(string separator, IEnumerable<Markup> parts) => new(string.Join(HtmlEscape.Escape(separator), parts.Where(part => !part.IsEmpty)));

    /// <summary>Pieces one after another.</summary>
    public static Markup Concat(params IEnumerable<Markup> parts) => new(string.Concat(parts));

    /// <summary>A chart, whose maker escapes all text in it.</summary>
    public static Markup Chart(Evaluation.Plot plot) => new(plot.Svg);

    /// <summary>A style sheet or script that comes with Roux, as it stands.</summary>
    public static Markup Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"'{name}' is not among the resources of this assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new Markup(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }

    /// <inheritdoc/>
    public override string ToString() => html ?? "";
}

/// <summary>Builds a <see cref="Markup"/> from an interpolated string. There is no hole for arbitrary objects, so that nothing gets in unescaped or in the local culture.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder html = new(literalLength + formattedCount * 16);

    /// <summary>A part of our own source code.</summary>
    public void AppendLiteral(string literal) => html.Append(literal);

    /// <summary>Text from anywhere.</summary>
    public void AppendFormatted(string? text) => HtmlEscape.Append(html, text);

    /// <summary>HTML that was made the same way.</summary>
    public void AppendFormatted(Markup markup) => html.Append(markup.ToString());

    /// <summary>Pieces of HTML one after another.</summary>
    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
        {
            html.Append(part.ToString());
        }
    }

    /// <summary>A whole number, plain.</summary>
    public void AppendFormatted(long number) => html.Append(System.Globalization.CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A length or coordinate, to a tenth; what is not a number becomes 0, which no drawing should get to see.</summary>
    public void AppendFormatted(double number) => html.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(double.IsFinite(number) ? Math.Round(number, 1) + 0.0 : 0):0.#}");

    internal string Finish() => html.ToString();
}
