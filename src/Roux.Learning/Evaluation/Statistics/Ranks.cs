namespace Roux.Learning.Evaluation.Statistics;

/// <summary>Ranks from 1, equal values sharing the mean of their places.</summary>
internal static class Ranks
{
    /// <summary>The rank of each value, and the sizes of the groups of equal values (those of more than one).</summary>
    public static (double[] Ranks, List<long> Ties) Of(ReadOnlySpan<double> values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var keys = values.ToArray();
        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        var ties = new List<long>();
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }

            if (end - start > 1)
            {
                ties.Add(end - start);
            }

            start = end;
        }

        return (ranks, ties);
    }

    /// <summary>The sum over ties of t^3 - t.</summary>
    public static double TieTerm(IEnumerable<long> ties) => ties.Sum(t => (double)t * t * t - t);

    /// <summary>Fails where two samples that must be paired are not, or are too short.</summary>
    public static void CheckPaired(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int atLeast)
    {
        if (a.Length != b.Length || a.Length < atLeast)
        {
            throw new ArgumentException($"needs pairs, at least {atLeast}: given {a.Length} and {b.Length} values");
        }
    }
}
