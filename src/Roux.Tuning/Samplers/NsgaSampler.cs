using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// NSGA-II (Deb et al. 2002) for several objectives, in its steady form: parents by binary tournament among the best of all trials
/// so far by front and crowding; simulated binary crossover and polynomial mutation (Deb and Agrawal 1995), uniform on levels
/// without order.
/// </summary>
public sealed class NsgaSampler : Sampler
{
    private const double CrossoverIndex = 15;
    private const double MutationIndex = 20;

    /// <inheritdoc/>
    public override string Name => "nsga2";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        var size = Math.Clamp(5 * space.Dimensions, 16, 60);
        if (history.Observations.Count < size)
        {
            return space.Draw(random);
        }

        Observation[] best = [.. TpeSampler.Rank(history).Take(size)];
        var (a, b) = (Tournament(best, random), Tournament(best, random));
        var child = (double[])a.Clone();
        for (var i = 0; i < child.Length; i++)
        {
            child[i] = space.Nominal[i] ? random.Unit() < 0.5 ? a[i] : b[i] : Cross(a[i], b[i], random);
            if (random.Unit() < 1.0 / child.Length)
            {
                child[i] = space.Nominal[i] ? random.Unit() : Mutate(child[i], random);
            }
        }

        space.Snap(child);
        return child;
    }

    /// <summary>The better of two, which stand in order of rank.</summary>
    private static double[] Tournament(Observation[] ranked, Rng random) => ranked[Math.Min(random.Below(ranked.Length), random.Below(ranked.Length))].Point;

    private static double Cross(double a, double b, Rng random)
    {
        var u = random.Unit();
        var beta = u <= 0.5 ? Math.Pow(2 * u, 1 / (CrossoverIndex + 1)) : Math.Pow(1 / (2 * (1 - u)), 1 / (CrossoverIndex + 1));
        return Math.Clamp(0.5 * ((1 + beta) * a + (1 - beta) * b), 0, 1);
    }

    private static double Mutate(double value, Rng random)
    {
        var u = random.Unit();
        var delta = u < 0.5 ? Math.Pow(2 * u, 1 / (MutationIndex + 1)) - 1 : 1 - Math.Pow(2 * (1 - u), 1 / (MutationIndex + 1));
        return Math.Clamp(value + delta, 0, 1);
    }
}
