using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation;

/// <summary>Intervals for the area under the ROC curve without resampling.</summary>
internal static class DeLong
{
    /// <summary>
    /// The interval of DeLong, DeLong and Clarke-Pearson 1988, computed from mid-ranks (Sun and Xu 2014) and laid symmetrically on the logit scale
    /// (Pepe 2003, section 5.2.4), so that it stays within 0 and 1. <c>null</c> where a class has fewer than two rows or the variance is zero.
    /// </summary>
    public static Interval? Interval(Target y, Predictions p, double estimate, double level)
    {
        var scores = new double[y.Count];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = p.Values[row * 2 + 1];
        }

        double[] positives = [.. scores.Where((_, row) => y.Labels[row] == 1)];
        double[] negatives = [.. scores.Where((_, row) => y.Labels[row] == 0)];
        if (positives.Length < 2 || negatives.Length < 2)
        {
            return null;
        }

        // Rank among all less rank within the own class: how many rows of the other class lie below, ties counting half.
        var (ranks, _) = Ranks.Of([.. positives, .. negatives]);
        var variance =
            Variance(Ranks.Of(positives).Ranks, ranks.AsSpan(0, positives.Length), negatives.Length) / positives.Length
            + Variance(Ranks.Of(negatives).Ranks, ranks.AsSpan(positives.Length), positives.Length) / negatives.Length;
        var slope = estimate * (1 - estimate);
        if (!(variance > 0) || !(slope > 0))
        {
            return null;
        }

        var logit = Math.Log(estimate / (1 - estimate));
        var half = Tails.NormalQuantile((1 + level) / 2) * Math.Sqrt(variance) / slope;
        return new Interval(estimate, 1 / (1 + Math.Exp(half - logit)), 1 / (1 + Math.Exp(-half - logit)), "DeLong (logit)");
    }

    /// <summary>
    /// For a perfect order, where every variance is zero: pairs of one positive and one negative row that share no row are independent,
    /// and each is in order with a chance equal to the area, so the exact interval of Clopper and Pearson for as many trials as there are such pairs holds.
    /// </summary>
    public static Interval OfPerfectOrder(Target y, double estimate, double level)
    {
        var positives = y.Labels.Count(label => label == 1);
        var pairs = Math.Min(positives, y.Count - positives);
        var (low, high) = Proportion.ClopperPearson(estimate == 1 ? pairs : 0, pairs, level);
        return new Interval(estimate, low, high, "Clopper-Pearson of disjoint pairs");
    }

    private static double Variance(double[] within, ReadOnlySpan<double> among, double others)
    {
        var placements = new double[within.Length];
        for (var i = 0; i < placements.Length; i++)
        {
            placements[i] = (among[i] - within[i]) / others;
        }

        var mean = placements.Average();
        return placements.Sum(value => (value - mean) * (value - mean)) / (placements.Length - 1);
    }
}
