using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// How much better than the best trial the optimum can still be, with high probability: the upper confidence bound of the best trial less the
/// least lower confidence bound over the space, by a Gaussian process (Makarova et al. 2022, "Automatic termination for hyperparameter optimization").
/// </summary>
internal static class RegretBound
{
    /// <summary>Trials before which a bound says nothing.</summary>
    public const int Enough = 20;

    private const int MostPoints = 200;
    private const int Looks = 1_000;
    private const double Risk = 0.1;

    /// <summary>The bound in the objective's own unit; <c>null</c> before there are enough trials.</summary>
    public static double? Of(History history)
    {
        var known = history.Observations.Where(observation => observation.Violation == 0).OrderBy(observation => observation.Value).ToArray();
        if (history.Objectives != 1 || known.Length < Enough || history.Space.Dimensions == 0)
        {
            return null;
        }

        // Of many trials the better half and the latest: the bound is about the region of the best.
        Observation[] chosen = [.. known.Take(MostPoints * 3 / 4).Concat(known.Skip(MostPoints * 3 / 4).OrderByDescending(observation => observation.Number).Take(MostPoints / 4))];
        double[] values = [.. chosen.Select(observation => observation.Value)];
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
        if (!(deviation > 0))
        {
            return 0;
        }

        double[] y = [.. values.Select(value => (value - mean) / deviation)];
        double[][] tried = [.. chosen.Select(observation => observation.Point)];
        var points = new TrainingPoints(tried, history.Space.Nominal);
        var process = GaussianProcess.Condition(points, y, GaussianProcess.Fit(points, y, new KernelParameters(history.Space.Dimensions), 60));

        // Srinivas et al. 2010, theorem 1; a fifth of it as is usual, for the theorem's constant is far too careful.
        var t = known.Length;
        var beta = Math.Sqrt(2 * Math.Log(history.Space.Dimensions * t * (double)t * Math.PI * Math.PI / (6 * Risk)) / 5);
        var upper = tried.Min(point => Confidence(process, point, beta));
        var lower = Candidates(history, tried).Min(point => Confidence(process, point, -beta));
        return Math.Max(0, upper - lower) * deviation;
    }

    private static double Confidence(GaussianProcess process, double[] point, double beta)
    {
        var (mean, variance) = process.Predict(point);
        return mean + beta * Math.Sqrt(variance);
    }

    /// <summary>All over the space, and closer and closer to the best five.</summary>
    private static IEnumerable<double[]> Candidates(History history, double[][] tried)
    {
        var random = new Rng(history.Seed, -7);
        for (var i = 0; i < Looks; i++)
        {
            yield return history.Space.Draw(random);
            var near = (double[])tried[i % Math.Min(5, tried.Length)].Clone();
            var width = Math.Pow(10, -3 * random.Unit());
            for (var d = 0; d < near.Length; d++)
            {
                near[d] = Math.Clamp(near[d] + width * (random.Unit() - 0.5), 0, 1);
            }

            history.Space.Snap(near);
            yield return near;
        }

        foreach (var point in tried)
        {
            yield return point;
        }
    }
}
