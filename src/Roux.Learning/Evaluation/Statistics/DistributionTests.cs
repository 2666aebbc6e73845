namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Tests of whether distributions agree.</summary>
public static class DistributionTests
{
    private const long MostCells = 200_000_000;

    /// <summary>
    /// The Kolmogorov-Smirnov test of two samples (Smirnov 1939), two-sided. The p-value is exact (counting lattice paths, Hodges 1958) where both samples
    /// have at most 10,000 values or the work allows it, else from Kolmogorov's limit with Stephens's 1970 finite-sample correction.
    /// </summary>
    /// <returns>The largest gap between the two empirical distributions and its p-value.</returns>
    public static TestStatistic KolmogorovSmirnov(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            throw new ArgumentException($"needs two samples of at least one value: given {a.Length} and {b.Length}");
        }

        var x = a.ToArray();
        var y = b.ToArray();
        Array.Sort(x);
        Array.Sort(y);
        if (double.IsNaN(x[0]) || double.IsNaN(y[0]))
        {
            return new TestStatistic(double.NaN, double.NaN);
        }

        long n = x.Length, m = y.Length, gap = 0;
        int i = 0, j = 0;
        while (i < n && j < m)
        {
            var value = Math.Min(x[i], y[j]);
            while (i < n && x[i] == value)
            {
                i++;
            }

            while (j < m && y[j] == value)
            {
                j++;
            }

            gap = Math.Max(gap, Math.Abs(i * m - j * n));
        }

        var statistic = gap / ((double)n * m);
        if (gap == 0)
        {
            return new TestStatistic(0, 1);
        }

        var exact = Math.Max(n, m) <= 10_000 || 2 * statistic * n * m <= MostCells;
        return new TestStatistic(statistic, exact ? PathsReaching(gap, n, m) : KolmogorovLimit(statistic, n, m));
    }

    /// <summary>
    /// Pearson's chi-square test of independence in a table of counts (Pearson 1900), with Yates's correction for 2 x 2 tables.
    /// </summary>
    /// <param name="table">Rows of counts, all of one length, at least 1 x 1; no row or column may sum to zero.</param>
    /// <returns>The statistic, its p-value and the degrees of freedom.</returns>
    public static (double Statistic, double PValue, int Freedom) ChiSquareIndependence(IReadOnlyList<double[]> table)
    {
        var columns = table.Count == 0 ? 0 : table[0].Length;
        if (columns == 0 || table.Any(row => row.Length != columns || row.Any(count => !(count >= 0))))
        {
            throw new ArgumentException("a table of counts needs rows of one length and no negative count");
        }

        var rowSums = table.Select(row => row.Sum()).ToArray();
        var columnSums = Enumerable.Range(0, columns).Select(j => table.Sum(row => row[j])).ToArray();
        if (rowSums.Contains(0) || columnSums.Contains(0))
        {
            throw new ArgumentException("a row or column of the table sums to zero: leave it out");
        }

        var total = rowSums.Sum();
        var freedom = (table.Count - 1) * (columns - 1);
        var statistic = 0.0;
        for (var i = 0; i < table.Count; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var expected = rowSums[i] * columnSums[j] / total;
                var difference = Math.Abs(table[i][j] - expected);
                difference -= freedom == 1 ? Math.Min(0.5, difference) : 0;
                statistic += difference * difference / expected;
            }
        }

        return (statistic, freedom == 0 ? 1 : Tails.ChiSquare(statistic, freedom), freedom);
    }

    /// <summary>
    /// The chance that a random order of n and m things strays at least as far as <paramref name="gap"/> = max |i m - j n|.
    /// Follows the chance of being at (i, j) without having strayed and adds up what strays, so small chances keep their digits.
    /// </summary>
    private static double PathsReaching(long gap, long n, long m)
    {
        (n, m) = (Math.Min(n, m), Math.Max(n, m));
        var stay = new double[m + 1];
        var strayed = 0.0;
        long firstBefore = 0, lastBefore = -1;
        for (long i = 0; i <= n; i++)
        {
            // Cells of row i that have not strayed: |i m - j n| < gap.
            var first = Math.Max(0, FloorDiv(i * m - gap, n) + 1);
            var last = Math.Min(m, CeilDiv(i * m + gap, n) - 1);
            for (var j = first; j <= last; j++)
            {
                var left = n + m - i - j;
                var fromAbove = j >= firstBefore && j <= lastBefore ? stay[j] * (n - i + 1) / (left + 1) : 0;
                var fromLeft = j > first ? stay[j - 1] * (m - j + 1) / (left + 1) : 0;
                stay[j] = i == 0 && j == 0 ? 1 : fromAbove + fromLeft;
            }

            // What leaves the band from row i - 1 downwards and from row i to the right.
            for (var j = firstBefore; j <= Math.Min(lastBefore, first - 1); j++)
            {
                strayed += stay[j] * (n - i + 1) / (n + m - i - j + 1);
            }

            if (last < m && last >= first)
            {
                strayed += stay[last] * (m - last) / (n + m - i - last);
            }

            (firstBefore, lastBefore) = (first, last);
        }

        return Math.Clamp(strayed, 0, 1);
    }

    private static double KolmogorovLimit(double statistic, double n, double m)
    {
        var root = Math.Sqrt(n * m / (n + m));
        var x = (root + 0.12 + 0.11 / root) * statistic;
        if (x < 0.2)
        {
            return 1;
        }

        var sum = 0.0;
        for (var k = 1; k < 200; k++)
        {
            var term = Math.Exp(-2.0 * k * k * x * x);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-18)
            {
                break;
            }
        }

        return Math.Clamp(2 * sum, 0, 1);
    }

    private static long FloorDiv(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    private static long CeilDiv(long a, long b) => -FloorDiv(-a, b);
}
