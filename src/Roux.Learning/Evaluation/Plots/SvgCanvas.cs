using System.Globalization;
using System.Text;

namespace Roux.Learning.Evaluation;

/// <summary>Where a text is held.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>Collects the shapes of one chart and writes them as an <c>svg</c> element.</summary>
internal sealed class SvgCanvas(double width, string title, string description)
{
    /// <summary>Number of colours for series: those of Okabe and Ito 2008, told apart with every kind of colour vision, lightened for dark pages.</summary>
    public const int Colours = 8;

    public const double FontSize = 12;

    private const string Style = """
        .roux-plot{--rp-ink:var(--plot-ink,#1c232b);--rp-muted:var(--plot-muted,#56616d);--rp-grid:var(--plot-grid,#dfe3e8);--rp-surface:var(--plot-surface,#fff);--rp-on:#fff;
        --rp-1:var(--plot-1,#0072b2);--rp-2:var(--plot-2,#c24e00);--rp-3:var(--plot-3,#00805d);--rp-4:var(--plot-4,#a8467f);--rp-5:var(--plot-5,#a87400);--rp-6:var(--plot-6,#2b8cc4);--rp-7:var(--plot-7,#5b5bb5);--rp-8:var(--plot-8,#6b6b6b);
        font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-size:12px;display:block;width:100%;height:auto}
        @media (prefers-color-scheme:dark){.roux-plot{--rp-ink:var(--plot-ink,#e4e8ec);--rp-muted:var(--plot-muted,#9aa6b2);--rp-grid:var(--plot-grid,#333c46);--rp-surface:var(--plot-surface,#14191f);--rp-on:#0d1217;
        --rp-1:var(--plot-1,#56b4e9);--rp-2:var(--plot-2,#f0803c);--rp-3:var(--plot-3,#2cc296);--rp-4:var(--plot-4,#df8fbb);--rp-5:var(--plot-5,#e6b13d);--rp-6:var(--plot-6,#8fd0f5);--rp-7:var(--plot-7,#a5a5f0);--rp-8:var(--plot-8,#b0b0b0)}}
        .roux-plot text{fill:var(--rp-ink);stroke:none}.roux-plot .muted{fill:var(--rp-muted)}.roux-plot .title{font-size:14px;font-weight:600}.roux-plot .on{fill:var(--rp-on)}
        .roux-plot .grid{stroke:var(--rp-grid);stroke-width:1}.roux-plot .axis{stroke:var(--rp-muted);stroke-width:1}.roux-plot .aid{stroke:var(--rp-muted);stroke-width:1.25;stroke-dasharray:4 4;fill:none}
        .roux-plot .ground{fill:var(--rp-surface)}
        """;

    private readonly StringBuilder body = new();

    public double Width => width;

    public void Line(double x1, double y1, double x2, double y2, string css) =>
        body.Append(CultureInfo.InvariantCulture, $"<line class=\"{css}\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    /// <summary>A line in a series's colour.</summary>
    public void Stroke(double x1, double y1, double x2, double y2, int series, double thickness = 2) =>
        body.Append(CultureInfo.InvariantCulture, $"<line stroke=\"{Colour(series)}\" stroke-width=\"{N(thickness)}\" stroke-linecap=\"round\" x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\"/>");

    /// <summary>A bent line in a series's colour; later series are dashed too, so that colour alone need not tell them apart.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, int series)
    {
        var dashes = (series % 4) switch { 1 => " stroke-dasharray=\"7 3\"", 2 => " stroke-dasharray=\"2 3\"", 3 => " stroke-dasharray=\"9 3 2 3\"", _ => "" };
        body.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{Colour(series)}\" stroke-width=\"2\" stroke-linejoin=\"round\"{dashes} points=\"{Points(points)}\"/>");
    }

    /// <summary>A thin, see-through line, one of many.</summary>
    public void Hair(IEnumerable<(double X, double Y)> points, int series) =>
        body.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{Colour(series)}\" stroke-width=\"0.75\" stroke-opacity=\"0.4\" points=\"{Points(points)}\"/>");

    /// <summary>A faint area in a series's colour.</summary>
    public void Area(IEnumerable<(double X, double Y)> outline, int series) =>
        body.Append(CultureInfo.InvariantCulture, $"<polygon fill=\"{Colour(series)}\" fill-opacity=\"0.16\" points=\"{Points(outline)}\"/>");

    public void Bar(double x, double y, double w, double h, int series, double opacity = 1, string? hint = null)
    {
        body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(0, w))}\" height=\"{N(Math.Max(0, h))}\" fill=\"{Colour(series)}\"");
        Close("rect", opacity, hint);
    }

    public void Dot(double x, double y, double radius, int series, double opacity = 1, string? hint = null)
    {
        body.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" fill=\"{Colour(series)}\"");
        Close("circle", opacity, hint);
    }

    /// <summary>
    /// Many dots, see-through, in a seventh of the bytes of single circles: strokes of no length with round ends, in layers since only
    /// different elements darken where they overlap.
    /// </summary>
    public void Cloud(IReadOnlyList<(double X, double Y)> points, double radius, int series, double opacity)
    {
        var layers = Math.Min(24, Math.Max(1, points.Count));
        body.Append(CultureInfo.InvariantCulture, $"<g fill=\"none\" stroke=\"{Colour(series)}\" stroke-width=\"{N(2 * radius)}\" stroke-linecap=\"round\" stroke-opacity=\"{N(opacity)}\">");
        for (var layer = 0; layer < layers && points.Count > 0; layer++)
        {
            body.Append("<path d=\"");
            for (var i = layer; i < points.Count; i += layers)
            {
                body.Append(CultureInfo.InvariantCulture, $"M{Math.Round(points[i].X, 1)} {Math.Round(points[i].Y, 1)}h0");
            }

            body.Append("\"/>");
        }

        body.Append("</g>");
    }

    public void Diamond(double x, double y, double radius, int series, string? hint = null)
    {
        body.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{Points([(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)])}\" fill=\"{Colour(series)}\"");
        Close("polygon", 1, hint);
    }

    /// <summary>A name that ends at a point, cut in its middle where it needs more than <paramref name="room"/> pixels.</summary>
    public void Label(double x, double y, string text, double room, double fontSize = FontSize) =>
        Text(x, y, text, SvgText.ElideMiddle(text, room, fontSize), Anchor.End, "", 0, fontSize);

    /// <summary>Text of which nothing is trusted; cut to <paramref name="room"/> pixels, the whole then shown on hovering.</summary>
    public void Text(double x, double y, string text, Anchor anchor = Anchor.Start, string css = "", double turn = 0, double room = double.PositiveInfinity, double fontSize = FontSize)
    {
        var shown = double.IsFinite(room) ? SvgText.Elide(text, room, fontSize) : text;
        Text(x, y, text, shown, anchor, css, turn, fontSize);
    }

    private void Text(double x, double y, string text, string shown, Anchor anchor, string css, double turn, double fontSize)
    {
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{N(x)}\" y=\"{N(y)}\"");
        if (fontSize < FontSize)
        {
            body.Append(CultureInfo.InvariantCulture, $" font-size=\"{N(fontSize)}\"");
        }

        if (css.Length > 0)
        {
            body.Append(CultureInfo.InvariantCulture, $" class=\"{css}\"");
        }

        if (anchor != Anchor.Start)
        {
            body.Append(anchor == Anchor.Middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"");
        }

        if (turn != 0)
        {
            body.Append(CultureInfo.InvariantCulture, $" transform=\"rotate({N(turn)} {N(x)} {N(y)})\"");
        }

        var whole = shown == text ? "" : $"<title>{SvgText.Escape(SvgText.Elide(text, 2000))}</title>";
        body.Append('>').Append(SvgText.Escape(shown)).Append(whole).Append("</text>");
    }

    /// <summary>The whole element, of the height given.</summary>
    public string Finish(double height)
    {
        var id = Fingerprint();
        var svg = new StringBuilder(body.Length + Style.Length + 600);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"roux-plot\" viewBox=\"0 0 {N(width)} {N(height)}\" width=\"{N(width)}\" height=\"{N(height)}\" style=\"max-width:{N(width * 1.25)}px\" role=\"img\" aria-labelledby=\"t{id} d{id}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title id=\"t{id}\">{SvgText.Escape(SvgText.Elide(title, 1500))}</title><desc id=\"d{id}\">{SvgText.Escape(description)}</desc>");
        svg.Append("<style>").Append(Style).Append("</style>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"ground\" width=\"{N(width)}\" height=\"{N(height)}\"/>");
        return svg.Append(body).Append("</svg>").ToString();
    }

    public static string Colour(int series) => string.Create(CultureInfo.InvariantCulture, $"var(--rp-{series % Colours + 1})");

    private void Close(string element, double opacity, string? hint)
    {
        if (opacity < 1)
        {
            body.Append(CultureInfo.InvariantCulture, $" fill-opacity=\"{N(opacity)}\"");
        }

        _ = hint is null ? body.Append("/>") : body.Append("><title>").Append(SvgText.Escape(SvgText.Elide(hint, 1500))).Append("</title></").Append(element).Append('>');
    }

    /// <summary>Tells charts on one page apart; the same chart has the same on every run (FNV-1a).</summary>
    private string Fingerprint()
    {
        var hash = 14695981039346656037UL;
        foreach (var c in title + description + body)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Points(IEnumerable<(double X, double Y)> points) => string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
}
