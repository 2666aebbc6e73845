namespace Roux.Learning.Evaluation.Statistics;

/// <summary>How far a variable has moved from a reference.</summary>
public static class PopulationStability
{
    private const double Floor = 1e-4;

    /// <summary>
    /// Population stability index (Siddiqi 2006, chapter 8; a symmetrised Kullback-Leibler divergence in nats) over bins between quantiles of the reference;
    /// the outer bins are open and shares are kept from zero by 1e-4. Common usage: below 0.1 stable, above 0.25 shifted.
    /// </summary>
    /// <param name="reference">Values then, at least one; NaN is left out.</param>
    /// <param name="current">Values now, at least one; NaN is left out.</param>
    /// <param name="bins">Number of bins, at least 2.</param>
    public static double Index(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        double[] then = [.. reference.ToArray().Where(value => !double.IsNaN(value))];
        double[] now = [.. current.ToArray().Where(value => !double.IsNaN(value))];
        if (then.Length == 0 || now.Length == 0)
        {
            throw new ArgumentException("needs at least one value on each side");
        }

        Array.Sort(then);
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(i => Quantile(then, (double)i / bins)).Distinct()];
        return OfShares(Shares(then, edges), Shares(now, edges));
    }

    /// <summary>The index of shares that are known, such as those of the levels of a category.</summary>
    /// <param name="reference">Shares then, summing to 1.</param>
    /// <param name="current">Shares now of the same bins.</param>
    public static double OfShares(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.Length != current.Length)
        {
            throw new ArgumentException($"needs the same bins on both sides: given {reference.Length} and {current.Length}");
        }

        var sum = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            var (then, now) = (Math.Max(Floor, reference[i]), Math.Max(Floor, current[i]));
            sum += (now - then) * Math.Log(now / then);
        }

        return sum;
    }

    /// <summary>The quantile of sorted values by linear interpolation (Hyndman and Fan 1996, definition 7).</summary>
    private static double Quantile(double[] sorted, double p)
    {
        var place = (sorted.Length - 1) * p;
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static double[] Shares(double[] values, double[] edges)
    {
        var shares = new double[edges.Length + 1];
        foreach (var value in values)
        {
            var found = Array.BinarySearch(edges, value);
            shares[found >= 0 ? found + 1 : ~found]++;
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= values.Length;
        }

        return shares;
    }
}
