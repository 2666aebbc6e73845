using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

public static partial class Plots
{
    private const int MostPoints = 2000;

    /// <summary>Predicted against actual values; of many rows, a random 2,000.</summary>
    /// <param name="y">Numbers.</param>
    /// <param name="p">Predictions for the same rows.</param>
    /// <param name="title">Shown above.</param>
    public static Plot PredictedActual(Target y, Predictions p, string title = "Predicted and actual")
    {
        var rows = Sample(y, p);
        double[] actual = [.. rows.Select(row => y.Values[row])];
        double[] predicted = [.. rows.Select(row => p.Values[row])];
        var (low, high) = Extent([.. actual, .. predicted]);
        var r2 = y.Count == 0 ? double.NaN : Metrics.Find("r2").Compute(y, p);
        var chart = new XyChart(title, $"Predicted against actual values of {Rows(rows.Length, y.Count)}; R² {Ticks.Short(r2)}. Perfect predictions lie on the dashed line.",
            new Axis("Actual", low, high), new Axis("Predicted", low, high), [new LegendEntry("rows", 0, Mark.Dot), new LegendEntry("perfect", 0, Mark.Aid)]);
        chart.Aid(low, low, high, high);
        Scatter(chart, actual, predicted);
        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "predicted_actual", ["rows"] = y.Count, ["r2"] = PlotNumbers.Of(r2), ["actual"] = PlotNumbers.Of(actual), ["predicted"] = PlotNumbers.Of(predicted),
        });
    }

    /// <summary>Residuals (actual less predicted) against predicted values; of many rows, a random 2,000.</summary>
    /// <param name="y">Numbers.</param>
    /// <param name="p">Predictions for the same rows.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Residuals(Target y, Predictions p, string title = "Residuals")
    {
        var rows = Sample(y, p);
        double[] predicted = [.. rows.Select(row => p.Values[row])];
        double[] residual = [.. rows.Select(row => y.Values[row] - p.Values[row])];
        var (low, high) = Extent(predicted);
        var (least, most) = Extent([0, .. residual]);
        var mean = residual.Length == 0 ? double.NaN : residual.Average();
        var chart = new XyChart(title,
            $"Actual less predicted against predicted values of {Rows(rows.Length, y.Count)}; mean residual {Ticks.Short(mean)}. A shape other than an even band around zero shows what the model misses.",
            new Axis("Predicted", low, high), new Axis("Actual less predicted", least, most), []);
        Scatter(chart, predicted, residual);
        chart.Aid(low, 0, high, 0);
        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "residuals", ["rows"] = y.Count, ["mean_residual"] = PlotNumbers.Of(mean), ["predicted"] = PlotNumbers.Of(predicted), ["residual"] = PlotNumbers.Of(residual),
        });
    }

    private static void Scatter(XyChart chart, double[] xs, double[] ys)
    {
        var opacity = xs.Length > 500 ? 0.35 : xs.Length > 100 ? 0.55 : 0.8;
        chart.Canvas.Cloud(
            [.. Enumerable.Range(0, xs.Length).Where(i => double.IsFinite(xs[i]) && double.IsFinite(ys[i])).Select(i => (chart.X[xs[i]], chart.Y[ys[i]]))],
            xs.Length > 500 ? 2.2 : 3, 0, opacity);
    }

    /// <summary>All rows in order, or 2,000 of them drawn with a fixed seed.</summary>
    private static int[] Sample(Target y, Predictions p)
    {
        if (y.Task != TaskKind.Regression || y.Count != p.Rows)
        {
            throw new ArgumentException($"this plot needs numbers and matching rows: given a {Metrics.Describe(y.Task)} target of {y.Count} rows and predictions of {p.Rows} rows");
        }

        var rows = Enumerable.Range(0, y.Count).ToArray();
        if (rows.Length <= MostPoints)
        {
            return rows;
        }

        SplitMix64.Of(0, 0).Shuffle(rows);
        return [.. rows.Take(MostPoints).Order()];
    }

    private static string Rows(int shown, int all) => shown == all
        ? string.Create(CultureInfo.InvariantCulture, $"{all} rows")
        : string.Create(CultureInfo.InvariantCulture, $"{shown} rows drawn from {all}");

    /// <summary>Round ends around the finite values.</summary>
    private static (double Low, double High) Extent(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : Ticks.Round(finite.Min(), finite.Max());
    }
}
