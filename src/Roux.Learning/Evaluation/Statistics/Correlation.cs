namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Measures of how two variables move together, each with the p-value of there being no association.</summary>
public static class Correlation
{
    /// <summary>Pearson's correlation (Pearson 1896) with its exact p-value under normality (Student's t with n - 2 degrees of freedom).</summary>
    /// <returns>r in [-1, 1]; NaN where a side does not vary or holds NaN.</returns>
    public static TestStatistic Pearson(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Ranks.CheckPaired(a, b, 2);
        var n = a.Length;
        double meanA = 0, meanB = 0;
        for (var i = 0; i < n; i++)
        {
            meanA += a[i] / n;
            meanB += b[i] / n;
        }

        double squareA = 0, squareB = 0, cross = 0;
        for (var i = 0; i < n; i++)
        {
            var (x, y) = (a[i] - meanA, b[i] - meanB);
            squareA += x * x;
            squareB += y * y;
            cross += x * y;
        }

        var flat = Flat(a) || Flat(b);
        var r = flat ? double.NaN : Math.Clamp(cross / (Math.Sqrt(squareA) * Math.Sqrt(squareB)), -1, 1);
        return new TestStatistic(r, StudentP(r, n));
    }

    /// <summary>Spearman's rank correlation (Spearman 1904): Pearson's of the ranks, with the t approximation for its p-value.</summary>
    public static TestStatistic Spearman(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Ranks.CheckPaired(a, b, 2);
        return HasNaN(a) || HasNaN(b) ? new TestStatistic(double.NaN, double.NaN) : Pearson(Ranks.Of(a).Ranks, Ranks.Of(b).Ranks);
    }

    /// <summary>
    /// Kendall's tau-b (Kendall 1945), which allows for ties, in O(n log n) (Knight 1966). The p-value is exact without ties for up to 33 pairs
    /// (or where all but one pair agree or disagree), else from the normal approximation with corrections for ties.
    /// </summary>
    public static TestStatistic KendallTauB(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Ranks.CheckPaired(a, b, 2);
        if (HasNaN(a) || HasNaN(b) || Flat(a) || Flat(b))
        {
            return new TestStatistic(double.NaN, double.NaN);
        }

        var n = a.Length;
        var (ranksA, tiesA) = Ranks.Of(a);
        var (ranksB, tiesB) = Ranks.Of(b);
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort(order, (i, j) => (ranksA[i], ranksB[i]).CompareTo((ranksA[j], ranksB[j])));
        var sorted = order.Select(i => ranksB[i]).ToArray();
        var bothTied = 0L;
        for (var start = 0; start < n;)
        {
            var end = start + 1;
            while (end < n && ranksA[order[end]] == ranksA[order[start]] && sorted[end] == sorted[start])
            {
                end++;
            }

            bothTied += Pairs(end - start);
            start = end;
        }

        var discordant = Inversions(sorted, new double[n], 0, n);
        var all = Pairs(n);
        long tiedA = tiesA.Sum(Pairs), tiedB = tiesB.Sum(Pairs);
        var concordantLessDiscordant = all - tiedA - tiedB + bothTied - 2 * discordant;
        var tau = Math.Clamp(concordantLessDiscordant / Math.Sqrt(all - tiedA) / Math.Sqrt(all - tiedB), -1, 1);
        if (tiesA.Count == 0 && tiesB.Count == 0 && (n <= 33 || Math.Min(discordant, all - discordant) <= 1))
        {
            return new TestStatistic(tau, Math.Min(1, 2 * FewerInversions(Math.Min(discordant, all - discordant), n)));
        }

        double size = n;
        var variance = (size * (size - 1) * (2 * size + 5) - VarianceTerm(tiesA) - VarianceTerm(tiesB)) / 18
            + 2.0 * tiedA * tiedB / (size * (size - 1))
            + ThirdTerm(tiesA) * ThirdTerm(tiesB) / (9 * size * (size - 1) * (size - 2));
        return new TestStatistic(tau, Tails.NormalTwoSided(concordantLessDiscordant / Math.Sqrt(variance)));
    }

    private static double StudentP(double r, int n) => double.IsNaN(r) || n < 3 ? (n == 2 && !double.IsNaN(r) ? 1 : double.NaN)
        : Math.Abs(r) == 1 ? 0 : Tails.StudentTwoSided(r * Math.Sqrt((n - 2) / ((1 - r) * (1 + r))), n - 2);

    private static long Pairs(long n) => n * (n - 1) / 2;

    private static double VarianceTerm(List<long> ties) => ties.Sum(t => (double)t * (t - 1) * (2 * t + 5));

    private static double ThirdTerm(List<long> ties) => ties.Sum(t => (double)t * (t - 1) * (t - 2));

    private static bool HasNaN(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Flat(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);

    /// <summary>Pairs that are out of order, counted while merge-sorting.</summary>
    private static long Inversions(double[] values, double[] scratch, int from, int to)
    {
        if (to - from < 2)
        {
            return 0;
        }

        var middle = (from + to) / 2;
        var count = Inversions(values, scratch, from, middle) + Inversions(values, scratch, middle, to);
        int left = from, right = middle;
        for (var i = from; i < to; i++)
        {
            if (right < to && (left == middle || values[right] < values[left]))
            {
                count += middle - left;
                scratch[i] = values[right++];
            }
            else
            {
                scratch[i] = values[left++];
            }
        }

        Array.Copy(scratch, from, values, from, to - from);
        return count;
    }

    /// <summary>The share of orders of n things with at most <paramref name="most"/> inversions.</summary>
    private static double FewerInversions(long most, int n)
    {
        var ways = new double[most + 1];
        ways[0] = 1;
        for (var size = 2; size <= n; size++)
        {
            var next = new double[most + 1];
            var window = 0.0;
            for (var k = 0; k <= most; k++)
            {
                window += ways[k] - (k >= size ? ways[k - size] : 0);
                next[k] = window / size;
            }

            ways = next;
        }

        return ways.Sum();
    }
}
