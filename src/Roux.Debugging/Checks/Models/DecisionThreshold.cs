using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Decisions;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether probabilities become decisions at the wrong place.</summary>
public sealed class DecisionThreshold : Check<ModelSubject>
{
    private static readonly Threshold Gain = new("gain", 0.05, "gain of the metric by another threshold, on rows that did not choose it: at least, for low severity", "five points");
    private static readonly Threshold Gross = new("gross", 0.1, "the same, for medium severity where the metric is the reported one", "ten points");

    /// <inheritdoc/>
    public override string Name => "decision-threshold";

    /// <inheritdoc/>
    public override string Definition => "Another threshold, chosen on every other row, gives a clearly better metric of decisions on the rows between (paired bootstrap interval above zero).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gain, Gross];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task != TaskKind.Binary || y.Count < 100 || !Array.TrueForAll(p.Values, double.IsFinite))
        {
            yield break;
        }

        // Accuracy is no aim for a threshold where a metric says that rare classes count.
        var decides = subject.Metric is ClassCountMetric;
        var metric = subject.Metric.Name switch { "balanced_accuracy" or "mcc" or "cohen_kappa" or "accuracy" => subject.Metric, _ => Metrics.Find("f1") };
        int[] choose = [.. Enumerable.Range(0, y.Count).Where(row => row % 2 == 0)], judge = [.. Enumerable.Range(0, y.Count).Where(row => row % 2 == 1)];
        var scan = new ThresholdScan(y.Take(choose), p.Take(choose));
        var best = scan.Best(DecisionGoal.Parse("metric", metric.Name), out _);
        var (answers, own) = (y.Take(judge), p.Take(judge));
        var moved = new Predictions(own.Task, own.Width, own.Values, DecisionRule.At(Math.Max(best, 1e-12), ""));
        var gain = PairedDifference.Gain(metric, answers, moved, own, seed: context.Seed, options: new BootstrapOptions { MaxResamples = 500, Threads = context.Threads }, cancellation: context.Cancellation);
        if (!(gain.Low > 0) || gain.Estimate < context.Value(Name, Gain))
        {
            yield break;
        }

        var now = p.Rule is { Thresholds: [var set] } ? set : 0.5;
        yield return new Finding(Name, gain.Estimate >= context.Value(Name, Gross) && decides ? Severity.Medium : Severity.Low,
            $"The threshold of {now:0.###} is out of place: at {best:0.###} {metric.Title} would be {DevelopVerdict.Figure(metric.Compute(answers, moved))} instead of {DevelopVerdict.Figure(metric.Compute(answers, own))}.")
        {
            Evidence = new JsonObject
            {
                ["metric"] = metric.Name,
                ["threshold"] = now,
                ["better"] = best,
                ["gain"] = gain.Estimate,
                ["gain_low"] = gain.Low,
                ["gain_high"] = gain.High,
                [EvidencePlot.Key] = Curve(scan, metric, now).ToJson(),
            },
            Cause = "Classes are unbalanced or were weighted, probabilities are not calibrated, or the threshold was chosen for another metric or on other rows.",
            Fix = $"Choose it for what counts: roux threshold, or roux develop --threshold-for {metric.Name}.",
            Verify = "On new rows no other threshold is clearly better.",
        };
    }

    private static EvidencePlot Curve(ThresholdScan scan, Metric metric, double now)
    {
        var goal = DecisionGoal.Parse("metric", metric.Name);
        double[] places = [.. Enumerable.Range(1, 49).Select(i => i / 50.0)];
        return new EvidencePlot(PlotKind.Line, $"{metric.Title} by threshold", "threshold", metric.Title,
            [new PlotSeries(metric.Title, places, [.. places.Select(place => scan.At(place, goal).Value)]), new PlotSeries("in use", [now], [scan.At(now, goal).Value])]);
    }
}
