namespace Roux.Learning.Evaluation.Statistics;

/// <summary>How far discrete variables and raters agree.</summary>
public static class Agreement
{
    /// <summary>Cohen's kappa of two raters (Cohen 1960; weighted: Cohen 1968): 1 less observed over expected disagreement.</summary>
    /// <param name="a">One category an item, from 0 to <paramref name="categories"/> - 1; negative where the rater gave none. Items that one of them left out do not count.</param>
    /// <param name="b">The other rater's, of the same items.</param>
    /// <param name="categories">Number of categories, at least 1. For weights their order matters.</param>
    /// <param name="weights">How much a disagreement counts.</param>
    /// <returns>At most 1; NaN without an item in common, or when both use one category only.</returns>
    public static double CohenKappa(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int categories, KappaWeights weights = KappaWeights.None)
    {
        if (a.Length != b.Length || categories < 1)
        {
            throw new ArgumentException($"needs pairs of at least one category: given {a.Length} and {b.Length} ratings, {categories} categories");
        }

        var left = new long[categories];
        var right = new long[categories];
        var (observed, n) = (0.0, 0L);
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] >= 0 && b[i] >= 0)
            {
                left[a[i]]++;
                right[b[i]]++;
                observed += Weight(a[i], b[i], weights);
                n++;
            }
        }

        var expected = 0.0;
        for (var i = 0; i < categories; i++)
        {
            for (var j = 0; j < categories; j++)
            {
                expected += (double)left[i] * right[j] * Weight(i, j, weights);
            }
        }

        return n == 0 || expected == 0 ? double.NaN : 1 - observed * n / expected;
    }

    private static double Weight(int i, int j, KappaWeights weights) => weights switch
    {
        KappaWeights.Linear => Math.Abs(i - j),
        KappaWeights.Quadratic => (double)(i - j) * (i - j),
        _ => i == j ? 0 : 1,
    };

    /// <summary>Fleiss's kappa (Fleiss 1971): agreement of several raters on items beyond chance.</summary>
    /// <param name="ratings">One array per item of each rater's category (any integers), all of one length, at least 2.</param>
    /// <returns>At most 1; NaN when only one category is ever used.</returns>
    public static double FleissKappa(IReadOnlyList<int[]> ratings)
    {
        var raters = ratings.Count == 0 ? 0 : ratings[0].Length;
        if (raters < 2 || ratings.Any(item => item.Length != raters))
        {
            throw new ArgumentException("needs at least one item, each rated by the same number of raters, at least 2");
        }

        var totals = new Dictionary<int, long>();
        var agreeing = 0.0;
        foreach (var item in ratings)
        {
            foreach (var group in item.GroupBy(category => category))
            {
                long count = group.Count();
                totals[group.Key] = totals.GetValueOrDefault(group.Key) + count;
                agreeing += count * (count - 1);
            }
        }

        double items = ratings.Count;
        var observed = agreeing / (items * raters * (raters - 1.0));
        var expected = totals.Values.Sum(count => count / (items * raters) * (count / (items * raters)));
        return totals.Count == 1 ? double.NaN : (observed - expected) / (1 - expected);
    }

    /// <summary>Mutual information of two discrete variables in nats (Shannon 1948), from observed shares without correction for bias.</summary>
    public static double MutualInformation(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.Length != b.Length || a.Length == 0)
        {
            throw new ArgumentException($"needs pairs: given {a.Length} and {b.Length} values");
        }

        var joint = new Dictionary<(int, int), int>();
        var left = new Dictionary<int, int>();
        var right = new Dictionary<int, int>();
        for (var i = 0; i < a.Length; i++)
        {
            joint[(a[i], b[i])] = joint.GetValueOrDefault((a[i], b[i])) + 1;
            left[a[i]] = left.GetValueOrDefault(a[i]) + 1;
            right[b[i]] = right.GetValueOrDefault(b[i]) + 1;
        }

        double n = a.Length;
        var sum = 0.0;
        foreach (var ((x, y), count) in joint)
        {
            sum += count / n * Math.Log(count * n / ((double)left[x] * right[y]));
        }

        return Math.Max(0, sum);
    }
}

/// <summary>How much two different categories disagree.</summary>
public enum KappaWeights
{
    /// <summary>All alike.</summary>
    None,

    /// <summary>By the distance of their places.</summary>
    Linear,

    /// <summary>By the square of the distance of their places.</summary>
    Quadratic,
}
