using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>All that is measured of one set of predictions.</summary>
/// <param name="Rows">Number of rows scored.</param>
/// <param name="Headline">Name of the metric that models are ranked by.</param>
/// <param name="Metrics">Every metric of the task by name; NaN where undefined.</param>
/// <param name="Intervals">The headline metric and the usual ones of the task with 95 % intervals.</param>
public sealed record EvaluationResult(int Rows, string Headline, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, Interval> Intervals);

/// <summary>Measures predictions by every metric of their task.</summary>
public static class Evaluator
{
    /// <summary>Evaluates predictions.</summary>
    /// <param name="y">The known answers.</param>
    /// <param name="p">Predictions for the same rows.</param>
    /// <param name="headline">The metric that models are ranked by.</param>
    /// <param name="seed">Decides the resamples of intervals.</param>
    /// <param name="options">How to resample for intervals.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static EvaluationResult Evaluate(Target y, Predictions p, Metric headline, int seed = 0, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        headline.Check(y, p);
        var metrics = Roux.Learning.Evaluation.Metrics.For(y.Task).Append(headline).DistinctBy(metric => metric.Name).ToArray();
        var usual = Usual(y.Task);
        var intervals = new Dictionary<string, Interval>(StringComparer.Ordinal);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in metrics)
        {
            cancellation.ThrowIfCancellationRequested();
            if (metric.Name == headline.Name || usual.Contains(metric.Name))
            {
                intervals[metric.Name] = ConfidenceIntervals.Of(metric, y, p, seed: seed, options: options, cancellation: cancellation);
            }

            values[metric.Name] = intervals.TryGetValue(metric.Name, out var interval) ? interval.Estimate : metric.Compute(y, p);
        }

        return new EvaluationResult(y.Count, headline.Name, values, intervals);
    }

    private static string[] Usual(TaskKind task) => task switch
    {
        TaskKind.Binary => ["roc_auc", "average_precision", "accuracy", "f1", "log_loss"],
        TaskKind.Multiclass => ["macro_f1", "accuracy", "balanced_accuracy", "log_loss"],
        TaskKind.Multilabel => ["micro_f1", "macro_f1", "subset_accuracy"],
        _ => ["rmse", "mae", "r2"],
    };
}
