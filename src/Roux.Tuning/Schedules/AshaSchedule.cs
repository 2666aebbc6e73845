namespace Roux.Tuning;

/// <summary>
/// Asynchronous successive halving in its promoting form (Li et al. 2020, "A system for massively parallel hyperparameter tuning", algorithm
/// 2): whoever is free promotes a paused trial that is among the best 1/η of its rung, the highest rung first, and begins a new trial where
/// there is none. No worker ever waits.
/// </summary>
public sealed class AshaSchedule : Schedule
{
    /// <param name="minResource">Steps of the first rung, at least 1.</param>
    /// <param name="maxResource">Steps of a whole trial.</param>
    /// <param name="reduction">η, at least 2.</param>
    public AshaSchedule(long minResource, long maxResource, int reduction = 3) : base(minResource, maxResource, reduction)
    {
    }

    /// <inheritdoc/>
    public override string Name => "asha";

    internal override long First(int number) => Rungs[0];

    internal override (int Number, long Resource)? Promote(IReadOnlyList<Climber> trials)
    {
        for (var rung = Rungs.Count - 2; rung >= 0; rung--)
        {
            var resource = Rungs[rung];
            var there = trials.Where(trial => trial.State != TrialState.Failed && trial.Reached(resource)).ToArray();
            var best = there.OrderBy(trial => trial.At(resource)).ThenBy(trial => trial.Number).Take(there.Length / Reduction);
            foreach (var trial in best)
            {
                if (trial.State == TrialState.Paused && trial.Resource <= resource)
                {
                    return (trial.Number, Above(resource));
                }
            }
        }

        return null;
    }
}
