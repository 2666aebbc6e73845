using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"), multivariate (Falkner et
/// al. 2018, BOHB) with good trials weighed by what they gain (Watanabe 2023, "Tree-structured Parzen estimator: understanding its
/// algorithm components"; with several objectives by the hypervolume that each adds: Ozaki et al. 2022, "Multiobjective
/// tree-structured Parzen estimator"): proposes where the density of good trials is largest relative to that of the others. Older
/// ones of the others fade; running trials count among them (constant liar), so that parallel asks spread.
/// </summary>
public sealed class TpeSampler : Sampler
{
    private const int StartingTrials = 10;
    private const int Candidates = 24;
    private const int MostOthers = 1_000;
    private const int FullWeight = 25;
    private const double LeastWeight = 1e-3;

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
        Observation[] better = [.. ranked.Take(good)];
        double[][] others =
        [
            .. ranked.Skip(good).OrderBy(observation => observation.Number).TakeLast(MostOthers).Select(observation => observation.Point),
            .. history.Pending.OrderBy(pair => pair.Key).Select(pair => pair.Value),
        ];
        var promising = new ParzenEstimator(space, [.. better.Select(observation => observation.Point)], Gains(better, ranked[Math.Min(good, ranked.Count - 1)]));
        var poor = new ParzenEstimator(space, others, Fading(others.Length));
        return Enumerable.Range(0, Candidates).Select(_ => promising.Draw(random)).MaxBy(point => promising.LogDensity(point) - poor.LogDensity(point))!;
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

    /// <summary>How much each good trial is better than the best of the others, 1 on average.</summary>
    private static double[] Gains(Observation[] better, Observation bound)
    {
        var gains = better.Any(observation => observation.Violation > 0) ? new double[better.Length]
            : better[0].Values.Length == 1 ? Array.ConvertAll(better, observation => bound.Violation > 0 ? 1 : bound.Value - observation.Value)
            : Pareto.Contributions([.. better.Select(observation => observation.Values)]);
        var mean = gains.Average();
        return mean > 0 && double.IsFinite(mean) ? Array.ConvertAll(gains, gain => Math.Max(gain / mean, LeastWeight)) : [.. Enumerable.Repeat(1.0, better.Length)];
    }

    /// <summary>1 for the latest trials, less and less for those before.</summary>
    private static double[] Fading(int count)
    {
        var weights = new double[count];
        for (var k = 0; k < count; k++)
        {
            weights[k] = Math.Min(1, (k + 1.0) / Math.Max(1, count - FullWeight));
        }

        return weights;
    }
}
