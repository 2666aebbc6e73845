using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>ROC, precision and recall, calibration and thresholds of a question with two classes.</summary>
internal static class BinaryPlots
{
    public static Markup Make(ReportContext context)
    {
        var (y, p) = (context.Result.TestTarget, context.Result.TestPredictions);
        var positives = y.Labels.Count(label => label == 1);
        if (positives == 0 || positives == y.Count || p.Values.Any(double.IsNaN))
        {
            return Markup.Of($"<p>The final rows hold one class only: curves have no meaning for them.</p>\n");
        }

        return Markup.Of($"""
            <h3>How well it separates “{Words.Name(y.Classes[1])}” from “{Words.Name(y.Classes[0])}”</h3>
            <div class="plots">{Roc(context, y, p)}{PrecisionRecall(context, y, p, (double)positives / y.Count)}{CalibrationPlot(y, p)}</div>
            {Thresholds(y, p)}
            """);
    }

    /// <summary>Calibration alone, for more than two classes: of the predicted class.</summary>
    public static Markup Calibration(ReportContext context) =>
        Markup.Of($"<h3>Can its confidence be trusted?</h3>{CalibrationPlot(context.Result.TestTarget, context.Result.TestPredictions)}\n");

    private static Markup Roc(ReportContext context, Target y, Predictions p)
    {
        var curve = RocCurve.Of(y, p);
        var area = context.Result.Test.Metrics.GetValueOrDefault("roc_auc", double.NaN);
        var frame = new PlotFrame("ROC curve", $"Area under the curve {Figures.Value(area)}.", "false positive rate", "true positive rate", [0, 1], [0, 1], air: 0);
        var (xs, ys) = Polyline.Simplify(curve.FalsePositiveRate, curve.TruePositiveRate);
        frame.Line("line0", [0, 1], [0, 1]);
        frame.Line("line1", xs, ys);
        frame.Explain("line1", double.IsNaN(area) ? "model" : $"model, area {area.ToString("0.000", CultureInfo.InvariantCulture)}");
        frame.Explain("line0", "guessing, area 0.5");
        return frame.Finish();
    }

    private static Markup PrecisionRecall(ReportContext context, Target y, Predictions p, double share)
    {
        var curve = PrecisionRecallCurve.Of(y, p);
        var average = context.Result.Test.Metrics.GetValueOrDefault("average_precision", double.NaN);
        var frame = new PlotFrame("Precision and recall", $"Average precision {Figures.Value(average)}; the positive class makes up {Figures.Percent(share)}.", "recall", "precision", [0, 1], [0, 1], air: 0);
        var (xs, ys) = Polyline.Simplify(curve.Recall, curve.Precision);
        frame.Line("line0", [0, 1], [share, share]);
        frame.Line("line1", xs, ys);
        frame.Explain("line1", double.IsNaN(average) ? "model" : $"model, average {average.ToString("0.000", CultureInfo.InvariantCulture)}");
        frame.Explain("line0", $"guessing, {share.ToString("0.000", CultureInfo.InvariantCulture)}");
        return frame.Finish();
    }

    private static Markup CalibrationPlot(Target y, Predictions p)
    {
        var bins = CalibrationCurve.Of(y, p).Bins;
        if (bins.Count == 0)
        {
            return Markup.Empty;
        }

        var binary = y.Task == TaskKind.Binary;
        var frame = new PlotFrame(
            "Calibration", $"Predicted against observed share in {bins.Count} bins: {string.Join(", ", bins.Select(bin => $"{Figures.Percent(bin.MeanPredicted)} became {Figures.Percent(bin.Observed)}"))}.",
            binary ? "predicted probability" : "probability of the predicted class", "share that came true", [0, 1], [0, 1], air: 0);
        frame.Line("line0", [0, 1], [0, 1]);
        foreach (var bin in bins)
        {
            // The Wilson interval (1927) of the observed share: a bin of few rows should not look like a fault.
            var (low, high) = Wilson(bin.Observed, bin.Count);
            frame.Add(Markup.Of($"<path class=\"whisk\" d=\"M{frame.X.At(bin.MeanPredicted)} {frame.Y.At(low)}V{frame.Y.At(high)}\"/>"));
        }

        frame.Line("line1", [.. bins.Select(bin => bin.MeanPredicted)], [.. bins.Select(bin => bin.Observed)]);
        foreach (var bin in bins)
        {
            frame.Add(Markup.Of($"<circle class=\"dot1\" cx=\"{frame.X.At(bin.MeanPredicted)}\" cy=\"{frame.Y.At(bin.Observed)}\" r=\"4\"/>"));
        }

        frame.Explain("line1", "model, with 95% intervals");
        frame.Explain("line0", "perfect");
        return frame.Finish(binary ? "Of the rows given a probability of 70%, seven in ten should be positive." : "Of the predictions made with a confidence of 70%, seven in ten should be right.");
    }

    private static (double Low, double High) Wilson(double share, int rows)
    {
        const double z = 1.959964;
        var centre = (share + z * z / (2 * rows)) / (1 + z * z / rows);
        var half = z / (1 + z * z / rows) * Math.Sqrt(share * (1 - share) / rows + z * z / (4.0 * rows * rows));
        return (centre - half, centre + half);
    }

    /// <summary>What a cut-off other than one half would give.</summary>
    private static Markup Thresholds(Target y, Predictions p)
    {
        var positives = y.Labels.Count(label => label == 1);
        var table = new HtmlTable("Calling a row positive from a given probability on", new TableColumn("From", true), new TableColumn("Rows called positive", true), new TableColumn("Precision", true), new TableColumn("Recall", true), new TableColumn("Wrongly called", true), new TableColumn("Missed", true));
        for (var tenth = 1; tenth <= 9; tenth++)
        {
            var (called, hits) = (0, 0);
            for (var row = 0; row < y.Count; row++)
            {
                if (p.Values[row * 2 + 1] * 10 >= tenth)
                {
                    called++;
                    hits += y.Labels[row];
                }
            }

            table.Add(
            [
                (tenth / 10.0).ToString("0.0", CultureInfo.InvariantCulture), $"{Figures.Count(called)} ({Figures.Percent((double)called / y.Count)})",
                called == 0 ? "–" : Figures.Percent((double)hits / called), Figures.Percent((double)hits / positives), Figures.Count(called - hits), Figures.Count(positives - hits),
            ]);
        }

        return Markup.Of($"<details><summary>What another threshold would give</summary>{table.Finish()}</details>\n");
    }
}
