namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Kappa with its 95% interval over items, by the bootstrap.</summary>
internal static class AgreementIntervals
{
    private static readonly BootstrapOptions Options = new() { MaxResamples = 1000 };

    /// <summary>Cohen's kappa of two raters, see <see cref="Agreement.CohenKappa"/>.</summary>
    public static Interval Cohen(int[] a, int[] b, int categories, KappaWeights weights, int seed, CancellationToken cancellation)
    {
        int[] both = [.. Enumerable.Range(0, a.Length).Where(item => a[item] >= 0 && b[item] >= 0)];
        int[] left = Array.ConvertAll(both, item => a[item]), right = Array.ConvertAll(both, item => b[item]);
        return Of(both.Length, left.Length + (long)categories * categories, counts => Agreement.CohenKappa(Repeat(left, counts), Repeat(right, counts), categories, weights), seed, cancellation);
    }

    /// <summary>Fleiss's kappa, see <see cref="Agreement.FleissKappa"/>.</summary>
    public static Interval Fleiss(IReadOnlyList<int[]> ratings, int seed, CancellationToken cancellation)
    {
        double raters = ratings[0].Length;
        var agreeing = ratings.Select(item => item.GroupBy(category => category).Sum(group => group.Count() * (group.Count() - 1.0))).ToArray();
        var categories = ratings.Max(item => item.Max()) + 1;
        double Kappa(int[] counts)
        {
            var totals = new double[categories];
            double items = 0, equal = 0;
            for (var item = 0; item < counts.Length; item++)
            {
                items += counts[item];
                equal += counts[item] * agreeing[item];
                foreach (var category in ratings[item])
                {
                    totals[category] += counts[item];
                }
            }

            var expected = totals.Sum(count => count / (items * raters) * (count / (items * raters)));
            return expected >= 1 ? double.NaN : (equal / (items * raters * (raters - 1)) - expected) / (1 - expected);
        }

        return Of(ratings.Count, ratings.Count * (long)raters, Kappa, seed, cancellation);
    }

    private static Interval Of(int items, long cost, Func<int[], double> value, int seed, CancellationToken cancellation)
    {
        var kernel = new Kernel(cost, value);
        var estimate = items == 0 ? double.NaN : kernel.Evaluate(MetricKernel.Once(items));
        return double.IsNaN(estimate) ? new Interval(estimate, double.NaN, double.NaN, "none: undefined on these ratings")
            : new Bootstrap(kernel, items, seed, Options, cancellation).Interval(estimate, 0.95);
    }

    private static T[] Repeat<T>(T[] items, int[] counts)
    {
        var repeated = new T[counts.Sum()];
        var next = 0;
        for (var item = 0; item < items.Length; item++)
        {
            for (var i = 0; i < counts[item]; i++)
            {
                repeated[next++] = items[item];
            }
        }

        return repeated;
    }

    private sealed class Kernel(long cost, Func<int[], double> value) : MetricKernel
    {
        public override long Cost => cost;

        public override double Evaluate(ReadOnlySpan<int> counts) => value(counts.ToArray());
    }
}
