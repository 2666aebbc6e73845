using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Draws the picture that a finding keeps in its evidence: <c>kind</c> (line, scatter, bar or heat), <c>title</c>, <c>x_title</c>, <c>y_title</c>, <c>log_y</c>, <c>reference</c>,
/// <c>labels</c> and <c>series</c> of <c>name</c>, <c>x</c>, <c>y</c>. The evidence may come from a foreign program: what cannot be drawn is left out.
/// </summary>
internal sealed class EvidenceChart
{
    /// <summary>Name of the picture in a finding's evidence.</summary>
    public const string Key = "plot";

    private const int MostSeries = 20;
    private const int MostPoints = 2000;
    private const int MostLabels = 60;
    private const double Width = 480;

    private readonly JsonObject json;
    private readonly List<Series> series;
    private readonly List<string> labels;

    private EvidenceChart(JsonObject json)
    {
        this.json = json;
        labels = [.. Array("labels").OfType<JsonValue>().Take(MostLabels).Select(label => label.ToString())];
        series = [.. Array("series").OfType<JsonObject>().Take(MostSeries).Select(one => new Series(Text(one, "name"), Numbers(one, "x"), Numbers(one, "y")))];
    }

    /// <summary>The chart; <c>null</c> where there is none in the evidence, or nothing to draw in it.</summary>
    public static Plot? Of(JsonObject? evidence) =>
        evidence?[Key] is JsonObject json && new EvidenceChart(json) is { IsEmpty: false } chart ? new Plot(chart.Draw(), json.DeepClone().AsObject()) : null;

    private bool IsEmpty => !series.Exists(one => one.Y.Exists(double.IsFinite)) || (IsLabelled && labels.Count == 0);

    private bool IsLabelled => Kind is "bar" or "heat";

    private string Kind => Text(json, "kind");

    private string Title => Text(json, "title");

    private double Reference => Number(json["reference"]);

    private string Draw() => Kind switch
    {
        "bar" => Bars(),
        "heat" => Heat(),
        _ => Lines(dots: Kind == "scatter"),
    };

    private string Lines(bool dots)
    {
        var drawn = series.Select(one => one with { X = one.X.Count == one.Y.Count ? one.X : [.. Enumerable.Range(0, one.Y.Count).Select(i => (double)i)] }).ToList();
        double[] ys = [.. drawn.SelectMany(one => one.Y).Append(Reference).Where(double.IsFinite)];
        double[] xs = [.. drawn.SelectMany(one => one.X).Where(double.IsFinite)];
        var logarithmic = json["log_y"] is JsonValue log && log.TryGetValue<bool>(out var wanted) && wanted && ys.Any(value => value > 0);
        var positive = logarithmic ? ys.Where(value => value > 0).ToArray() : ys;
        var (low, high) = logarithmic ? (positive.Min() / 1.2, positive.Max() * 1.2) : Extent(ys);
        var (from, to) = xs.Length > 0 && xs.Max() > xs.Min() ? (xs.Min(), xs.Max()) : Extent(xs);
        List<LegendEntry> legend = drawn.Count == 1 && drawn[0].Name.Length == 0 ? [] : [.. drawn.Select((one, i) => new LegendEntry(one.Name, i, dots ? Mark.Dot : Mark.Line))];
        var chart = new XyChart(Title, Describe(), new Axis(Text(json, "x_title"), from, to), new Axis(Text(json, "y_title"), low, high, logarithmic), legend, height: 300);
        for (var i = drawn.Count - 1; i >= 0; i--)
        {
            if (dots)
            {
                var points = drawn[i].X.Zip(drawn[i].Y).Where(point => double.IsFinite(point.First) && double.IsFinite(point.Second)).Select(point => (chart.X[point.First], chart.Y[point.Second])).ToList();
                chart.Canvas.Cloud(points, points.Count > 300 ? 2 : 3, i, points.Count > 300 ? 0.5 : 0.8);
            }
            else
            {
                Line(chart, drawn[i], i, logarithmic);
            }
        }

        if (double.IsFinite(Reference))
        {
            chart.Aid(from, Reference, to, Reference);
        }

        return chart.Finish();
    }

    /// <summary>A line with a gap where a value is missing.</summary>
    private static void Line(XyChart chart, Series one, int place, bool logarithmic)
    {
        var part = new List<(double X, double Y)>();
        for (var i = 0; i <= one.Y.Count; i++)
        {
            if (i < one.Y.Count && double.IsFinite(one.X[i]) && double.IsFinite(one.Y[i]) && (!logarithmic || one.Y[i] > 0))
            {
                part.Add((chart.X[one.X[i]], chart.Y[one.Y[i]]));
                continue;
            }

            if (part.Count == 1)
            {
                chart.Canvas.Dot(part[0].X, part[0].Y, 2.5, place);
            }
            else if (part.Count > 1)
            {
                chart.Canvas.Path(part, place);
            }

            part = [];
        }
    }

    private string Bars()
    {
        var thick = series.Count == 1 ? 14.0 : Math.Max(3, 18.0 / series.Count);
        var line = Math.Max(22, thick * series.Count + 6);
        var label = Math.Clamp(labels.Max(text => SvgText.Width(text)) * 1.05 + 4, 30, 175);
        var canvas = new SvgCanvas(Width, Title, Describe());
        canvas.Text(10, 20, Title, css: "title", room: Width - 20, fontSize: 14);
        List<LegendEntry> legend = series.Count < 2 ? [] : [.. series.Select((one, i) => new LegendEntry(one.Name, i, Mark.Dot))];
        var top = 34 + XyChart.Legend(canvas, legend, 10, 38, Width - 20);
        var bottom = top + labels.Count * line + 4;
        double[] values = [.. series.SelectMany(one => one.Y.Take(labels.Count)).Append(Reference).Where(double.IsFinite)];
        var (low, high) = Ticks.Round(Math.Min(0, values.Min()), Math.Max(values.Max(), values.Min() >= 0 && values.Max() <= 0 ? 1 : 0));
        var scale = new Scale(low, high, 10 + label + 8, Width - 58);
        var ticks = scale.TickValues(4);
        var texts = Ticks.Labels(ticks);
        for (var i = 0; i < ticks.Length; i++)
        {
            canvas.Line(scale[ticks[i]], top, scale[ticks[i]], bottom, ticks[i] == 0 ? "axis" : "grid");
            canvas.Text(scale[ticks[i]], bottom + 16, texts[i], Anchor.Middle, "muted");
        }

        for (var row = 0; row < labels.Count; row++)
        {
            Bars(canvas, scale, row, top + row * line + (line - thick * series.Count) / 2, thick);
            canvas.Label(10 + label, top + (row + 0.5) * line + 4, labels[row], label);
        }

        if (double.IsFinite(Reference))
        {
            canvas.Line(scale[Reference], top, scale[Reference], bottom, "aid");
        }

        canvas.Text(Width / 2, bottom + 36, Text(json, "y_title"), Anchor.Middle, room: Width - 20);
        return canvas.Finish(bottom + 46);
    }

    private void Bars(SvgCanvas canvas, Scale scale, int row, double y, double thick)
    {
        for (var i = 0; i < series.Count; i++)
        {
            var value = row < series[i].Y.Count ? series[i].Y[row] : double.NaN;
            if (!double.IsFinite(value))
            {
                continue;
            }

            var (from, to) = (scale[Math.Min(0, value)], scale[Math.Max(0, value)]);
            canvas.Bar(from, y + i * thick, Math.Max(1, to - from), thick - 1, i, 1, $"{labels[row]}{(series.Count > 1 ? $", {series[i].Name}" : "")}: {Ticks.Short(value)}");
            if (series.Count == 1)
            {
                canvas.Text(to + 5, y + thick / 2 + 4, Ticks.Short(value), css: "muted");
            }
        }
    }

    private string Heat()
    {
        var left = 16 + Math.Clamp(series.Max(one => SvgText.Width(one.Name)) + 6, 24, 150);
        var cell = Math.Min((Width - left - 12) / labels.Count, 60);
        var height = Math.Min(Math.Max(cell, 14), 28);
        var longest = labels.Max(text => SvgText.Width(text));
        var turned = longest > cell - 4;
        var top = 40 + (turned ? Math.Min(longest, 105) * 0.72 + 8 : 16);
        var canvas = new SvgCanvas(Width, Title, Describe());
        canvas.Text(10, 20, Title, css: "title", room: Width - 20, fontSize: 14);
        var most = series.SelectMany(one => one.Y).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var column = 0; column < labels.Count; column++)
        {
            canvas.Text(left + (column + 0.5) * cell, top - 5, labels[column], turned ? Anchor.Start : Anchor.Middle, "", turned ? -45 : 0, 105);
        }

        for (var row = 0; row < series.Count; row++)
        {
            canvas.Label(left - 6, top + (row + 0.5) * height + 4, series[row].Name, left - 16);
            for (var column = 0; column < Math.Min(labels.Count, series[row].Y.Count); column++)
            {
                if (series[row].Y[column] is var value && double.IsFinite(value))
                {
                    canvas.Bar(left + column * cell + 0.5, top + row * height + 0.5, cell - 1, height - 1, value < 0 ? 1 : 0, 0.04 + 0.96 * (most > 0 ? Math.Abs(value) / most : 0), $"{series[row].Name}, {labels[column]}: {Ticks.Short(value)}");
                }
            }
        }

        var bottom = top + series.Count * height;
        canvas.Text(left, bottom + 22, $"{Text(json, "y_title")}: darkest {Ticks.Short(most)}", css: "muted", room: Width - left - 10);
        return canvas.Finish(bottom + 34);
    }

    private string Describe() => $"{Text(json, "y_title")}{(IsLabelled ? "" : $" over {Text(json, "x_title")}")}: {string.Join("; ", IsLabelled
        ? labels.Take(5).Select((label, i) => $"{SvgText.Elide(label, 200)} {string.Join(" and ", series.Take(3).Select(one => Ticks.Short(i < one.Y.Count ? one.Y[i] : double.NaN)))}")
        : series.Take(5).Select(one => $"{SvgText.Elide(one.Name, 200)} ends at {Ticks.Short(one.Y.LastOrDefault(double.IsFinite, double.NaN))}"))}.";

    private static (double Low, double High) Extent(double[] values) => values.Length == 0 ? (0, 1) : Ticks.Round(values.Min(), values.Max());

    private JsonArray Array(string name) => json[name] as JsonArray ?? [];

    private static string Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static List<double> Numbers(JsonObject json, string name) => [.. (json[name] as JsonArray ?? []).Take(MostPoints).Select(Number)];

    private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;

    private sealed record Series(string Name, List<double> X, List<double> Y);
}
