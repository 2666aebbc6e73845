using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>One column of a summary of contributions.</summary>
/// <param name="Name">The column.</param>
/// <param name="Contributions">One a row.</param>
/// <param name="Heights">Per row where its value lies among all, 0 (lowest) to 1 (highest); NaN where it is missing or has no order.</param>
public sealed record SwarmLine(string Name, double[] Contributions, double[] Heights);

public static partial class Plots
{
    private const int MostSwarms = 20;
    private const int MostSteps = 12;
    private const double SwarmHeight = 30;

    /// <summary>Contributions of columns to predictions, one dot a row, coloured by the column's own value (the summary plot of Lundberg et al. 2018).</summary>
    /// <param name="lines">The most important column first; after 20 the rest is only counted.</param>
    /// <param name="scoreName">What contributions are in.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Beeswarm(IReadOnlyList<SwarmLine> lines, string scoreName, string title = "Contributions")
    {
        const double Width = 520;
        var shown = lines.Take(MostSwarms).ToArray();
        var label = Math.Clamp(shown.Select(line => SvgText.Width(line.Name)).DefaultIfEmpty(0).Max() * 1.05 + 4, 30, 165);
        var (left, right) = (10 + label + 8, Width - 16);
        var first = shown.Take(5).Select(line => SvgText.Elide(line.Name, 200));
        var canvas = new SvgCanvas(Width, title, $"Contributions of {lines.Count} columns to {scoreName}, one dot a row; the largest: {string.Join(", ", first)}. Dots right of zero raise the prediction.");
        canvas.Text(10, 20, title, css: "title", room: Width - 20, fontSize: 14);
        var top = 34 + XyChart.Legend(canvas, [new("low value", 0, Mark.Dot), new("middle", 7, Mark.Dot), new("high value", 1, Mark.Dot), new("missing, or without order", 3, Mark.Dot)], 10, 38, Width - 20);
        var bottom = top + shown.Length * SwarmHeight + 4;
        double[] all = [.. shown.SelectMany(line => line.Contributions).Where(double.IsFinite).Append(0)];
        var extent = Ticks.Round(all.Min(), all.Max());
        var scale = new Scale(extent.Low, extent.High, left, right);
        DrawValueAxis(canvas, scale, $"contribution to {scoreName}", left, right, top, bottom);
        for (var i = 0; i < shown.Length; i++)
        {
            var y = top + (i + 0.5) * SwarmHeight + 2;
            canvas.Label(left - 8, y + 4, shown[i].Name, label);
            DrawSwarm(canvas, shown[i], scale, y);
        }

        if (lines.Count > shown.Length)
        {
            bottom += 18;
            canvas.Text(left, bottom + 36, string.Create(CultureInfo.InvariantCulture, $"and {lines.Count - shown.Length} more"), css: "muted");
        }

        return new Plot(canvas.Finish(bottom + 46), new JsonObject
        {
            ["kind"] = "contributions",
            ["score"] = scoreName,
            ["columns"] = new JsonArray([.. shown.Select(line => new JsonObject
            {
                ["name"] = line.Name, ["contributions"] = PlotNumbers.Of(line.Contributions), ["heights"] = PlotNumbers.Of(line.Heights),
            })]),
        });
    }

    /// <summary>From the expectation to one row's prediction, step by step.</summary>
    /// <param name="steps">Column (with the row's value) and contribution, the largest first; after 12 the rest is one step.</param>
    /// <param name="start">The expectation.</param>
    /// <param name="scoreName">What contributions are in.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Waterfall(IReadOnlyList<(string Name, double Value)> steps, double start, string scoreName, string title = "How this prediction came about")
    {
        const double Width = 520;
        List<(string Name, double Value)> shown = [.. steps.Take(MostSteps)];
        if (steps.Count > MostSteps)
        {
            shown.Add((string.Create(CultureInfo.InvariantCulture, $"{steps.Count - MostSteps} other columns"), steps.Skip(MostSteps).Sum(step => step.Value)));
        }

        var ends = new double[shown.Count + 1];
        ends[0] = start;
        for (var i = 0; i < shown.Count; i++)
        {
            ends[i + 1] = ends[i] + shown[i].Value;
        }

        var canvas = new SvgCanvas(Width, title,
            $"From {Ticks.Short(start)} (expectation) to {Ticks.Short(ends[^1])} ({scoreName}): {string.Join(", ", shown.Take(6).Select(step => $"{SvgText.Elide(step.Name, 200)} {Signed(step.Value)}"))}.");
        canvas.Text(10, 20, title, css: "title", room: Width - 20, fontSize: 14);
        var label = Math.Clamp(shown.Select(step => SvgText.Width(step.Name)).Append(SvgText.Width("expectation")).Max() * 1.05 + 4, 60, 210);
        var number = shown.Select(step => SvgText.Width(Signed(step.Value))).Append(SvgText.Width(Ticks.Short(start))).Max() + 8;
        var (left, right) = (10 + label + 8, Width - 10 - number);
        var top = 34.0;
        var bottom = top + (shown.Count + 2) * LineHeight + 4;
        var extent = Ticks.Round(ends.Min(), ends.Max());
        var scale = new Scale(extent.Low, extent.High, left, right);
        DrawValueAxis(canvas, scale, scoreName, left, right, top, bottom);
        Ending(canvas, scale, "expectation", start, top + 0.5 * LineHeight + 2, left, label, Width);
        for (var i = 0; i < shown.Count; i++)
        {
            var y = top + (i + 1.5) * LineHeight + 2;
            var (from, to) = (scale[Math.Min(ends[i], ends[i + 1])], scale[Math.Max(ends[i], ends[i + 1])]);
            canvas.Label(left - 8, y + 4, shown[i].Name, label);
            canvas.Line(scale[ends[i]], y - LineHeight + 7, scale[ends[i]], y + 7, "axis");
            canvas.Bar(from, y - 7, Math.Max(1, to - from), 14, shown[i].Value >= 0 ? 1 : 0, 1, $"{shown[i].Name}: {Signed(shown[i].Value)}");
            canvas.Text(Width - 10, y + 4, Signed(shown[i].Value), Anchor.End);
        }

        var last = top + (shown.Count + 1.5) * LineHeight + 2;
        canvas.Line(scale[ends[^1]], last - LineHeight + 7, scale[ends[^1]], last + 7, "axis");
        Ending(canvas, scale, "this row", ends[^1], last, left, label, Width);
        return new Plot(canvas.Finish(bottom + 46), new JsonObject
        {
            ["kind"] = "waterfall",
            ["score"] = scoreName,
            ["expectation"] = PlotNumbers.Of(start),
            ["prediction"] = PlotNumbers.Of(ends[^1]),
            ["steps"] = new JsonArray([.. steps.Select(step => new JsonObject { ["name"] = step.Name, ["contribution"] = PlotNumbers.Of(step.Value) })]),
        });
    }

    /// <summary>Mean prediction over the values of a column of numbers (partial dependence), and the single rows behind it (ICE).</summary>
    /// <param name="column">The column, with its unit where it has one.</param>
    /// <param name="grid">Its values, ascending; at least two.</param>
    /// <param name="mean">Mean prediction at each.</param>
    /// <param name="curves">Predictions of single rows, each as long as the grid.</param>
    /// <param name="support">Share of the rows at or nearest to each value.</param>
    /// <param name="scoreName">What is predicted.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Dependence(string column, double[] grid, double[] mean, IReadOnlyList<double[]> curves, double[] support, string scoreName, string? title = null)
    {
        double[] all = [.. mean, .. curves.SelectMany(curve => curve).Order() is var sorted && sorted.Any() ? Inner([.. sorted]) : []];
        var (low, high) = Ticks.Round(all.Min(), all.Max());
        var turning = $"from {Ticks.Short(mean[0])} at {Ticks.Short(grid[0])} to {Ticks.Short(mean[^1])} at {Ticks.Short(grid[^1])}";
        var chart = new XyChart(title ?? column, $"Mean prediction ({scoreName}) over {column}: {turning}. Thin lines are single rows; grey bars below show where rows are.",
            new Axis(column, grid[0], grid[^1]), new Axis(scoreName, low, high), [new LegendEntry("mean", 0, Mark.Line), new LegendEntry("single rows", 7, Mark.Dot)], height: 300);
        foreach (var curve in curves)
        {
            chart.Canvas.Hair(Enumerable.Range(0, grid.Length).Select(i => (chart.X[grid[i]], chart.Y[curve[i]])), 7);
        }

        var most = Math.Max(support.Max(), 1e-9);
        for (var i = 0; i < grid.Length; i++)
        {
            var height = 18 * support[i] / most;
            chart.Canvas.Bar(chart.X[grid[i]] - 2, chart.Bottom - height, 4, height, 7, 0.45, string.Create(CultureInfo.InvariantCulture, $"{Ticks.Short(grid[i])}: {support[i]:0%} of rows, mean prediction {Ticks.Short(mean[i])}"));
        }

        chart.Line(grid, mean, 0);
        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "partial_dependence",
            ["column"] = column,
            ["score"] = scoreName,
            ["grid"] = PlotNumbers.Of(grid),
            ["mean"] = PlotNumbers.Of(mean),
            ["support"] = PlotNumbers.Of(support),
            ["curves"] = new JsonArray([.. curves.Select(PlotNumbers.Of)]),
        });
    }

    /// <summary>Mean prediction for each level of a column, with the middle 80 % of single rows as a whisker.</summary>
    /// <param name="column">The column.</param>
    /// <param name="levels">Level, mean prediction, 10th and 90th percentile of single rows.</param>
    /// <param name="scoreName">What is predicted.</param>
    public static Plot DependenceOnLevels(string column, IReadOnlyList<(string Level, double Mean, double Low, double High)> levels, string scoreName) =>
        Ranked(new RankedChart("partial_dependence", column, $"{scoreName}: mean, and middle 80% of rows", FromZero: false, ""),
            [.. levels.Select(level => new RankedValue(level.Level, new Interval(level.Mean, level.Low, level.High, "middle 80% of rows")))]);

    private static void DrawSwarm(SvgCanvas canvas, SwarmLine line, Scale scale, double y)
    {
        var order = Enumerable.Range(0, line.Contributions.Length).Where(row => double.IsFinite(line.Contributions[row])).OrderBy(row => line.Contributions[row]).ToArray();
        var places = new (double X, double Y)[line.Contributions.Length];
        foreach (var bin in order.GroupBy(row => Math.Round(scale[line.Contributions[row]] / 3)))
        {
            int[] rows = [.. bin];
            var step = Math.Min(3, (SwarmHeight - 6) / rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                places[rows[i]] = (scale[line.Contributions[rows[i]]], y + step * ((i + 1) / 2) * (i % 2 == 0 ? 1 : -1));
            }
        }

        foreach (var (series, from, to) in new[] { (7, 1 / 3.0, 2 / 3.0), (0, -1, 1 / 3.0), (1, 2 / 3.0, 2) })
        {
            canvas.Cloud([.. order.Where(row => line.Heights[row] >= from && line.Heights[row] < to).Select(row => places[row])], 2, series, 0.8);
        }

        canvas.Cloud([.. order.Where(row => double.IsNaN(line.Heights[row])).Select(row => places[row])], 2, 3, 0.8);
    }

    private static void Ending(SvgCanvas canvas, Scale scale, string name, double value, double y, double left, double label, double width)
    {
        canvas.Label(left - 8, y + 4, name, label);
        canvas.Diamond(scale[value], y, 6, 7, $"{name}: {Ticks.Short(value)}");
        canvas.Text(width - 10, y + 4, Ticks.Short(value), Anchor.End);
    }

    /// <summary>The ends of sorted values without the outermost hundredths, which would press the rest into a line.</summary>
    private static double[] Inner(double[] sorted) => [sorted[(int)(0.01 * (sorted.Length - 1))], sorted[(int)(0.99 * (sorted.Length - 1))]];

    private static string Signed(double value) => value > 0 ? "+" + Ticks.Short(value) : Ticks.Short(value);
}
