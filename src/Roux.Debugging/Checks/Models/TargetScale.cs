using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether predicted numbers are right but for their unit, or on average off.</summary>
public sealed class TargetScale : Check<ModelSubject>
{
    private static readonly Threshold Ratio = new("error-ratio", 4, "mean squared error over that of the same predictions on a straight line to the answers: at least", "half of the typical error would go away by changing the unit; a sound model is close to 1");
    private static readonly Threshold Explained = new("explained", 0.25, "share of the variance that the straight line explains: at least", "a correlation of one half: the predictions do know something");
    private static readonly Threshold Bias = new("bias", 0.2, "mean error over the standard deviation of the errors: at least", "a small effect (Cohen 1988)");
    private static readonly Threshold Deviations = new("standard-errors", 5, "standard errors by which the mean error differs from zero", "one in two million by chance");

    /// <inheritdoc/>
    public override string Name => "target-scale";

    /// <inheritdoc/>
    public override string Definition => "Predictions that follow the answers, but in another unit or shifted: a straight line through them (Mincer and Zarnowitz 1969) removes most of the error; or errors that are not zero on average.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Explained, Bias, Deviations];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "high-bias", "weak-slice", "residual-bias", "prediction-collapse", "ignored-columns"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task != TaskKind.Regression || y.Count < 20 || !Array.TrueForAll(p.Values, double.IsFinite))
        {
            yield break;
        }

        var (meanY, meanP) = (y.Values.Average(), p.Values.Average());
        var (yy, pp, yp, error) = (0.0, 0.0, 0.0, 0.0);
        for (var row = 0; row < y.Count; row++)
        {
            var (dy, dp, e) = (y.Values[row] - meanY, p.Values[row] - meanP, p.Values[row] - y.Values[row]);
            yy += dy * dy;
            pp += dp * dp;
            yp += dy * dp;
            error += e * e;
        }

        if (!(yy > 0) || !(pp > 0))
        {
            yield break;
        }

        var (explained, slope) = (yp / yy * (yp / pp), yp / pp);
        var line = yy * (1 - explained);
        var evidence = new JsonObject
        {
            ["slope"] = slope,
            ["intercept"] = meanY - slope * meanP,
            ["explained_by_line"] = explained,
            ["rmse"] = Math.Sqrt(error / y.Count),
            ["rmse_of_line"] = Math.Sqrt(line / y.Count),
        };
        // Right on average but too close to the average: that is too much regularisation, not another unit.
        var shrunk = slope > 1 && Math.Abs(meanP - meanY) < 0.1 * Math.Sqrt(yy / y.Count);
        if (!shrunk && explained >= context.Value(Name, Explained) && error >= context.Value(Name, Ratio) * Math.Max(line, 1e-300))
        {
            evidence[EvidencePlot.Key] = Points(y, p).ToJson();
            yield return new Finding(Name, error >= yy ? Severity.High : Severity.Medium,
                $"Predictions follow the answers but in another unit: the answer is about {meanY - slope * meanP:G3} + {slope:G3} x prediction, which would lower RMSE from {Math.Sqrt(error / y.Count):G4} to {Math.Sqrt(line / y.Count):G4}.")
            {
                Evidence = evidence,
                Cause = slope < 0 ? "The sign of the predictions is reversed." : "The target was scaled or its logarithm taken for training, and this is not undone when predicting; or the answers here are in another unit.",
                Fix = "Undo the transformation of the target after predicting, with the very figures of training (mean, standard deviation, exp instead of log).",
                Verify = "Slope about 1 and intercept about 0 of the answers over the predictions.",
            };
            yield break;
        }

        var bias = meanP - meanY;
        var deviation = Math.Sqrt(Math.Max(error / y.Count - bias * bias, 1e-300));
        if (Math.Abs(bias) >= context.Value(Name, Bias) * deviation && Math.Abs(bias) >= context.Value(Name, Deviations) * deviation / Math.Sqrt(y.Count))
        {
            evidence["mean_error"] = bias;
            yield return new Finding("residual-bias", Severity.Medium, $"Predictions are {(bias > 0 ? "too high" : "too low")} by {Math.Abs(bias):G3} on average ({Math.Abs(bias) / deviation:0.##} standard deviations of the error).")
            {
                Evidence = evidence,
                Cause = "The evaluation rows differ from the training rows (drift), a transformed target was turned back without correction (the mean of a logarithm is not the logarithm of the mean), or the loss aims at the median.",
                Fix = "Compare the mean answer of training and evaluation rows; with a log target add half the residual variance or use a smearing factor (Duan 1983).",
                Verify = "The mean error is within two standard errors of zero.",
            };
        }
    }

    private static EvidencePlot Points(Target y, Predictions p)
    {
        var step = Math.Max(1, y.Count / 500);
        int[] rows = [.. Enumerable.Range(0, y.Count).Where(row => row % step == 0).Take(1000)];
        return new EvidencePlot(PlotKind.Scatter, "Answers over predictions", "prediction", "answer", [new PlotSeries("rows", [.. rows.Select(row => p.Values[row])], [.. rows.Select(row => y.Values[row])])]);
    }
}
