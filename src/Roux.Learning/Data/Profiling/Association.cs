namespace Roux.Learning.Data.Profiling;

/// <summary>Measures of how two columns go together. Tables of counts are levels x classes, row-major.</summary>
internal static class Association
{
    /// <summary>Pearson's correlation; NaN where one of the two does not vary.</summary>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = 0, meanY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            meanX += (x[i] - meanX) / (i + 1);
            meanY += (y[i] - meanY) / (i + 1);
        }

        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1) : double.NaN;
    }

    /// <summary>Ranks from 1, equal values at their mean rank.</summary>
    public static double[] Ranks(double[] values)
    {
        var keys = (double[])values.Clone();
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        var ranks = new double[values.Length];
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            for (var i = from; i < to; i++)
            {
                ranks[order[i]] = (from + to + 1) / 2.0;
            }

            from = to;
        }

        return ranks;
    }

    /// <summary>The correlation ratio eta (Pearson 1905): the root of the share of the numbers' variance that lies between the groups.</summary>
    /// <param name="groups">Per number its group.</param>
    /// <param name="count">Number of groups.</param>
    /// <param name="values">The numbers.</param>
    public static double CorrelationRatio(int[] groups, int count, double[] values)
    {
        var (sums, sizes, mean, total) = Sums(groups, count, values);
        if (total <= 0)
        {
            return 0;
        }

        var between = 0.0;
        for (var group = 0; group < count; group++)
        {
            if (sizes[group] > 0)
            {
                var deviation = sums[group] / sizes[group];
                between += sizes[group] * deviation * deviation;
            }
        }

        _ = mean;
        return Math.Sqrt(Math.Clamp(between / total, 0, 1));
    }

    /// <summary>Cramér's V, corrected for its bias (Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T").</summary>
    public static double CramersV(int[] counts, int levels, int classes)
    {
        var (rows, columns, n) = Margins(counts, levels, classes);
        var chi = 0.0;
        for (var i = 0; i < levels; i++)
        {
            for (var j = 0; j < classes; j++)
            {
                var expected = rows[i] * columns[j] / n;
                if (expected > 0)
                {
                    var deviation = counts[i * classes + j] - expected;
                    chi += deviation * deviation / expected;
                }
            }
        }

        double r = rows.Count(row => row > 0), k = columns.Count(column => column > 0);
        if (r < 2 || k < 2 || n < 2)
        {
            return 0;
        }

        var phi = Math.Max(0, chi / n - (r - 1) * (k - 1) / (n - 1));
        var rows2 = r - (r - 1) * (r - 1) / (n - 1);
        var columns2 = k - (k - 1) * (k - 1) / (n - 1);
        var least = Math.Min(rows2 - 1, columns2 - 1);
        return least > 0 ? Math.Clamp(Math.Sqrt(phi / least), 0, 1) : 0;
    }

    /// <summary>Mutual information in nats, from the observed frequencies.</summary>
    public static double MutualInformation(int[] counts, int levels, int classes)
    {
        var (rows, columns, n) = Margins(counts, levels, classes);
        var information = 0.0;
        for (var i = 0; i < levels; i++)
        {
            for (var j = 0; j < classes; j++)
            {
                var count = counts[i * classes + j];
                if (count > 0)
                {
                    information += count / n * Math.Log(count * n / (rows[i] * columns[j]));
                }
            }
        }

        return Math.Max(0, information);
    }

    /// <summary>
    /// Share of the zero rule's errors that go away when each row gets the most frequent class among the other rows of its level
    /// (the most frequent class of all where it is alone, or between equals). Leaving the row itself out keeps columns of many levels,
    /// such as ids, from looking telling.
    /// </summary>
    public static double ClassSkill(int[] counts, int levels, int classes)
    {
        var (_, columns, n) = Margins(counts, levels, classes);
        var common = Array.IndexOf(columns, columns.Max());
        var correct = 0.0;
        for (var level = 0; level < levels; level++)
        {
            var row = counts.AsSpan(level * classes, classes);
            int best = 0, second = -1;
            for (var k = 1; k < classes; k++)
            {
                if (row[k] > row[best])
                {
                    (best, second) = (k, best);
                }
                else if (second < 0 || row[k] > row[second])
                {
                    second = k;
                }
            }

            for (var k = 0; k < classes; k++)
            {
                if (row[k] == 0)
                {
                    continue;
                }

                var rival = k == best ? second : best;
                var others = rival < 0 ? 0 : row[rival];
                var left = row[k] - 1;
                correct += left > others || (left == others && k == common) ? row[k] : 0;
            }
        }

        var zeroRule = columns[common];
        return zeroRule >= n ? 0 : Math.Clamp((correct - zeroRule) / (n - zeroRule), 0, 1);
    }

    /// <summary>Share of the variance that goes away when each number is predicted by the mean of the other rows of its level (of all rows where it is alone).</summary>
    public static double ValueSkill(int[] groups, int count, double[] values)
    {
        var (sums, sizes, mean, total) = Sums(groups, count, values);
        if (total <= 0)
        {
            return 0;
        }

        var errors = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var size = sizes[groups[i]];
            var deviation = values[i] - mean;
            var predicted = size > 1 ? (sums[groups[i]] - deviation) / (size - 1) : 0;
            errors += (deviation - predicted) * (deviation - predicted);
        }

        return Math.Clamp(1 - errors / total, 0, 1);
    }

    /// <summary>Per group the sum of deviations from the mean and the size; the mean; the total of squared deviations.</summary>
    private static (double[] Sums, int[] Sizes, double Mean, double Total) Sums(int[] groups, int count, double[] values)
    {
        var mean = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            mean += (values[i] - mean) / (i + 1);
        }

        var sums = new double[count];
        var sizes = new int[count];
        var total = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var deviation = values[i] - mean;
            sums[groups[i]] += deviation;
            sizes[groups[i]]++;
            total += deviation * deviation;
        }

        return (sums, sizes, mean, total);
    }

    private static (double[] Rows, double[] Columns, double Total) Margins(int[] counts, int levels, int classes)
    {
        var rows = new double[levels];
        var columns = new double[classes];
        var total = 0.0;
        for (var i = 0; i < levels; i++)
        {
            for (var j = 0; j < classes; j++)
            {
                var count = counts[i * classes + j];
                rows[i] += count;
                columns[j] += count;
                total += count;
            }
        }

        return (rows, columns, total);
    }
}
