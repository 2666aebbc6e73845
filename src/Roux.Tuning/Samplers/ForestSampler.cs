using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Sequential model-based optimisation with a random forest (Hutter, Hoos and Leyton-Brown 2011, SMAC): at home in spaces of mixed
/// types and conditions. Log expected improvement over random points and neighbours of the best; every eighth trial is random.
/// </summary>
public sealed class ForestSampler : Sampler
{
    private const int RandomEvery = 8;
    private const int MostPoints = 500;

    /// <inheritdoc/>
    public override string Name => "forest";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        if (history.Observations.Count < Math.Clamp(space.Dimensions + 1, 5, 10) || history.Next % RandomEvery == RandomEvery - 1)
        {
            return space.Draw(random);
        }

        Observation[] known = [.. history.Observations.TakeLast(MostPoints)];
        var y = OutputScale.Apply([.. known.Select(observation => observation.Value)]);
        var forest = RandomForest.Fit(space, [.. known.Select(observation => observation.Point)], y, random);
        var best = y.Min();
        double[][] good = [.. Enumerable.Range(0, y.Length).OrderBy(i => y[i]).Take(5).Select(i => known[i].Point)];
        var (chosen, score) = (space.Draw(random), double.NegativeInfinity);
        for (var i = 0; i < 300; i++)
        {
            var point = i % 2 == 0 ? space.Draw(random) : Neighbour(good[i / 2 % good.Length], space, random);
            var (mean, variance) = forest.Predict(point);
            var deviation = Math.Sqrt(variance);
            var value = Math.Log(deviation) + NormalDistribution.LogImprovement((best - mean) / deviation).Value;
            if (value > score)
            {
                (chosen, score) = (point, value);
            }
        }

        return chosen;
    }

    private static double[] Neighbour(double[] point, UnitSpace space, Rng random)
    {
        var near = (double[])point.Clone();
        var sure = random.Below(near.Length);
        for (var i = 0; i < near.Length; i++)
        {
            if (i == sure || random.Unit() < 1.0 / near.Length)
            {
                near[i] = space.Nominal[i] ? random.Unit() : Math.Clamp(near[i] + 0.15 * random.Normal(), 0, 1);
            }
        }

        space.Snap(near);
        return near;
    }
}
