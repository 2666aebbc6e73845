using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

public sealed partial class Study
{
    private const int Trees = 64;
    private const int Backgrounds = 24;
    private const int MostSampled = 1_000;

    /// <summary>
    /// How much better than the best trial the optimum can still be, with high probability, in the objective's unit (Makarova et al. 2022);
    /// <c>null</c> before 20 trials are complete, and for several objectives.
    /// </summary>
    public double? Regret()
    {
        lock (gate)
        {
            return RegretBound.Of(history);
        }
    }

    /// <summary>How much each parameter matters, as far as the complete trials show, largest first. Empty before ten trials are complete.</summary>
    /// <param name="objective">Of which objective, from 0.</param>
    /// <param name="method">In what sense.</param>
    public IReadOnlyList<(string Parameter, double Importance)> Importance(int objective = 0, ImportanceMethod method = ImportanceMethod.Variance)
    {
        const int Enough = 10;
        lock (gate)
        {
            if (history.Observations.Count < Enough)
            {
                return [];
            }

            var random = new Rng(options.Seed, -1);
            var known = method == ImportanceMethod.Best ? history.Observations : Sample(random);
            double[] values = [.. known.Select(observation => observation.Values[objective])];
            double[][] points = [.. known.Select(observation => observation.Point)];
            var shares = method == ImportanceMethod.Best ? PedAnova.Shares(space, points, values)
                : RandomForest.Fit(space, points, OutputScale.Apply(values), random, Trees).MainEffects(space);
            return [.. shares.Select((share, i) => (Space.Parameters[i].Name, share)).OrderByDescending(pair => pair.share)];
        }
    }

    /// <summary>
    /// What a random forest learned of two parameters together, averaged over the others as the trials have them (partial dependence, Friedman 2001).
    /// </summary>
    /// <param name="first">A parameter; the first index.</param>
    /// <param name="second">Another; the second index.</param>
    /// <param name="grid">Places along each, evenly over its range (of a log range, its logarithm), at least 2.</param>
    /// <returns>Values of the first objective in its own unit; empty before a trial is complete.</returns>
    /// <exception cref="ArgumentException">No such parameter.</exception>
    public double[,] Surface(string first, string second, int grid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grid, 2);
        int Place(string name) => Space.Parameters.TakeWhile(parameter => parameter.Name != name).Count() is var place && place < Space.Parameters.Count ? place
            : throw new ArgumentException($"'{name}' is no parameter of this space", nameof(first));
        var (a, b) = (Place(first), Place(second));
        lock (gate)
        {
            if (history.Observations.Count == 0)
            {
                return new double[0, 0];
            }

            var random = new Rng(options.Seed, -2);
            var known = Sample(random);
            var forest = RandomForest.Fit(space, [.. known.Select(observation => observation.Point)], [.. known.Select(observation => observation.Value)], random, Trees);
            double[][] backgrounds = [.. Enumerable.Range(0, Backgrounds).Select(_ => (double[])history.Observations[random.Below(history.Observations.Count)].Point.Clone())];
            var surface = new double[grid, grid];
            for (var i = 0; i < grid; i++)
            {
                for (var j = 0; j < grid; j++)
                {
                    foreach (var point in backgrounds)
                    {
                        (point[a], point[b]) = (space.Snap(a, (i + 0.5) / grid), space.Snap(b, (j + 0.5) / grid));
                        surface[i, j] += forest.Predict(point).Mean / Backgrounds * (Directions[0] == Direction.Minimize ? 1 : -1);
                    }
                }
            }

            return surface;
        }
    }

    /// <summary>All observations, or as many of them at random as a forest learns in a moment.</summary>
    private IReadOnlyList<Observation> Sample(Rng random)
    {
        if (history.Observations.Count <= MostSampled)
        {
            return history.Observations;
        }

        int[] order = [.. Enumerable.Range(0, history.Observations.Count)];
        random.Shuffle<int>(order);
        return [.. order.Take(MostSampled).Order().Select(i => history.Observations[i])];
    }
}
