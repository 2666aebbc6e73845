namespace Roux.Tuning;

/// <summary>
/// Hyperband (Li et al. 2018, "Hyperband: a novel bandit-based approach to hyperparameter optimization", algorithm 1): brackets of successive
/// halving (Jamieson and Talwalkar 2016) from many trials that are judged early to a few that are trained to the end. Within a bracket the best
/// 1/η of a rung go on once all of the rung have come to it; a worker that would have to wait begins the next bracket (as Falkner et al. 2018,
/// BOHB, do).
/// </summary>
public sealed class HyperbandSchedule : Schedule
{
    private readonly Bracket[] brackets;
    private readonly int cycle;

    /// <param name="minResource">Steps of the first rung, at least 1.</param>
    /// <param name="maxResource">Steps of a whole trial.</param>
    /// <param name="reduction">η, at least 2.</param>
    /// <param name="halvingOnly">Repeats the bracket that judges earliest: plain successive halving.</param>
    public HyperbandSchedule(long minResource, long maxResource, int reduction = 3, bool halvingOnly = false) : base(minResource, maxResource, reduction)
    {
        var most = Rungs.Count - 1;
        brackets = [.. Enumerable.Range(0, halvingOnly ? 1 : most + 1).Select(skipped =>
        {
            var size = (int)Math.Ceiling((most + 1.0) / (most - skipped + 1) * Math.Pow(reduction, most - skipped));
            return new Bracket(skipped, size);
        })];
        cycle = brackets.Sum(bracket => bracket.Size);
        Name = halvingOnly ? "halving" : "hyperband";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Trials of each bracket, in the order in which they are begun.</summary>
    internal IReadOnlyList<int> Sizes => [.. brackets.Select(bracket => bracket.Size)];

    internal override long First(int number)
    {
        var place = number % cycle;
        var bracket = 0;
        for (; place >= brackets[bracket].Size; bracket++)
        {
            place -= brackets[bracket].Size;
        }

        return Rungs[brackets[bracket].Skipped];
    }

    internal override (int Number, long Resource)? Promote(IReadOnlyList<Climber> trials)
    {
        for (var (first, turn) = (0, 0); first < trials.Count; first += brackets[turn % brackets.Length].Size, turn++)
        {
            var bracket = brackets[turn % brackets.Length];
            if (first + bracket.Size <= trials.Count && Promote([.. trials.Skip(first).Take(bracket.Size)], bracket) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Goes up the rungs of one bracket as far as all have come.</summary>
    private (int Number, long Resource)? Promote(Climber[] members, Bracket bracket)
    {
        var size = bracket.Size;
        for (var rung = bracket.Skipped; rung + 1 < Rungs.Count; rung++)
        {
            var resource = Rungs[rung];
            if (!members.All(trial => trial.Reached(resource) || trial.State is TrialState.Failed or TrialState.Pruned))
            {
                return null;
            }

            size /= Reduction;
            members = [.. members.Where(trial => trial.State != TrialState.Failed && trial.Reached(resource)).OrderBy(trial => trial.At(resource)).ThenBy(trial => trial.Number).Take(Math.Max(1, size))];
            foreach (var trial in members)
            {
                if (trial.State == TrialState.Paused && trial.Resource <= resource)
                {
                    return (trial.Number, Rungs[rung + 1]);
                }
            }
        }

        return null;
    }

    /// <param name="Skipped">Rungs left out at the beginning.</param>
    /// <param name="Size">Trials.</param>
    private sealed record Bracket(int Skipped, int Size);
}
