namespace Roux.Tuning;

/// <summary>
/// Prunes a trial whose learning curve, extrapolated by a mixture of parametric families (after Domhan et al. 2015), ends better than the best
/// complete trial with a small probability only. The end is where the longest complete trial ended.
/// </summary>
/// <param name="threshold">The probability below which a trial is pruned, in (0, 1).</param>
/// <param name="startupReports">Reports of a trial before it is judged, at least 3.</param>
public sealed class ExtrapolationPruner(double threshold = 0.05, int startupReports = 4) : Pruner
{
    private readonly double threshold = threshold is > 0 and < 1 ? threshold : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "a probability, above 0 and below 1");
    private readonly int startupReports = startupReports >= 3 ? startupReports : throw new ArgumentOutOfRangeException(nameof(startupReports), startupReports, "at least 3");

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        var (best, end) = (double.PositiveInfinity, 0L);
        foreach (var other in others)
        {
            if (other.State == TrialState.Complete && other.Values.Count > 0)
            {
                (best, end) = (Math.Min(best, other.Values[^1]), Math.Max(end, other.LastStep));
            }
        }

        if (double.IsPositiveInfinity(best) || trial.Values.Count < startupReports || trial.LastStep >= end)
        {
            return false;
        }

        if (!double.IsFinite(trial.Values[^1]))
        {
            return true;
        }

        // What was reported before a curve became finite says nothing of how it goes on.
        var first = Enumerable.Range(0, trial.Values.Count).LastOrDefault(i => !double.IsFinite(trial.Values[i]), -1) + 1;
        if (trial.Values.Count - first < startupReports)
        {
            return false;
        }

        var curve = new CurveExtrapolation([.. trial.Steps.Skip(first).Select(step => step + 1.0)], [.. trial.Values.Skip(first)]);
        return curve.Below(end + 1, best) < threshold;
    }
}
