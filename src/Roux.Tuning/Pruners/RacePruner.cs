namespace Roux.Tuning;

/// <summary>
/// For reports that are separate problems, such as folds: prunes a trial that, after two of them or more, is behind the best complete trial on every
/// one, and on average by more than so many standard deviations of that trial's own reports. Decides earlier than a rank test of few folds can.
/// </summary>
/// <param name="patience">Standard deviations by which a trial may be behind, at least 0.</param>
/// <param name="startupProblems">Problems that a trial does in any case, at least 1.</param>
public sealed class RacePruner(double patience = 1, int startupProblems = 2) : Pruner
{
    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        var best = others.Where(other => other.State == TrialState.Complete && other.Values.Count > 1).MinBy(other => other.Values.Average());
        if (best is null || trial.Values.Count < startupProblems)
        {
            return false;
        }

        double[] behind = [.. trial.Steps.Zip(trial.Values, (step, value) => value - best.At(step)).OfType<double>()];
        var mean = best.Values.Average();
        var deviation = Math.Sqrt(best.Values.Sum(value => (value - mean) * (value - mean)) / (best.Values.Count - 1));
        return behind.Length >= startupProblems && behind.Min() > 0 && behind.Average() > patience * deviation;
    }
}
