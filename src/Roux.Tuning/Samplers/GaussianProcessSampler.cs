using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Bayesian optimisation with a Gaussian process (Snoek et al. 2012, "Practical Bayesian optimization of machine learning
/// algorithms"): Matérn 5/2 with relevance determination, joint and additive, the logarithm of expected improvement, trials that are
/// running believed to come out as predicted (Ginsbourger et al. 2010, "Kriging is well-suited to parallelize optimization").
/// </summary>
public sealed class GaussianProcessSampler : Sampler
{
    private const int MostPoints = 200;

    private KernelParameters? fitted;
    private int fittedAt;
    private SobolSequence? design;

    /// <inheritdoc/>
    public override string Name => "gp";

    internal override double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        var known = history.Observations;
        var initial = Math.Clamp(space.Dimensions + 1, 4, 8);
        if (known.Count < initial || space.Dimensions == 0)
        {
            return Initial(history);
        }

        region.Follow(known, space.Dimensions);
        return Local && known.Count >= initial + space.Dimensions && history.Next % 2 == 1 ? NearBest(history, random) : Anywhere(history, random);
    }

    internal bool Local { get; init; }

    private readonly TrustRegion region = new();
    private KernelParameters? locallyFitted;

    private double[] Anywhere(History history, Rng random)
    {
        var space = history.Space;
        var model = Model(history, random);
        var (low, high) = (new double[space.Dimensions], new double[space.Dimensions]);
        Array.Fill(high, 1);
        var acquisition = new Acquisition(model.Process, space, model.Best, low, high);
        var spread = Enumerable.Range(0, 24 * Math.Min(8, 1 + space.Dimensions)).Select(_ => space.Draw(random));
        return acquisition.Maximize(spread, model.Good, random, 30).Point;
    }

    private double[] NearBest(History history, Rng random)
    {
        var space = history.Space;
        var centre = region.Best!.Point;
        var near = history.Observations.OrderBy(observation => Distance(observation.Point, centre)).Take(Math.Clamp(6 * space.Dimensions, 20, 60)).ToArray();
        var y = OutputScale.Apply([.. near.Select(observation => observation.Value)]);
        var points = new TrainingPoints([.. near.Select(observation => observation.Point)], space.Nominal);
        locallyFitted = GaussianProcess.Fit(points, y, locallyFitted ?? fitted ?? new KernelParameters(space.Dimensions), 15);
        var process = GaussianProcess.Condition(points, y, locallyFitted);
        var (low, high) = region.Box(locallyFitted.LogLengths, space.Nominal);
        var acquisition = new Acquisition(process, space, y.Min(), low, high);
        var spread = Enumerable.Range(0, 16 * Math.Min(8, 1 + space.Dimensions)).Select(_ =>
        {
            var point = space.Draw(random);
            for (var i = 0; i < point.Length; i++)
            {
                point[i] = low[i] + point[i] * (high[i] - low[i]);
            }

            return point;
        });
        return acquisition.Maximize(spread, [centre], random, 30).Point;
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private double[] Initial(History history)
    {
        var space = history.Space;
        if (history.Next == 0)
        {
            var middle = new double[space.Dimensions];
            Array.Fill(middle, 0.5);
            space.Snap(middle);
            return middle;
        }

        design ??= new SobolSequence(space.Dimensions, new Rng(history.Seed, -1));
        var point = design.Point((uint)history.Next);
        space.Snap(point);
        return point;
    }

    private (GaussianProcess Process, double Best, IReadOnlyList<double[]> Good) Model(History history, Rng random)
    {
        var chosen = Choose(history.Observations, random);
        var y = OutputScale.Apply([.. chosen.Select(observation => observation.Value)]);
        var points = new TrainingPoints([.. chosen.Select(observation => observation.Point)], history.Space.Nominal);
        var count = history.Observations.Count;
        if (fitted is null || count - fittedAt >= Math.Max(1, count / 25))
        {
            fitted = GaussianProcess.Fit(points, y, fitted ?? new KernelParameters(history.Space.Dimensions), fitted is null ? 60 : 12);
            fittedAt = count;
        }

        var process = GaussianProcess.Condition(points, y, fitted);
        var running = history.Pending.Select(pair => pair.Value).ToArray();
        if (running.Length > 0)
        {
            double[] believed = [.. y, .. running.Select(point => process.Predict(point).Mean)];
            points = new TrainingPoints([.. chosen.Select(observation => observation.Point), .. running], history.Space.Nominal);
            process = GaussianProcess.Condition(points, believed, fitted);
        }

        var order = Enumerable.Range(0, chosen.Count).OrderBy(i => y[i]).Take(5).ToArray();
        return (process, y.Min(), [.. order.Select(i => chosen[i].Point)]);
    }

    /// <summary>All trials, or, when there are many, the best and the latest and a random part of the others.</summary>
    private static IReadOnlyList<Observation> Choose(IReadOnlyList<Observation> all, Rng random)
    {
        if (all.Count <= MostPoints)
        {
            return all;
        }

        var chosen = all.OrderBy(observation => observation.Value).Take(MostPoints / 2).ToHashSet();
        chosen.UnionWith(all.TakeLast(MostPoints / 4));
        while (chosen.Count < MostPoints)
        {
            chosen.Add(all[random.Below(all.Count)]);
        }

        return [.. chosen.OrderBy(observation => observation.Number)];
    }
}
