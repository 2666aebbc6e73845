using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// Differential evolution (Storn and Price 1997), current-to-best/1 with the scale and the crossover rate drawn anew for every child
/// (after Brest et al. 2006, jDE). Asynchronous: a child that is as good as its parent takes its place whenever it is told.
/// </summary>
public sealed class DifferentialEvolutionSampler : Sampler
{
    private readonly Dictionary<int, int> parents = [];
    private readonly List<Observation> population = [];
    private int seen;

    /// <inheritdoc/>
    public override string Name => "de";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        var size = Math.Clamp(4 * space.Dimensions, 10, Math.Max(10, (history.Budget ?? 1_000) / 5));
        for (; seen < history.Observations.Count; seen++)
        {
            Take(history.Observations[seen], size);
        }

        if (population.Count < Math.Max(4, size))
        {
            return space.Draw(random);
        }

        var target = random.Below(population.Count);
        parents[history.Next] = target;
        var best = population.MinBy(observation => (observation.Violation, observation.Value))!;
        var (a, b) = (population[random.Below(population.Count)].Point, population[random.Below(population.Count)].Point);
        var (scale, rate) = (0.1 + 0.8 * random.Unit(), random.Unit());
        var child = (double[])population[target].Point.Clone();
        var sure = random.Below(Math.Max(1, child.Length));
        for (var i = 0; i < child.Length; i++)
        {
            if (i != sure && random.Unit() > rate)
            {
                continue;
            }

            child[i] = space.Nominal[i]
                ? random.Unit() < 0.1 ? random.Unit() : random.Unit() < 0.5 ? best.Point[i] : a[i]
                : Reflect(child[i] + scale * (best.Point[i] - child[i]) + scale * (a[i] - b[i]));
        }

        space.Snap(child);
        return child;
    }

    private void Take(Observation told, int size)
    {
        if (population.Count < size || !parents.Remove(told.Number, out var parent))
        {
            if (population.Count < size)
            {
                population.Add(told);
                return;
            }

            // A trial that was enqueued or told by another process: it may take the place of the worst.
            parent = Enumerable.Range(0, population.Count).MaxBy(i => (population[i].Violation, population[i].Value));
        }

        if ((told.Violation, told.Value).CompareTo((population[parent].Violation, population[parent].Value)) <= 0)
        {
            population[parent] = told;
        }
    }

    private static double Reflect(double value)
    {
        value = Math.Abs(value) % 2;
        return value > 1 ? 2 - value : value;
    }
}
