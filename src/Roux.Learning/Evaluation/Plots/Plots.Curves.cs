using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>Charts of how well predictions match answers, of candidates beside each other and of columns.</summary>
public static partial class Plots
{
    private const int MostCurves = 8;
    private const double FinestStep = 1.0 / 500;

    /// <summary>ROC curves: of the positive class, or of each class against the rest (of many, the most frequent).</summary>
    /// <param name="y">Binary, multiclass or multilabel answers.</param>
    /// <param name="p">Probabilities for the same rows.</param>
    /// <param name="title">Shown above.</param>
    public static Plot Roc(Target y, Predictions p, string title = "ROC curve")
    {
        var curves = ClassesToShow(y).Select(output =>
        {
            var curve = RocCurve.Of(y, p, output);
            return (Name: y.Classes[output], X: curve.FalsePositiveRate, Y: curve.TruePositiveRate, Score: Area(y, p, output));
        }).ToArray();
        return Curves(new CurveChart("roc", title, "False positive rate", "True positive rate", "area"), curves, y, (0, 0, 1, 1));
    }

    /// <summary>Precision-recall curves: of the positive class, or of each class against the rest (of many, the most frequent).</summary>
    /// <param name="y">Binary, multiclass or multilabel answers.</param>
    /// <param name="p">Probabilities for the same rows.</param>
    /// <param name="title">Shown above.</param>
    public static Plot PrecisionRecall(Target y, Predictions p, string title = "Precision and recall")
    {
        var curves = ClassesToShow(y).Select(output =>
        {
            var curve = PrecisionRecallCurve.Of(y, p, output);
            return (Name: y.Classes[output], X: curve.Recall, Y: curve.Precision, Score: RankedClass.Of(y, p, output)!.AveragePrecision(MetricKernel.Once(y.Count)));
        }).ToArray();
        var share = y.Task == TaskKind.Binary ? y.Labels.Average() : double.NaN;
        return Curves(new CurveChart("precision_recall", title, "Recall", "Precision", "average precision"), curves, y,
            double.IsNaN(share) ? null : (0, share, 1, share));
    }

    /// <summary>Calibration: how often what was promised came true, with the number of rows in each bin as the size of its dot.</summary>
    /// <param name="y">Binary or multiclass answers.</param>
    /// <param name="p">Probabilities for the same rows.</param>
    /// <param name="title">Shown above.</param>
    /// <param name="bins">Number of bins.</param>
    public static Plot Calibration(Target y, Predictions p, string title = "Calibration", int bins = 10)
    {
        var curve = CalibrationCurve.Of(y, p, bins);
        var error = Metrics.Find("ece").Compute(y, p);
        var what = y.Task == TaskKind.Binary ? $"probability of {y.Classes[1]}" : "probability of the predicted class";
        var description = string.Create(CultureInfo.InvariantCulture,
            $"What happened against what was predicted, in {curve.Bins.Count} bins of the {what}. Expected calibration error {Ticks.Short(error)}. On the dashed line, predictions are honest; below it they are too sure.");
        var chart = new XyChart(title, description, new Axis($"Predicted: {what}", 0, 1), new Axis("Observed share", 0, 1),
            [new LegendEntry("bins (larger dot: more rows)", 0, Mark.Dot), new LegendEntry("honest", 0, Mark.Aid)]);
        chart.Aid(0, 0, 1, 1);
        chart.Line([.. curve.Bins.Select(bin => bin.MeanPredicted)], [.. curve.Bins.Select(bin => bin.Observed)], 0);
        var most = curve.Bins.Count == 0 ? 1 : curve.Bins.Max(bin => bin.Count);
        foreach (var bin in curve.Bins)
        {
            chart.Canvas.Dot(chart.X[bin.MeanPredicted], chart.Y[bin.Observed], 3 + 6 * Math.Sqrt((double)bin.Count / most), 0, 0.85,
                string.Create(CultureInfo.InvariantCulture, $"predicted {Ticks.Short(bin.MeanPredicted)}, observed {Ticks.Short(bin.Observed)}, {bin.Count} rows"));
        }

        return new Plot(chart.Finish(), new JsonObject
        {
            ["kind"] = "calibration",
            ["expected_calibration_error"] = PlotNumbers.Of(error),
            ["bins"] = new JsonArray([.. curve.Bins.Select(bin => new JsonObject
            {
                ["low"] = bin.Low, ["high"] = bin.High, ["count"] = bin.Count, ["mean_predicted"] = bin.MeanPredicted, ["observed"] = bin.Observed,
            })]),
        });
    }

    private static Plot Curves(
        CurveChart kind, (string Name, double[] X, double[] Y, double Score)[] curves, Target y, (double X1, double Y1, double X2, double Y2)? noSkill)
    {
        string Name((string Name, double[] X, double[] Y, double Score) curve) => $"{SvgText.Elide(curve.Name, 150)}: {Ticks.Short(curve.Score)}";
        var omitted = y.Task == TaskKind.Binary ? 0 : y.Classes.Length - curves.Length;
        var description = $"{kind.Y} against {kind.X.ToLowerInvariant()}; {kind.Score} by class: {string.Join(", ", curves.Select(Name))}."
            + (omitted > 0 ? string.Create(CultureInfo.InvariantCulture, $" The {omitted} rarest classes are left out.") : "");
        List<LegendEntry> legend = [.. curves.Select((curve, i) => new LegendEntry(Name(curve), i, Mark.Line))];
        if (noSkill is not null)
        {
            legend.Add(new LegendEntry("no skill", 0, Mark.Aid));
        }

        var chart = new XyChart(kind.Title, description, new Axis(kind.X, 0, 1), new Axis(kind.Y, 0, 1), legend, height: 350 + 18 * (legend.Count / 3));
        if (noSkill is { } line)
        {
            chart.Aid(line.X1, line.Y1, line.X2, line.Y2);
        }

        var numbers = new JsonArray();
        for (var i = curves.Length - 1; i >= 0; i--)
        {
            var (xs, ys) = Thin(curves[i].X, curves[i].Y);
            chart.Line(xs, ys, i);
            numbers.Insert(0, new JsonObject
            {
                ["class"] = curves[i].Name,
                [kind.Score.Replace(' ', '_')] = PlotNumbers.Of(curves[i].Score),
                [Key(kind.X)] = PlotNumbers.Of(xs),
                [Key(kind.Y)] = PlotNumbers.Of(ys),
            });
        }

        return new Plot(chart.Finish(), new JsonObject { ["kind"] = kind.Kind, ["curves"] = numbers });
    }

    /// <summary>The same line without points that nobody could see: those closer than 1/500 to the last one kept.</summary>
    private static (double[] X, double[] Y) Thin(double[] xs, double[] ys)
    {
        var kept = new List<int>();
        for (var i = 0; i < xs.Length; i++)
        {
            if (i == 0 || i == xs.Length - 1 || Math.Abs(xs[i] - xs[kept[^1]]) >= FinestStep || Math.Abs(ys[i] - ys[kept[^1]]) >= FinestStep)
            {
                kept.Add(i);
            }
        }

        return ([.. kept.Select(i => xs[i])], [.. kept.Select(i => ys[i])]);
    }

    private static double Area(Target y, Predictions p, int output) => RankedClass.Of(y, p, output)!.Area(MetricKernel.Once(y.Count));

    /// <summary>Binary: the positive class; else the most frequent classes, in their order.</summary>
    private static int[] ClassesToShow(Target y)
    {
        if (y.Task == TaskKind.Binary)
        {
            return [1];
        }

        var sizes = new int[y.Classes.Length];
        foreach (var label in y.Labels)
        {
            sizes[label]++;
        }

        for (var i = 0; i < y.Indicators.Length; i++)
        {
            sizes[i % sizes.Length] += y.Indicators[i] ? 1 : 0;
        }

        return [.. Enumerable.Range(0, sizes.Length).OrderByDescending(k => sizes[k]).Take(MostCurves).Order()];
    }

    private static string Key(string axis) => axis.ToLowerInvariant().Replace(' ', '_');

    private sealed record CurveChart(string Kind, string Title, string X, string Y, string Score);
}
