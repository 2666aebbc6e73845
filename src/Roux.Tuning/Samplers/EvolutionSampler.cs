using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// Regularised evolution (Real et al. 2019, "Regularized evolution for image classifier architecture search"): the population is the latest
/// trials, so that all die of age, however good they are; of a random few the best has a child with one setting changed. Robust to noise, at home
/// among categories.
/// </summary>
public sealed class EvolutionSampler : Sampler
{
    private const double Width = 0.15;

    /// <inheritdoc/>
    public override string Name => "evolution";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        var size = Math.Clamp((history.Budget ?? 500) / 5, 10, 100);
        if (history.Observations.Count < Math.Min(size, 20) || space.Dimensions == 0)
        {
            return space.Draw(random);
        }

        var living = history.Observations.TakeLast(size).ToArray();
        var rank = TpeSampler.Rank(history).Select((observation, place) => (observation, place)).ToDictionary(pair => pair.observation, pair => pair.place);
        var parent = living[random.Below(living.Length)];
        for (var i = 1; i < Math.Max(2, living.Length / 4); i++)
        {
            var rival = living[random.Below(living.Length)];
            parent = rank[rival] < rank[parent] ? rival : parent;
        }

        for (var attempt = 0; ; attempt++)
        {
            var child = (double[])parent.Point.Clone();
            var changed = random.Below(child.Length);
            child[changed] = space.Nominal[changed] || random.Unit() < 0.1 ? random.Unit() : Math.Clamp(child[changed] + Width * random.Normal(), 0, 1);
            space.Snap(child);
            if (attempt == 20 || !history.WasTried(child))
            {
                return child;
            }
        }
    }
}
