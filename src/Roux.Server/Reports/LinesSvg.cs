using System.Globalization;
using System.Net;
using System.Text;
using Roux.Server.Components.Charts;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Reports;

/// <summary>A chart of lines as an SVG that stands by itself: title, axes, lines and legend, without a script.</summary>
internal static class LinesSvg
{
    private const int Width = 760;
    private const int Height = 280;
    private const int RowHeight = 18;
    private const double LetterWidth = 6.4;

    /// <summary>The SVG, with what people named written as text.</summary>
    public static string Draw(LinesPicture picture, string title)
    {
        var drawing = LineDrawing.Of([.. picture.Lines.Select(line => (line.Curve, line.Colour))], picture.Options, null, Width, Height);
        var places = Legend(picture.Lines);
        var high = Height + 20 + (places.Count == 0 ? 0 : (int)places[^1].Y + RowHeight);
        var svg = new StringBuilder(4096);
        svg.Append(CultureInfo.InvariantCulture, $"""<svg role="img" aria-label="{Text($"{title}: {string.Join(", ", picture.Lines.Take(5).Select(line => Format.Cut(line.Name, 40)))}")}" viewBox="0 0 {Width} {high}" preserveAspectRatio="xMidYMid meet">""");
        Axes(svg, drawing, picture.Options);
        foreach (var line in drawing.Lines.Where(line => line.Path.Length > 0))
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="{(line.IsRaw ? "raw" : "line")} c{line.Colour}" d="{line.Path}"/>""");
        }

        for (var index = 0; index < places.Count; index++)
        {
            var (x, y) = places[index];
            var line = picture.Lines[index];
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="f{line.Colour}" x="{x:0}" y="{Height + 26 + y:0}" width="12" height="3" rx="1.5"/>""");
            Label(svg, x + 17, Height + 31 + y, "start", Format.Cut(line.Name, 60));
        }

        if (drawing.Lines.All(line => line.Path.Length == 0))
        {
            Label(svg, Width / 2.0, Height / 2.0, "middle", "No points");
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Axes(StringBuilder svg, LineDrawing drawing, ChartOptions options)
    {
        var (x, y) = (drawing.X, drawing.Y);
        foreach (var tick in y.Ticks(5))
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="gridline" x1="{x.From:0.#}" x2="{x.To:0.#}" y1="{y.Place(tick):0.#}" y2="{y.Place(tick):0.#}"/>""");
            Label(svg, x.From - 7, y.Place(tick) + 3.5, "end", Scale.Short(tick));
        }

        var isTime = options.Axis == ChartAxis.Time;
        foreach (var tick in isTime ? x.TimeTicks(7) : x.Ticks(8))
        {
            Label(svg, x.Place(tick), drawing.Floor + 17, "middle", isTime ? Scale.Clock(tick, x.High - x.Low) : Scale.Short(tick));
        }

        svg.Append(CultureInfo.InvariantCulture, $"""<line class="axis" x1="{x.From:0.#}" x2="{x.To:0.#}" y1="{drawing.Floor:0.#}" y2="{drawing.Floor:0.#}"/>""");
        Label(svg, x.To, drawing.Floor + 33, "end", options.Axis switch { ChartAxis.Step => "step", ChartAxis.Time => "time (UTC)", _ => "seconds since the first point" });
    }

    private static List<(double X, double Y)> Legend(IReadOnlyList<NamedCurve> lines)
    {
        var places = new List<(double X, double Y)>();
        var (x, y) = (52.0, 8.0);
        foreach (var line in lines)
        {
            var wide = 32 + (Math.Min(60, line.Name.Length) * LetterWidth);
            if (x > 52 && x + wide > Width)
            {
                (x, y) = (52, y + RowHeight);
            }

            places.Add((x, y));
            x += wide;
        }

        return places;
    }

    private static void Label(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{Text(text)}</text>""");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
