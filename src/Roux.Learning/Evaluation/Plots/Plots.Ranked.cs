using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>One line of a chart of named values.</summary>
/// <param name="Name">Shown at the left, cut where too long.</param>
/// <param name="Value">The value; a line whose estimate is not finite is listed without a mark.</param>
/// <param name="Marked">Whether to set it apart from the others, such as the recommended candidate.</param>
public sealed record RankedValue(string Name, Interval Value, bool Marked = false);

public static partial class Plots
{
    private const int MostLines = 40;
    private const double LineHeight = 24;

    /// <summary>A leaderboard: a dot for each candidate's mean and a whisker for its interval, in the order given.</summary>
    /// <param name="lines">The candidates, the best first; after 40 the rest is only counted.</param>
    /// <param name="scoreName">What is shown, such as <c>macro F1 in cross-validation, 95 % intervals</c>.</param>
    /// <param name="title">Shown above.</param>
    /// <param name="marked">What it means for a line to be marked.</param>
    public static Plot Leaderboard(IReadOnlyList<RankedValue> lines, string scoreName, string title = "Leaderboard", string marked = "recommended") =>
        Ranked(new RankedChart("leaderboard", title, scoreName, FromZero: false, marked), lines);

    /// <summary>The leaderboard of a comparison, the recommended candidate marked.</summary>
    /// <param name="comparison">What <see cref="Comparison"/> found.</param>
    /// <param name="scoreName">What is shown, such as <c>macro F1 in cross-validation, 95 % intervals</c>.</param>
    public static Plot Leaderboard(ComparisonResult comparison, string scoreName) =>
        Leaderboard([.. comparison.Candidates.Select(candidate => new RankedValue(candidate.Name, candidate.Mean, candidate.Name == comparison.Recommended))], scoreName);

    /// <summary>Importance of features or columns as bars from zero, with whiskers where there are intervals.</summary>
    /// <param name="lines">The most important first; after 40 the rest is only counted.</param>
    /// <param name="scoreName">What is shown, such as <c>loss of macro F1 when shuffled</c>.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Importance(IReadOnlyList<RankedValue> lines, string scoreName, string title = "Feature importance") =>
        Ranked(new RankedChart("importance", title, scoreName, FromZero: true, ""), lines);

    /// <summary>Counts of named things, such as the levels of a column, as bars.</summary>
    /// <param name="counts">Name and count, in the order to show; after 40 the rest is only counted.</param>
    /// <param name="title">Shown above.</param>
    /// <param name="countName">What is counted.</param>
    public static Plot Counts(IReadOnlyList<(string Name, double Count)> counts, string title, string countName = "rows") =>
        Ranked(new RankedChart("counts", title, countName, FromZero: true, ""), [.. counts.Select(pair => new RankedValue(pair.Name, new Interval(pair.Count, double.NaN, double.NaN, "")))]);

    private static Plot Ranked(RankedChart kind, IReadOnlyList<RankedValue> lines)
    {
        const double Width = 480;
        var shown = lines.Take(MostLines).ToArray();
        var label = Math.Clamp(shown.Select(line => SvgText.Width(line.Name)).DefaultIfEmpty(0).Max() * 1.05 + 4, 30, 175);
        var values = Ticks.Column([.. shown.Select(line => line.Value.Estimate)]);
        var number = values.Select(value => SvgText.Width(value)).DefaultIfEmpty(0).Max() + 8;
        var (left, right) = (10 + label + 8, Width - 10 - number);
        var canvas = new SvgCanvas(Width, kind.Title, DescribeRanked(kind, lines));
        canvas.Text(10, 20, kind.Title, css: "title", room: Width - 20, fontSize: 14);
        List<LegendEntry> legend = kind.Marked.Length > 0 && Array.Exists(shown, line => line.Marked) ? [new LegendEntry(kind.Marked, 1, Mark.Diamond)] : [];
        var top = 34 + XyChart.Legend(canvas, legend, 10, 38, Width - 20);
        var bottom = top + shown.Length * LineHeight + 4;
        var extent = RankedExtent(kind, shown);
        var scale = new Scale(extent.Low, extent.High, left, right);
        DrawValueAxis(canvas, scale, kind.ScoreName, left, right, top, bottom);
        for (var i = 0; i < shown.Length; i++)
        {
            var y = top + (i + 0.5) * LineHeight + 2;
            canvas.Label(left - 8, y + 4, shown[i].Name, label);
            canvas.Text(Width - 10, y + 4, values[i], Anchor.End);
            if (double.IsFinite(shown[i].Value.Estimate))
            {
                DrawLine(canvas, scale, kind, shown[i], y);
            }
        }

        if (lines.Count > shown.Length)
        {
            bottom += 18;
            canvas.Text(left, bottom + 36, string.Create(CultureInfo.InvariantCulture, $"and {lines.Count - shown.Length} more"), css: "muted");
        }

        return new Plot(canvas.Finish(bottom + 46), new JsonObject
        {
            ["kind"] = kind.Kind,
            ["score"] = kind.ScoreName,
            ["lines"] = new JsonArray([.. lines.Select(line => new JsonObject
            {
                ["name"] = line.Name,
                ["value"] = PlotNumbers.Of(line.Value.Estimate),
                ["low"] = PlotNumbers.Of(line.Value.Low),
                ["high"] = PlotNumbers.Of(line.Value.High),
                ["marked"] = line.Marked,
            })]),
        });
    }

    private static void DrawLine(SvgCanvas canvas, Scale scale, RankedChart kind, RankedValue line, double y)
    {
        var value = line.Value;
        var hasWhisker = double.IsFinite(value.Low) && double.IsFinite(value.High);
        var hint = hasWhisker ? $"{line.Name}: {Ticks.Short(value.Estimate)} ({Ticks.Short(value.Low)} to {Ticks.Short(value.High)})" : $"{line.Name}: {Ticks.Short(value.Estimate)}";
        var series = line.Marked ? 1 : 0;
        if (kind.FromZero)
        {
            var (from, to) = (scale[Math.Min(0, value.Estimate)], scale[Math.Max(0, value.Estimate)]);
            canvas.Bar(from, y - 7, Math.Max(1, to - from), 14, series, hasWhisker ? 0.75 : 1, hint);
        }

        if (hasWhisker)
        {
            if (kind.FromZero)
            {
                canvas.Line(scale[value.Low], y, scale[value.High], y, "axis");
            }
            else
            {
                canvas.Stroke(scale[value.Low], y, scale[value.High], y, series);
                canvas.Stroke(scale[value.Low], y - 4, scale[value.Low], y + 4, series);
                canvas.Stroke(scale[value.High], y - 4, scale[value.High], y + 4, series);
            }
        }

        if (!kind.FromZero && line.Marked)
        {
            canvas.Diamond(scale[value.Estimate], y, 7, series, hint);
        }
        else if (!kind.FromZero)
        {
            canvas.Dot(scale[value.Estimate], y, 5, series, 1, hint);
        }
    }

    private static void DrawValueAxis(SvgCanvas canvas, Scale scale, string name, double left, double right, double top, double bottom)
    {
        var ticks = scale.TickValues(right - left > 220 ? 5 : 3);
        var labels = Ticks.Labels(ticks);
        for (var i = 0; i < ticks.Length; i++)
        {
            canvas.Line(scale[ticks[i]], top, scale[ticks[i]], bottom, ticks[i] == 0 ? "axis" : "grid");
            canvas.Text(scale[ticks[i]], bottom + 16, labels[i], Anchor.Middle, "muted");
        }

        canvas.Line(left, bottom, right, bottom, "axis");
        canvas.Text(canvas.Width / 2, bottom + 36, name, Anchor.Middle, room: canvas.Width - 20);
    }

    private static (double Low, double High) RankedExtent(RankedChart kind, RankedValue[] lines)
    {
        double[] values = [.. lines.SelectMany(line => new[] { line.Value.Estimate, line.Value.Low, line.Value.High }).Where(double.IsFinite)];
        if (!kind.FromZero)
        {
            return Extent(values);
        }

        var (low, high) = (Math.Min(0, values.DefaultIfEmpty(0).Min()), Math.Max(0, values.DefaultIfEmpty(0).Max()));
        return low == high ? (0, 1) : Ticks.Round(low, high);
    }

    private static string DescribeRanked(RankedChart kind, IReadOnlyList<RankedValue> lines)
    {
        var first = lines.Take(5).Select(line => $"{SvgText.Elide(line.Name, 200)} {Ticks.Short(line.Value.Estimate)}{(line.Marked && kind.Marked.Length > 0 ? $" ({kind.Marked})" : "")}");
        return string.Create(CultureInfo.InvariantCulture, $"{kind.ScoreName} of {lines.Count}: {string.Join(", ", first)}{(lines.Count > 5 ? " and others" : "")}.");
    }

    private sealed record RankedChart(string Kind, string Title, string ScoreName, bool FromZero, string Marked);
}
