namespace Roux.Tuning;

/// <summary>
/// Asynchronous successive halving (Li et al. 2020, ASHA, in its stopping form): at the rungs r, rη, rη², … a trial goes on only if it
/// is among the best 1/η of all that have reached the rung by then. No trial waits for another.
/// </summary>
/// <param name="minResource">Steps of the first rung, at least 1.</param>
/// <param name="reduction">η, at least 2: the share 1/η of the trials that goes on from a rung.</param>
/// <param name="skippedRungs">Rungs left out at the beginning: a bracket of Hyperband.</param>
public sealed class SuccessiveHalvingPruner(long minResource = 1, int reduction = 3, int skippedRungs = 0) : Pruner
{
    private readonly long least = minResource >= 1 ? minResource : throw new ArgumentOutOfRangeException(nameof(minResource), minResource, "at least 1");
    private readonly int reduction = reduction >= 2 ? reduction : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "at least 2");

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        // Steps count from 0, so a trial that reported step s has used s + 1 of the resource.
        var used = trial.LastStep + 1;
        var rung = least * Math.Pow(reduction, skippedRungs);
        while (rung * reduction <= used)
        {
            rung *= reduction;
        }

        if (used < rung || UsedBefore(trial) >= rung)
        {
            return false;
        }

        var step = (long)rung - 1;
        var mine = trial.BestUpTo(trial.LastStep)!.Value;
        var rivals = others.Where(other => other.LastStep >= step).Select(other => other.BestUpTo(Math.Max(step, trial.LastStep))!.Value).ToArray();
        var places = Math.Max(1, (rivals.Length + 1) / reduction);
        return rivals.Count(rival => rival < mine) >= places;
    }

    private static long UsedBefore(Curve trial) => trial.Steps.Count < 2 ? 0 : trial.Steps[^2] + 1;
}

/// <summary>
/// Hyperband (Li et al. 2018): trials are dealt out to brackets of asynchronous successive halving, from the one that begins to prune at the
/// first rung to one that lets all trials run far, so that nothing depends on how early a good trial shows.
/// </summary>
/// <param name="minResource">Steps of the first rung, at least 1.</param>
/// <param name="reduction">η, at least 2.</param>
/// <param name="maxResource">Steps of a whole trial; it decides the number of brackets.</param>
public sealed class HyperbandPruner(long minResource = 1, int reduction = 3, long maxResource = 81) : Pruner
{
    private readonly SuccessiveHalvingPruner[] brackets =
        [.. Enumerable.Range(0, 1 + (int)Math.Floor(Math.Log((double)maxResource / minResource) / Math.Log(reduction) + 1e-9)).Select(skipped => new SuccessiveHalvingPruner(minResource, reduction, skipped))];

    internal override bool IsHopeless(Curve trial, IReadOnlyList<Curve> others)
    {
        var bracket = BracketOf(trial.Number);
        return brackets[bracket].IsHopeless(trial, [.. others.Where(other => BracketOf(other.Number) == bracket)]);
    }

    /// <summary>The bracket of a trial: early ones get more of them, as each of their trials costs less.</summary>
    private int BracketOf(int number)
    {
        // Bracket s of Hyperband has about η^(S - s) (S + 1) / (S - s + 1) trials; a fixed hash deals them out in that proportion.
        var most = brackets.Length - 1;
        double[] sizes = [.. Enumerable.Range(0, brackets.Length).Select(s => Math.Ceiling((most + 1.0) / (most - s + 1) * Math.Pow(reduction, most - s)))];
        var hash = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        var place = (hash >> 11) * (1.0 / (1UL << 53)) * sizes.Sum();
        var bracket = 0;
        while (bracket < most && (place -= sizes[bracket]) >= 0)
        {
            bracket++;
        }

        return bracket;
    }
}
