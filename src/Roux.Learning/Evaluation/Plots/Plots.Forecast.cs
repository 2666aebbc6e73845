using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation.LearningCurves;

namespace Roux.Learning.Evaluation;

public static partial class Plots
{
    private const int ForecastPlaces = 48;

    /// <summary>
    /// Measured learning curves and what is expected of more rows: dots for measured validation scores, lines for the expected score, a band of 90% around
    /// the first, dashed lines upright at the present rows, twice and ten times as many.
    /// </summary>
    /// <param name="curves">Curves and their forecasts, of one metric; at most 4 can be told apart. The first gets the band and its training score.</param>
    /// <param name="present">The present rows.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Forecast(IReadOnlyList<(LearningCurve Curve, CurveForecast? Forecast)> curves, int present, string title = "Learning curve and forecast")
    {
        var metric = curves[0].Curve.Metric;
        var sizes = curves.Select(entry => entry.Curve.Sizes).ToArray();
        var from = Math.Max(1, sizes.SelectMany(list => list).Select(size => size.Rows).DefaultIfEmpty(present).Min());
        var to = Math.Max(from * 2, present * CurveForecast.Horizon);
        var places = Enumerable.Range(0, ForecastPlaces).Select(i => from * Math.Pow(to / from, i / (ForecastPlaces - 1.0))).ToArray();
        var expected = curves.Select(entry => entry.Forecast is { } forecast ? Array.ConvertAll(places, rows => forecast.Expected(rows)) : null).ToArray();
        var chart = ForecastChart(curves, sizes, expected, (from, to), title);
        foreach (var (factor, name) in new[] { (1.0, "now"), (2.0, "2×"), (10.0, "10×") })
        {
            chart.Canvas.Line(chart.X[present * factor], chart.Top, chart.X[present * factor], chart.Bottom, "aid");
            chart.Canvas.Text(chart.X[present * factor] - 4, chart.Bottom - 6, name, Anchor.End, "muted");
        }

        if (expected[0] is { } band)
        {
            chart.Band(places, [.. band.Select(interval => interval.Low)], [.. band.Select(interval => interval.High)], 0);
        }

        for (var i = curves.Count - 1; i >= 0; i--)
        {
            if (expected[i] is { } line)
            {
                chart.Line(places, [.. line.Select(interval => interval.Estimate)], i);
            }

            foreach (var size in sizes[i])
            {
                chart.Canvas.Dot(chart.X[size.Rows], chart.Y[size.Validation], 3.5, i, 1, string.Create(CultureInfo.InvariantCulture, $"{curves[i].Curve.Name}: {Ticks.Short(size.Validation)} with {size.Rows:N0} rows, mean of {size.Repeats}"));
            }
        }

        foreach (var size in sizes[0])
        {
            chart.Canvas.Diamond(chart.X[size.Rows], chart.Y[size.Training], 4, 0, string.Create(CultureInfo.InvariantCulture, $"training score {Ticks.Short(size.Training)} with {size.Rows:N0} rows"));
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "learning_curve_forecast",
            ["metric"] = metric.Name,
            ["present_rows"] = present,
            ["curves"] = new JsonArray([.. curves.Select((entry, i) => new JsonObject
            {
                ["name"] = entry.Curve.Name,
                ["rows"] = PlotNumbers.Of(sizes[i].Select(size => size.Rows)),
                ["training"] = PlotNumbers.Of(sizes[i].Select(size => size.Training)),
                ["validation"] = PlotNumbers.Of(sizes[i].Select(size => size.Validation)),
                ["forecast"] = expected[i] is not { } line ? null : new JsonObject
                {
                    ["rows"] = PlotNumbers.Of(places),
                    ["expected"] = PlotNumbers.Of(line.Select(interval => interval.Estimate)),
                    ["low"] = PlotNumbers.Of(line.Select(interval => interval.Low)),
                    ["high"] = PlotNumbers.Of(line.Select(interval => interval.High)),
                },
            })]),
        });
    }

    private static XyChart ForecastChart(IReadOnlyList<(LearningCurve Curve, CurveForecast? Forecast)> curves, IReadOnlyList<CurveSize>[] sizes, Interval[]?[] expected, (double From, double To) x, string title)
    {
        // The band may be as wide as it likes at the ends: what was measured and what is expected must stay readable.
        var lines = sizes.SelectMany(list => list.SelectMany(size => new[] { size.Validation, size.Training })).Concat(expected.SelectMany(line => line ?? []).Select(interval => interval.Estimate)).Where(double.IsFinite).ToArray();
        var (low, high) = (lines.DefaultIfEmpty(0).Min(), lines.DefaultIfEmpty(1).Max());
        var room = 0.5 * Math.Max(high - low, 1e-9);
        var ends = (expected[0] ?? []).SelectMany(interval => new[] { interval.Low, interval.High }).Where(double.IsFinite).ToArray();
        (low, high) = Extent([low, high, .. ends.Select(end => Math.Clamp(end, low - room, high + room))]);
        var metric = curves[0].Curve.Metric;
        var legend = curves.Select((entry, i) => new LegendEntry(entry.Curve.Name, i, Mark.Line)).Append(new LegendEntry("training score of the first", 0, Mark.Diamond)).ToList();
        var told = curves.Select((entry, i) => expected[i] is { } line
            ? $"{SvgText.Elide(entry.Curve.Name, 200)} is expected to reach {Ticks.Short(line[^1].Estimate)} (90% interval {Ticks.Short(line[^1].Low)} to {Ticks.Short(line[^1].High)}) with ten times the rows"
            : $"{SvgText.Elide(entry.Curve.Name, 200)} has no forecast");
        return new XyChart(title, $"{metric.Title} over training rows: {string.Join("; ", told)}.", new Axis("Training rows", x.From, x.To, true), new Axis(metric.Title, low, high), legend);
    }
}
