using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>How much better one set of predictions is than another for the same rows.</summary>
public static class PairedDifference
{
    /// <summary>
    /// The gain of <paramref name="a"/> over <paramref name="b"/> by a metric, positive where <paramref name="a"/> is better, with its BCa bootstrap interval
    /// (Efron 1987). Both are measured on the same resampled rows each time, so that what makes rows hard for both cancels out.
    /// </summary>
    /// <param name="metric">What to compare by; must support the task.</param>
    /// <param name="y">The known answers.</param>
    /// <param name="a">One set of predictions for these rows.</param>
    /// <param name="b">The other.</param>
    /// <param name="level">Between 0 and 1.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="options">How to resample.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static Interval Gain(Metric metric, Target y, Predictions a, Predictions b, double level = 0.95, int seed = 0, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(metric);
        metric.Check(y, a);
        metric.Check(y, b);
        var kernel = new GainKernel(metric.Prepare(y, a), metric.Prepare(y, b), metric.HigherIsBetter ? 1 : -1);
        var estimate = kernel.Evaluate(MetricKernel.Once(y.Count));
        return double.IsFinite(estimate)
            ? new Bootstrap(kernel, y.Count, seed, options ?? new BootstrapOptions(), cancellation).Interval(estimate, level)
            : new Interval(estimate, double.NaN, double.NaN, "none: the metric is undefined on these rows");
    }

    private sealed class GainKernel(MetricKernel a, MetricKernel b, int sign) : MetricKernel
    {
        public override long Cost => a.Cost + b.Cost;

        public override double Evaluate(ReadOnlySpan<int> counts) => sign * (a.Evaluate(counts) - b.Evaluate(counts));
    }
}
