using Roux.Learning.Data;

namespace Roux.Learning.Evaluation;

/// <summary>Standard errors by a plain bootstrap over rows, for where an interval's shape does not matter.</summary>
internal static class StandardErrors
{
    private const int Resamples = 100;

    /// <summary>The standard error of a metric over the population that the rows were drawn from; NaN where it is undefined on most resamples.</summary>
    public static double Of(Metric metric, Target y, Predictions p, int seed)
    {
        var kernel = metric.Prepare(y, p);
        return Deviation(y.Count, seed, kernel.Evaluate);
    }

    /// <summary>The standard error of the difference of a metric between two models on the same rows.</summary>
    public static double OfDifference(Metric metric, Target y, Predictions a, Predictions b, int seed)
    {
        var (first, second) = (metric.Prepare(y, a), metric.Prepare(y, b));
        return Deviation(y.Count, seed, counts => first.Evaluate(counts) - second.Evaluate(counts));
    }

    private delegate double Statistic(ReadOnlySpan<int> counts);

    private static double Deviation(int rows, int seed, Statistic statistic)
    {
        var values = new double[Resamples];
        Parallel.For(0, Resamples, () => new int[rows], (b, _, counts) =>
        {
            var random = SplitMix64.Of(seed, b);
            Array.Clear(counts);
            for (var i = 0; i < counts.Length; i++)
            {
                counts[random.Below(counts.Length)]++;
            }

            values[b] = statistic(counts);
            return counts;
        }, _ => { });
        double[] known = [.. values.Where(double.IsFinite)];
        if (known.Length <= Resamples / 2)
        {
            return double.NaN;
        }

        var mean = known.Average();
        return Math.Sqrt(known.Sum(value => (value - mean) * (value - mean)) / (known.Length - 1));
    }
}
