using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>One line of a chart of curves.</summary>
/// <param name="Name">Shown in the legend.</param>
/// <param name="X">Places in rising order.</param>
/// <param name="Y">One value per place; what is not finite is left out.</param>
/// <param name="Low">Lower ends of a band around the line, or <c>null</c>.</param>
/// <param name="High">Upper ends of the band, or <c>null</c>.</param>
public sealed record CurveSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double>? Low = null, IReadOnlyList<double>? High = null);

public static partial class Plots
{
    /// <summary>Learning or validation curves: scores over training rows, iterations or the values of a hyperparameter.</summary>
    /// <param name="series">At most 8 lines can be told apart.</param>
    /// <param name="xName">What runs along the horizontal axis.</param>
    /// <param name="yName">What is measured.</param>
    /// <param name="title">Shown above.</param>
    /// <param name="logarithmicX">Whether equal ratios along the horizontal axis take equal space; ignored unless all places are positive.</param>
    public static Plot LearningCurve(IReadOnlyList<CurveSeries> series, string xName, string yName, string title = "Learning curve", bool logarithmicX = false)
    {
        var xs = series.SelectMany(line => line.X).Where(double.IsFinite).ToArray();
        var ys = series.SelectMany(line => line.Y.Concat(line.Low ?? []).Concat(line.High ?? []));
        var (low, high) = Extent(ys);
        var logarithmic = logarithmicX && xs.Length > 0 && xs.Min() > 0 && xs.Max() > xs.Min();
        var (from, to) = logarithmic || (xs.Length > 0 && xs.Max() > xs.Min()) ? (xs.Min(), xs.Max()) : Extent(xs);
        var last = series.Select(line => $"{SvgText.Elide(line.Name, 200)} ends at {Ticks.Short(line.Y.LastOrDefault(double.IsFinite, double.NaN))}");
        var chart = new XyChart(title, $"{yName} over {xName}: {string.Join(", ", last)}.", new Axis(xName, from, to, logarithmic), new Axis(yName, low, high),
            [.. series.Select((line, i) => new LegendEntry(line.Name, i, Mark.Line))]);
        for (var i = series.Count - 1; i >= 0; i--)
        {
            var line = series[i];
            if (line.Low is not null && line.High is not null)
            {
                chart.Band(line.X, line.Low, line.High, i);
            }

            chart.Line(line.X, line.Y, i);
            for (var k = 0; line.X.Count <= 30 && k < line.X.Count; k++)
            {
                if (double.IsFinite(line.X[k]) && double.IsFinite(line.Y[k]))
                {
                    chart.Canvas.Dot(chart.X[line.X[k]], chart.Y[line.Y[k]], 3, i, 1, $"{line.Name}: {Ticks.Short(line.Y[k])} at {Ticks.Short(line.X[k])}");
                }
            }
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "learning_curve",
            ["x"] = xName,
            ["y"] = yName,
            ["series"] = new JsonArray([.. series.Select(line => new JsonObject
            {
                ["name"] = line.Name,
                ["x"] = PlotNumbers.Of(line.X),
                ["y"] = PlotNumbers.Of(line.Y),
                ["low"] = line.Low is null ? null : PlotNumbers.Of(line.Low),
                ["high"] = line.High is null ? null : PlotNumbers.Of(line.High),
            })]),
        });
    }

    /// <summary>How the values of a column are spread, in bins of a width after Freedman and Diaconis 1981 (5 to 40 bins).</summary>
    /// <param name="values">The values; what is not finite is left out and said.</param>
    /// <param name="title">Shown above, such as the column's name.</param>
    /// <param name="valueName">Along the horizontal axis; may be empty.</param>
    public static Plot Histogram(IReadOnlyList<double> values, string title, string valueName = "")
    {
        double[] finite = [.. values.Where(double.IsFinite).Order()];
        var (edges, counts) = Bin(finite);
        var (_, top) = Ticks.Round(0, Math.Max(1, counts.DefaultIfEmpty(0).Max()));
        var left = values.Count - finite.Length;
        var description = finite.Length == 0 ? "No finite value." : string.Create(CultureInfo.InvariantCulture,
            $"{finite.Length} values from {Ticks.Short(finite[0])} to {Ticks.Short(finite[^1])}, half of them up to {Ticks.Short(finite[finite.Length / 2])}.{(left > 0 ? $" {left} missing or infinite values are left out." : "")}");
        var chart = new XyChart(title, description, new Axis(valueName, edges[0], edges[^1]), new Axis("Rows", 0, top), [], height: 260);
        for (var i = 0; i < counts.Length; i++)
        {
            var (from, to) = (chart.X[edges[i]], chart.X[edges[i + 1]]);
            chart.Canvas.Bar(from + 0.5, chart.Y[counts[i]], to - from - 1, chart.Bottom - chart.Y[counts[i]], 0, 1,
                string.Create(CultureInfo.InvariantCulture, $"{Ticks.Short(edges[i])} to {Ticks.Short(edges[i + 1])}: {counts[i]} rows"));
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "histogram", ["edges"] = PlotNumbers.Of(edges), ["counts"] = PlotNumbers.Of(counts), ["left_out"] = left,
        });
    }

    private static (double[] Edges, int[] Counts) Bin(double[] sorted)
    {
        if (sorted.Length == 0)
        {
            return ([0, 1], [0]);
        }

        var (low, high) = (sorted[0], sorted[^1]);
        var spread = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
        var width = 2 * spread / Math.Cbrt(sorted.Length);
        var wanted = width > 0 ? Math.Clamp((high - low) / width, 5, 40) : Math.Min(20, Math.Max(5, Math.Sqrt(sorted.Length)));
        (low, high) = Ticks.Round(low, high, (int)wanted);
        var ticks = Ticks.Linear(low, high, (int)wanted);
        double[] edges = ticks.Length >= 2 && ticks.Length <= 60 ? ticks : [low, high];
        var counts = new int[edges.Length - 1];
        foreach (var value in sorted)
        {
            var found = Array.BinarySearch(edges, value);
            counts[Math.Clamp(found >= 0 ? found : ~found - 1, 0, counts.Length - 1)]++;
        }

        return (edges, counts);
    }
}
