using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// PED-ANOVA (Watanabe, Bansal and Hutter 2023): the importance of a dimension is the Pearson divergence between how the best trials and how all
/// trials lie along it, by kernel density estimates.
/// </summary>
internal static class PedAnova
{
    private const int Bins = 50;
    private const double BestShare = 0.1;
    private const int LeastBest = 5;

    /// <summary>The importance of each dimension; they sum to 1, or are all 0 where the best lie as all do.</summary>
    /// <param name="space">The space.</param>
    /// <param name="points">Trials in the unit cube.</param>
    /// <param name="values">Their values, smaller is better.</param>
    public static double[] Shares(UnitSpace space, double[][] points, double[] values)
    {
        var count = Math.Min(values.Length, Math.Max(LeastBest, (int)Math.Ceiling(BestShare * values.Length)));
        int[] best = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Take(count)];
        var divergences = new double[space.Dimensions];
        for (var d = 0; d < divergences.Length; d++)
        {
            var all = Density(space, d, [.. points.Select(point => point[d])]);
            var good = Density(space, d, [.. best.Select(i => points[i][d])]);
            for (var bin = 0; bin < all.Length; bin++)
            {
                var ratio = good[bin] / all[bin] - 1;
                divergences[d] += ratio * ratio * all[bin];
            }
        }

        var sum = divergences.Sum();
        return Array.ConvertAll(divergences, divergence => sum > 0 ? divergence / sum : 0);
    }

    /// <summary>The mass in each bin: of a nominal dimension its levels, smoothed by one trial over all; else Gaussians of Scott's width, cut off at the ends.</summary>
    private static double[] Density(UnitSpace space, int dimension, double[] at)
    {
        if (space.Nominal[dimension])
        {
            var levels = (int)space.Levels[dimension]!.Value;
            var counts = new double[levels];
            Array.Fill(counts, 1.0 / levels);
            foreach (var x in at)
            {
                counts[Math.Min((int)(x * levels), levels - 1)]++;
            }

            return Array.ConvertAll(counts, number => number / (at.Length + 1));
        }

        var mean = at.Average();
        var deviation = Math.Sqrt(at.Sum(x => (x - mean) * (x - mean)) / Math.Max(1, at.Length - 1));
        var width = Math.Max(1.0 / Bins, 1.059 * deviation * Math.Pow(at.Length, -0.2));
        var mass = new double[Bins];
        Array.Fill(mass, 1e-3 / Bins);
        foreach (var x in at)
        {
            var (low, high) = (NormalDistribution.Cumulative(-x / width), NormalDistribution.Cumulative((1 - x) / width));
            for (var (bin, before) = (0, low); bin < Bins; bin++)
            {
                var after = NormalDistribution.Cumulative(((bin + 1.0) / Bins - x) / width);
                mass[bin] += (after - before) / ((high - low) * at.Length);
                before = after;
            }
        }

        return mass;
    }
}
