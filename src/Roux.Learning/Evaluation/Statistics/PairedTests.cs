namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Tests of two scores of the same things: folds, data sets, rows.</summary>
public static class PairedTests
{
    /// <summary>
    /// Student's paired t-test (Student 1908). For scores of the folds of one cross-validation use <see cref="CorrectedResampledT"/>:
    /// their training sets overlap, so this test finds differences that are not there.
    /// </summary>
    /// <param name="a">One score a thing, at least 2.</param>
    /// <param name="b">The other scores of the same things, in the same order.</param>
    /// <returns>t, positive when <paramref name="a"/> is larger, and its p-value; for differences without spread p is 1 when they are zero and else 0.</returns>
    public static TestStatistic T(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Scaled(a, b, 1.0 / a.Length);

    /// <summary>
    /// The corrected resampled t-test (Nadeau and Bengio 2003, "Inference for the generalization error", section 4):
    /// a paired t-test whose variance is scaled by 1/k + n_test/n_train in place of 1/k, because the training sets of folds overlap.
    /// </summary>
    /// <param name="a">One score a fold (of one or several repeats), at least 2.</param>
    /// <param name="b">The other scores of the same folds.</param>
    /// <param name="testTrainRatio">Rows tested over rows trained in one fold, such as 0.25 in 5-fold cross-validation; positive.</param>
    public static TestStatistic CorrectedResampledT(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double testTrainRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(testTrainRatio);
        return Scaled(a, b, 1.0 / a.Length + testTrainRatio);
    }

    /// <summary>
    /// Wilcoxon's signed-rank test (Wilcoxon 1945). Pairs that are equal are left out. Up to 50 pairs without ties or zeros are judged by the exact distribution,
    /// else by the normal approximation with a correction for ties, without one for continuity.
    /// </summary>
    /// <returns>The smaller of the two rank sums and its p-value; 0 and 1 when no pair differs.</returns>
    public static TestStatistic Wilcoxon(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Ranks.CheckPaired(a, b, 1);
        var differences = new List<double>(a.Length);
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i])
            {
                differences.Add(a[i] - b[i]);
            }
        }

        var n = differences.Count;
        if (n == 0)
        {
            return new TestStatistic(0, 1);
        }

        if (differences.Exists(double.IsNaN))
        {
            return new TestStatistic(double.NaN, double.NaN);
        }

        var (ranks, ties) = Ranks.Of([.. differences.Select(Math.Abs)]);
        var plus = 0.0;
        for (var i = 0; i < n; i++)
        {
            plus += differences[i] > 0 ? ranks[i] : 0;
        }

        var smaller = Math.Min(plus, n * (n + 1) / 2.0 - plus);
        if (n <= 50 && n == a.Length && ties.Count == 0)
        {
            return new TestStatistic(smaller, Math.Min(1, 2 * SignedRankBelow((int)smaller, n)));
        }

        var mean = n * (n + 1.0) / 4;
        var variance = (n * (n + 1.0) * (2 * n + 1) - Ranks.TieTerm(ties) / 2) / 24;
        return new TestStatistic(smaller, Tails.NormalTwoSided((smaller - mean) / Math.Sqrt(variance)));
    }

    /// <summary>
    /// McNemar's test in its exact form (McNemar 1947; Edwards 1948): whether two models are wrong equally often, judged by the rows on which only one of them is right.
    /// </summary>
    /// <returns>The smaller of the two counts and the two-sided binomial p-value.</returns>
    public static TestStatistic McNemar(int onlyARight, int onlyBRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyARight);
        ArgumentOutOfRangeException.ThrowIfNegative(onlyBRight);
        var smaller = Math.Min(onlyARight, onlyBRight);
        return new TestStatistic(smaller, Math.Min(1, 2 * Tails.FairCoinBelow(smaller, onlyARight + onlyBRight)));
    }

    private static TestStatistic Scaled(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double scale)
    {
        Ranks.CheckPaired(a, b, 2);
        var n = a.Length;
        var mean = 0.0;
        for (var i = 0; i < n; i++)
        {
            mean += (a[i] - b[i]) / n;
        }

        var variance = 0.0;
        for (var i = 0; i < n; i++)
        {
            var deviation = a[i] - b[i] - mean;
            variance += deviation * deviation / (n - 1);
        }

        if (mean == 0 && variance == 0)
        {
            return new TestStatistic(0, 1);
        }

        var t = mean / Math.Sqrt(scale * variance);
        return new TestStatistic(t, Tails.StudentTwoSided(t, n - 1));
    }

    /// <summary>P(W &lt;= w): counts subsets of 1..n by their sum.</summary>
    private static double SignedRankBelow(int w, int n)
    {
        var ways = new double[w + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var sum = w; sum >= rank; sum--)
            {
                ways[sum] += ways[sum - rank];
            }
        }

        return ways.Sum() * Math.Pow(2, -n);
    }
}
