using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"), multivariate (Falkner et
/// al. 2018, BOHB; Watanabe 2023, "Tree-structured Parzen estimator: understanding its algorithm components"): proposes where the
/// density of good trials is largest relative to that of the others. Every other trial takes each dimension by itself, as the first
/// form did, which finds optima that are additive sooner; running trials count among the others (constant liar), so that parallel asks spread.
/// </summary>
public sealed class TpeSampler : Sampler
{
    private const int StartingTrials = 10;
    private const int Candidates = 24;
    private const int MostOthers = 1_000;

    /// <inheritdoc/>
    public override string Name => "tpe";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        if (history.Observations.Count < StartingTrials)
        {
            return space.Draw(random);
        }

        var ranked = Rank(history);
        var good = Math.Max(1, Math.Min((int)Math.Ceiling(0.1 * ranked.Count), 25));
        double[][] better = [.. ranked.Take(good).Select(observation => observation.Point)];
        double[][] others = [.. ranked.Skip(good).TakeLast(MostOthers).Select(observation => observation.Point), .. history.Pending.Select(pair => pair.Value)];
        var independent = history.Next % 2 == 1;
        var (promising, poor) = (new ParzenEstimator(space, better, independent), new ParzenEstimator(space, others, independent));
        var (best, bestScore) = (Array.Empty<double>(), double.NegativeInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            var point = promising.Draw(random);
            var score = promising.LogDensity(point) - poor.LogDensity(point);
            if (score > bestScore)
            {
                (best, bestScore) = (point, score);
            }
        }

        space.Snap(best);
        return best;
    }

    /// <summary>Best first: by value; trials that violate constraints after all others, by how much; several objectives by rank of domination, then by crowding.</summary>
    internal static List<Observation> Rank(History history)
    {
        if (history.Objectives == 1)
        {
            return [.. history.Observations.OrderBy(observation => observation.Violation).ThenBy(observation => observation.Value)];
        }

        return [.. Pareto.Sort(history.Observations)];
    }
}
