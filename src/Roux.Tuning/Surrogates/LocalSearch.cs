using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>Bayesian optimisation in a trust region: a Gaussian process of the trials nearest to the best one, whose values are scaled among themselves, so that small gains still show.</summary>
internal sealed class LocalSearch
{
    private readonly TrustRegion region = new();
    private KernelParameters? fitted;

    public double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        region.Follow(history.Observations, space.Dimensions);
        var centre = region.Best!.Point;
        Observation[] near = [.. history.Observations.OrderBy(observation => SquaredDistance(observation.Point, centre, space.Nominal)).Take(Math.Clamp(6 * space.Dimensions, 20, 60))];
        var y = OutputScale.Apply([.. near.Select(observation => observation.Value)]);
        double[][] tried = [.. near.Select(observation => observation.Point)];
        fitted = GaussianProcess.Fit(new TrainingPoints(tried, space.Nominal), y, fitted ?? new KernelParameters(space.Dimensions), fitted is null ? 40 : 12);
        var process = GaussianProcess.Condition(new TrainingPoints(tried, space.Nominal), y, fitted);
        double[][] running = [.. history.Pending.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        if (running.Length > 0)
        {
            process = GaussianProcess.Condition(new TrainingPoints([.. tried, .. running], space.Nominal), [.. y, .. running.Select(point => process.Predict(point).Mean)], fitted);
        }

        var (low, high) = region.Box(fitted.LogLengths, space.Nominal);
        var spread = Enumerable.Range(0, 16 * Math.Min(8, 1 + space.Dimensions)).Select(_ => Inside(space.Draw(random), low, high));
        return new AcquisitionSearch(new Improvement(process, y.Min()), space, low, high, history.WasTried).Maximize(spread, [centre], random, 30).Point;
    }

    private static double[] Inside(double[] point, double[] low, double[] high)
    {
        for (var i = 0; i < point.Length; i++)
        {
            point[i] = low[i] + point[i] * (high[i] - low[i]);
        }

        return point;
    }

    private static double SquaredDistance(double[] a, double[] b, bool[] nominal)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = nominal[i] ? a[i] == b[i] ? 0 : 0.5 : a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }
}
