using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>Bayesian optimisation over the whole space: a Gaussian process of all trials (of many, the best, the latest and some others).</summary>
/// <param name="mostPoints">Trials that the process is fitted to at most.</param>
/// <param name="acquisition">What it maximises; <c>null</c>: expected improvement, over an uncertain best where values turn out noisy.</param>
internal sealed class GlobalSearch(int mostPoints = 200, AcquisitionFunction? acquisition = null)
{
    private const int FirstFit = 60;
    private const int Refit = 12;

    /// <summary>Variance of the noise, of 1 in all, from which the best value counts as uncertain.</summary>
    private const double Noisy = 0.02;

    private KernelParameters? fitted;
    private int fittedAt;

    /// <summary>The point of the largest acquisition for a value a trial.</summary>
    /// <param name="history">The trials.</param>
    /// <param name="valueOf">The value to minimise.</param>
    /// <param name="random">Draws where the search begins.</param>
    /// <param name="wanted">What this one maximises; <c>null</c>: as ever.</param>
    public double[] Suggest(History history, Func<Observation, double> valueOf, Rng random, AcquisitionFunction? wanted = null)
    {
        var space = history.Space;
        var chosen = Choose(history.Observations, valueOf, random);
        var y = OutputScale.Apply([.. chosen.Select(valueOf)]);
        double[][] tried = [.. chosen.Select(observation => observation.Point)];
        var process = Process(history, tried, y);
        var (low, high) = (new double[space.Dimensions], new double[space.Dimensions]);
        Array.Fill(high, 1);
        double[][] good = [.. Enumerable.Range(0, y.Length).OrderBy(i => y[i]).Take(5).Select(i => tried[i])];
        var spread = Enumerable.Range(0, 24 * Math.Min(8, 1 + space.Dimensions)).Select(_ => space.Draw(random));
        var kind = wanted ?? acquisition ?? (fitted!.Noise > Noisy ? AcquisitionFunction.NoisyExpectedImprovement : AcquisitionFunction.LogExpectedImprovement);
        return new AcquisitionSearch(Acquisition.Of(kind, process, y.Min(), random), space, low, high, history.WasTried).Maximize(spread, good, random, 30).Point;
    }

    private GaussianProcess Process(History history, double[][] tried, double[] y)
    {
        var nominal = history.Space.Nominal;
        var points = new TrainingPoints(tried, nominal);
        var count = history.Observations.Count;
        if (fitted is null || count - fittedAt >= Math.Max(1, count / 25))
        {
            fitted = GaussianProcess.Fit(points, y, fitted ?? new KernelParameters(nominal.Length), fitted is null ? FirstFit : Refit);
            fittedAt = count;
        }

        var process = GaussianProcess.Condition(points, y, fitted);
        double[][] running = [.. history.Pending.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        return running.Length == 0 ? process : GaussianProcess.Condition(
            new TrainingPoints([.. tried, .. running], nominal), [.. y, .. running.Select(point => process.Predict(point).Mean)], fitted);
    }

    private Observation[] Choose(IReadOnlyList<Observation> all, Func<Observation, double> valueOf, Rng random)
    {
        if (all.Count <= mostPoints)
        {
            return [.. all];
        }

        var chosen = all.OrderBy(valueOf).Take(mostPoints / 2).ToHashSet();
        chosen.UnionWith(all.TakeLast(mostPoints / 4));
        while (chosen.Count < mostPoints)
        {
            chosen.Add(all[random.Below(all.Count)]);
        }

        return [.. chosen.OrderBy(observation => observation.Number)];
    }
}
