namespace Roux.Tuning;

/// <summary>
/// Prunes a trial whose best value so far is worse than a percentile of what the others had at the same step (Golovin et al. 2017,
/// "Google Vizier", section 3.2.2, with the median).
/// </summary>
/// <param name="percentile">0 to 100: the share of the others that a trial must be among, in percent; 50 is the median rule.</param>
/// <param name="startupTrials">Trials that end before any is pruned.</param>
/// <param name="warmupSteps">Steps of a trial that are not judged.</param>
public sealed class PercentilePruner(double percentile, int startupTrials = 5, long warmupSteps = 0) : Pruner
{
    private readonly double share = percentile is > 0 and <= 100 ? percentile / 100 : throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "above 0 and up to 100");

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        if (trial.LastStep < warmupSteps || others.Count(other => other.State == TrialState.Complete) < startupTrials)
        {
            return false;
        }

        var there = others.Select(other => other.At(trial.LastStep)).OfType<double>().Order().ToArray();
        return there.Length >= startupTrials && trial.BestUpTo(trial.LastStep) > Quantile(there, share);
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var low = (int)Math.Floor(place);
        return low + 1 >= sorted.Length || sorted[low] == sorted[low + 1] ? sorted[low] : sorted[low] + (place - low) * (sorted[low + 1] - sorted[low]);
    }
}
