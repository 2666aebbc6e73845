namespace Roux.Learning.Evaluation.Statistics;

/// <summary>What the difference of two ratings means.</summary>
public enum MeasurementLevel
{
    /// <summary>Names: different or not.</summary>
    Nominal,

    /// <summary>Ranks: how many ratings lie between.</summary>
    Ordinal,

    /// <summary>Numbers: the squared difference.</summary>
    Interval,
}

/// <summary>
/// Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's alpha-reliability"): agreement of any number of raters beyond
/// chance, with missing ratings. The ordinal difference of two categories is the squared difference of their mid-ranks among the
/// pairable ratings, which is the formula of the paper summed up; so all three levels take time linear in the ratings.
/// </summary>
public static class KrippendorffAlpha
{
    /// <summary>The coefficient.</summary>
    /// <param name="ratings">Items x raters, row-major; NaN where a rater gave none. Items with fewer than two ratings do not count.</param>
    /// <param name="raters">Number of raters, at least 2.</param>
    /// <param name="level">What the difference of two ratings means.</param>
    /// <returns>At most 1; NaN without an item rated twice, or when all ratings are the same.</returns>
    public static double Of(double[] ratings, int raters, MeasurementLevel level)
    {
        var kernel = new Kernel(ratings, raters, level);
        return kernel.Evaluate(MetricKernel.Once(kernel.Items));
    }

    /// <summary>The coefficient with its 95% interval over items (bootstrap).</summary>
    /// <param name="ratings">Items x raters, row-major; NaN where a rater gave none.</param>
    /// <param name="raters">Number of raters, at least 2.</param>
    /// <param name="level">What the difference of two ratings means.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static Interval IntervalOf(double[] ratings, int raters, MeasurementLevel level, int seed = 0, CancellationToken cancellation = default)
    {
        var kernel = new Kernel(ratings, raters, level);
        var estimate = kernel.Evaluate(MetricKernel.Once(kernel.Items));
        return double.IsNaN(estimate) ? new Interval(estimate, double.NaN, double.NaN, "none: undefined on these ratings")
            : new Bootstrap(kernel, kernel.Items, seed, new BootstrapOptions { MaxResamples = 1000 }, cancellation).Interval(estimate, 0.95);
    }

    private sealed class Kernel : MetricKernel
    {
        private readonly MeasurementLevel level;
        private readonly int[] start; // of each item in codes; items that are not pairable are empty
        private readonly int[] codes; // places of the ratings in values
        private readonly double[] values;
        private readonly double[] fixedDisagreement; // of each item, where it does not depend on the sample

        public Kernel(double[] ratings, int raters, MeasurementLevel level)
        {
            if (raters < 2 || ratings.Length % raters != 0)
            {
                throw new ArgumentException($"needs the ratings of at least 2 raters for each item: given {ratings.Length} ratings of {raters} raters");
            }

            this.level = level;
            Items = ratings.Length / raters;
            values = [.. ratings.Where(rating => !double.IsNaN(rating)).Distinct().Order()];
            start = new int[Items + 1];
            var found = new List<int>(ratings.Length);
            for (var item = 0; item < Items; item++)
            {
                var row = ratings.AsSpan(item * raters, raters);
                var before = found.Count;
                foreach (var rating in row)
                {
                    if (!double.IsNaN(rating))
                    {
                        found.Add(Array.BinarySearch(values, rating));
                    }
                }

                if (found.Count - before < 2)
                {
                    found.RemoveRange(before, found.Count - before);
                }

                start[item + 1] = found.Count;
            }

            codes = [.. found];
            fixedDisagreement = new double[level == MeasurementLevel.Ordinal ? 0 : Items];
            for (var item = 0; item < fixedDisagreement.Length; item++)
            {
                fixedDisagreement[item] = level == MeasurementLevel.Nominal ? Unlike(ItemCodes(item)) : Spread(ItemCodes(item), values);
            }
        }

        public int Items { get; }

        public override long Cost => codes.Length + values.Length;

        public override double Evaluate(ReadOnlySpan<int> counts)
        {
            var totals = new long[values.Length];
            for (var item = 0; item < counts.Length; item++)
            {
                foreach (var code in ItemCodes(item))
                {
                    totals[code] += counts[item];
                }
            }

            var places = level == MeasurementLevel.Ordinal ? MidRanks(totals) : values;
            var observed = 0.0;
            for (var item = 0; item < counts.Length; item++)
            {
                if (counts[item] > 0 && ItemCodes(item).Length > 0)
                {
                    observed += counts[item] * (level == MeasurementLevel.Ordinal ? Spread(ItemCodes(item), places) : fixedDisagreement[item]);
                }
            }

            var expected = Expected(totals, places);
            return expected > 0 ? 1 - observed / expected : double.NaN;
        }

        private ReadOnlySpan<int> ItemCodes(int item) => codes.AsSpan(start[item], start[item + 1] - start[item]);

        private double Expected(long[] totals, double[] places)
        {
            double n = 0, squares = 0, mean = 0;
            for (var k = 0; k < totals.Length; k++)
            {
                n += totals[k];
                squares += (double)totals[k] * totals[k];
                mean += totals[k] * places[k];
            }

            if (n < 2)
            {
                return 0;
            }

            if (level == MeasurementLevel.Nominal)
            {
                return (n * n - squares) / (n - 1);
            }

            mean /= n;
            var sum = 0.0;
            for (var k = 0; k < totals.Length; k++)
            {
                sum += totals[k] * (places[k] - mean) * (places[k] - mean);
            }

            return 2 * n * sum / (n - 1);
        }

        /// <summary>Ordered pairs of an item's ratings that differ, over one less than their number.</summary>
        private static double Unlike(ReadOnlySpan<int> item)
        {
            var pairs = 0;
            for (var i = 0; i < item.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    pairs += item[i] == item[j] ? 0 : 2;
                }
            }

            return item.Length < 2 ? 0 : pairs / (item.Length - 1.0);
        }

        /// <summary>Squared differences over the ordered pairs of an item's ratings, over one less than their number.</summary>
        private static double Spread(ReadOnlySpan<int> item, double[] places)
        {
            var mean = 0.0;
            foreach (var code in item)
            {
                mean += places[code] / item.Length;
            }

            var sum = 0.0;
            foreach (var code in item)
            {
                sum += (places[code] - mean) * (places[code] - mean);
            }

            return item.Length < 2 ? 0 : 2 * item.Length * sum / (item.Length - 1);
        }

        private static double[] MidRanks(long[] totals)
        {
            var ranks = new double[totals.Length];
            var below = 0.0;
            for (var k = 0; k < totals.Length; k++)
            {
                ranks[k] = below + totals[k] / 2.0;
                below += totals[k];
            }

            return ranks;
        }
    }
}
