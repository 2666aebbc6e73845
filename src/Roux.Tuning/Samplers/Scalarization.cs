using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>One number a trial, smaller is better, for samplers that model one.</summary>
internal static class Scalarization
{
    private const double Augmentation = 0.05;

    /// <summary>
    /// With one objective its value; with several an augmented Chebyshev norm of random weight over the objectives scaled to [0, 1]
    /// (Knowles 2006, ParEGO). A trial that violates constraints ranks behind the worst that does not, by how much it violates.
    /// </summary>
    public static Func<Observation, double> Of(History history, Rng random)
    {
        var value = history.Objectives == 1 ? observation => observation.Value : Chebyshev(history, random);
        var feasible = history.Observations.Where(observation => observation.Violation == 0).Select(value).DefaultIfEmpty(0).ToArray();
        var (best, worst) = (feasible.Min(), feasible.Max());
        return observation => observation.Violation == 0 ? value(observation)
            : worst + (worst - best + 1e-9) * (0.1 + observation.Violation / (1 + observation.Violation));
    }

    private static Func<Observation, double> Chebyshev(History history, Rng random)
    {
        var count = history.Objectives;
        var (low, span, weights) = (new double[count], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            low[i] = history.Observations.Min(observation => observation.Values[i]);
            span[i] = Math.Max(history.Observations.Max(observation => observation.Values[i]) - low[i], 1e-12);
            weights[i] = -Math.Log(1 - random.Unit());
        }

        var sum = weights.Sum();
        return observation =>
        {
            var (most, total) = (0.0, 0.0);
            for (var i = 0; i < count; i++)
            {
                var weighed = weights[i] / sum * (observation.Values[i] - low[i]) / span[i];
                (most, total) = (Math.Max(most, weighed), total + weighed);
            }

            return most + Augmentation * total;
        };
    }
}
