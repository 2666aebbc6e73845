namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Tests that look at ranks only.</summary>
public static class RankTests
{
    /// <summary>
    /// Friedman's test (Friedman 1937) with correction for ties: whether several treatments (models) differ over the same blocks (data sets, folds).
    /// </summary>
    /// <param name="treatments">One array per treatment, at least 3, of one value per block, at least 2.</param>
    /// <returns>The chi-square statistic with (treatments - 1) degrees of freedom and its p-value; NaN when all values of every block are equal.</returns>
    public static TestStatistic Friedman(IReadOnlyList<double[]> treatments)
    {
        var k = treatments.Count;
        var n = k == 0 ? 0 : treatments[0].Length;
        if (k < 3 || n < 2 || treatments.Any(treatment => treatment.Length != n))
        {
            throw new ArgumentException($"Friedman's test needs at least 3 treatments over the same blocks, at least 2: given {k} treatments of {string.Join(", ", treatments.Select(t => t.Length))} values");
        }

        var sums = new double[k];
        var tied = 0.0;
        var block = new double[k];
        for (var i = 0; i < n; i++)
        {
            for (var t = 0; t < k; t++)
            {
                block[t] = treatments[t][i];
            }

            var (ranks, ties) = Ranks.Of(block);
            tied += Ranks.TieTerm(ties);
            for (var t = 0; t < k; t++)
            {
                sums[t] += ranks[t];
            }
        }

        var centre = n * (k + 1) / 2.0;
        var squares = sums.Sum(sum => (sum - centre) * (sum - centre));
        var correction = 1 - tied / (n * (double)k * (k * (double)k - 1));
        var statistic = 12 * squares / (n * (double)k * (k + 1)) / correction;
        return new TestStatistic(statistic, double.IsNaN(statistic) ? double.NaN : Tails.ChiSquare(statistic, k - 1));
    }

    /// <summary>
    /// The critical difference of mean ranks after Friedman's test (Nemenyi 1963; Demsar 2006, section 3.2.2):
    /// two treatments whose mean ranks differ by less are not told apart.
    /// </summary>
    /// <param name="treatments">Number of treatments, at least 2.</param>
    /// <param name="blocks">Number of blocks, at least 1.</param>
    /// <param name="alpha">Chance of any false finding, between 0 and 1.</param>
    public static double NemenyiCriticalDifference(int treatments, int blocks, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(treatments, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        var quantile = Tails.Bisect(range => NormalRangeAbove(range, treatments) < alpha, 0, 50);
        return quantile / Math.Sqrt(2) * Math.Sqrt(treatments * (treatments + 1.0) / (6.0 * blocks));
    }

    /// <summary>
    /// The Mann-Whitney U test of two independent samples (Mann and Whitney 1947). Exact where one sample has at most 8 values and no value occurs twice,
    /// else the normal approximation with corrections for ties and continuity.
    /// </summary>
    /// <returns>U of <paramref name="a"/>: the pairs in which a's value is the larger, ties counting half; and its p-value, 1 when all values are equal.</returns>
    public static TestStatistic MannWhitney(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            throw new ArgumentException($"needs two samples of at least one value: given {a.Length} and {b.Length}");
        }

        double[] all = [.. a, .. b];
        if (Array.Exists(all, double.IsNaN))
        {
            return new TestStatistic(double.NaN, double.NaN);
        }

        var (ranks, ties) = Ranks.Of(all);
        double n = a.Length, m = b.Length;
        var u = ranks.AsSpan(0, a.Length).ToArray().Sum() - n * (n + 1) / 2;
        var larger = Math.Max(u, n * m - u);
        if (Math.Min(a.Length, b.Length) <= 8 && ties.Count == 0)
        {
            return new TestStatistic(u, Math.Min(1, 2 * RankSumBelow((int)(n * m - larger), a.Length, b.Length)));
        }

        var total = n + m;
        var deviation = Math.Sqrt(n * m / 12 * (total + 1 - Ranks.TieTerm(ties) / (total * (total - 1))));
        var z = deviation > 0 ? (larger - n * m / 2 - 0.5) / deviation : 0;
        return new TestStatistic(u, Math.Min(1, 2 * Tails.Normal(z)));
    }

    /// <summary>P(U &lt;= u) without ties: the share of orders of n and m things with at most u pairs out of order, by the recursion of Mann and Whitney.</summary>
    private static double RankSumBelow(int u, int n, int m)
    {
        (n, m) = (Math.Min(n, m), Math.Max(n, m));

        // Coefficients of the Gaussian binomial: multiply by (1 - q^(m+i)), divide by (1 - q^i), for i = 1..n; each step keeps a probability's scale.
        var ways = new double[u + 1];
        ways[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            for (var k = u; k >= m + i; k--)
            {
                ways[k] -= ways[k - m - i];
            }

            for (var k = i; k <= u; k++)
            {
                ways[k] += ways[k - i];
            }

            for (var k = 0; k <= u; k++)
            {
                ways[k] *= (double)i / (m + i);
            }
        }

        return ways.Sum();
    }

    /// <summary>P(range of k independent standard normals &gt; r), by Simpson's rule over the smallest.</summary>
    private static double NormalRangeAbove(double r, int k)
    {
        const int Steps = 2000;
        const double From = -10, To = 10;
        var h = (To - From) / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var z = From + i * h;
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
            sum += weight * density * Math.Pow(Tails.NormalBelow(z + r) - Tails.NormalBelow(z), k - 1);
        }

        return 1 - k * sum * h / 3;
    }
}
