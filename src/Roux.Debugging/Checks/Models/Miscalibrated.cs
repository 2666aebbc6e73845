using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether probabilities mean what they say, beyond what chance in few rows explains.</summary>
public sealed class Miscalibrated : Check<ModelSubject>
{
    private const int Bins = 15; // Guo et al. 2017
    private const int Draws = 200;

    /// <summary>Where another metric is reported, probabilities may serve for ranking alone.</summary>
    private static readonly string[] ProbabilityMetrics = ["log_loss", "brier", "expected_calibration_error"];
    private static readonly Threshold Excess = new("excess", 0.05, "expected calibration error (15 bins of equal counts) above what well-calibrated probabilities show on as many rows: at least, for low severity", "five points: what a person notices when told a probability");
    private static readonly Threshold Gross = new("gross", 0.1, "the same, for medium severity where the reported metric judges probabilities", "ten points");

    /// <inheritdoc/>
    public override string Name => "miscalibrated";

    /// <inheritdoc/>
    public override string Definition => "Expected calibration error (Guo et al. 2017) against its distribution when labels are drawn from the very probabilities (consistency resampling: Bröcker and Smith 2007; Vaicenavicius et al. 2019): above all of 200 draws and by a margin.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Excess, Gross];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Count < 50 || !Array.TrueForAll(p.Values, double.IsFinite))
        {
            yield break;
        }

        var chosen = y.Task == TaskKind.Binary ? null : p.MostProbable();
        var promised = new double[y.Count];
        var happened = new bool[y.Count];
        for (var row = 0; row < promised.Length; row++)
        {
            var output = chosen is null ? 1 : chosen[row];
            (promised[row], happened[row]) = (p.Row(row)[output], y.Labels[row] == output);
        }

        var order = Enumerable.Range(0, promised.Length).OrderBy(row => promised[row]).ToArray();
        var measured = Error(promised, happened, order);
        var random = new Random(context.Seed);
        var draws = new double[Draws];
        var drawn = new bool[promised.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var row = 0; row < drawn.Length; row++)
            {
                drawn[row] = random.NextDouble() < promised[row];
            }

            draws[draw] = Error(promised, drawn, order);
        }

        var excess = measured - draws.Average();
        if (measured <= draws.Max() || excess < context.Value(Name, Excess))
        {
            yield break;
        }

        var difference = promised.Average() - happened.Count(yes => yes) / (double)happened.Length;
        var confident = y.Task == TaskKind.Multiclass ? difference > 0 : Sharpness(promised, happened) > 0;
        var loss = Metrics.Find("log_loss");
        var useless = loss.Compute(y, p) > loss.Compute(y, subject.Trivial);
        var curve = CalibrationCurve.Of(y, p);
        yield return new Finding(Name, ProbabilityMetrics.Contains(subject.Metric.Name) && (excess >= context.Value(Name, Gross) || useless) ? Severity.Medium : Severity.Low,
            $"Probabilities are off by {100 * measured:0.#} points on average ({100 * draws.Average():0.#} would be chance): the model is {(confident ? "too sure" : "not sure enough")} of itself{(useless ? "; by log loss the plain shares of the classes are better" : "")}.")
        {
            Evidence = new JsonObject
            {
                ["expected_calibration_error"] = measured,
                ["by_chance"] = draws.Average(),
                ["largest_by_chance"] = draws.Max(),
                ["mean_promised_less_happened"] = difference,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Line, "What happened against what was promised", "mean predicted probability", "share that happened",
                    [new PlotSeries("model", [.. curve.Bins.Select(bin => bin.MeanPredicted)], [.. curve.Bins.Select(bin => bin.Observed)]), new PlotSeries("ideal", [0, 1], [0, 1])]).ToJson(),
            },
            Cause = confident ? "The model was fitted until its training rows were certain (boosting, networks, naive Bayes), or classes were resampled or weighted." : "Votes of many trees or strong regularisation pull probabilities towards the middle, or classes were weighted.",
            Fix = "Calibrate on rows that the model was not fitted on (Platt, isotonic, temperature: roux develop does so), or undo the weighting.",
            Verify = "The curve of calibration lies on the diagonal within its noise.",
        };
    }

    /// <summary>Mean distance, over bins of equal counts, of what was promised from what happened.</summary>
    private static double Error(double[] promised, bool[] happened, int[] order)
    {
        var error = 0.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var sum = 0.0;
            for (var i = (long)bin * order.Length / Bins; i < (long)(bin + 1) * order.Length / Bins; i++)
            {
                sum += promised[order[i]] - (happened[order[i]] ? 1 : 0);
            }

            error += Math.Abs(sum) / order.Length;
        }

        return error;
    }

    /// <summary>Positive where high probabilities are too high and low ones too low.</summary>
    private static double Sharpness(double[] promised, bool[] happened)
    {
        var mean = promised.Average();
        return Enumerable.Range(0, promised.Length).Sum(row => Math.Sign(promised[row] - mean) * (promised[row] - (happened[row] ? 1 : 0)));
    }
}
