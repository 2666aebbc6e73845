using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>Bayesian optimisation of several objectives: a Gaussian process each, and the point that is expected to add most to the volume that the Pareto front dominates.</summary>
internal sealed class ParetoSearch
{
    private const int FirstFit = 60;
    private const int Refit = 12;
    private const int MostPoints = 150;
    private const double BeyondWorst = 0.1;

    private readonly KernelParameters?[] fitted;
    private int fittedAt;

    /// <summary>For so many objectives.</summary>
    public ParetoSearch(int objectives) => fitted = new KernelParameters?[objectives];

    /// <summary>Objectives and trials of a front beyond which boxes become too many: two objectives take any front, three a moderate one.</summary>
    public static int MostOnFront(int objectives) => objectives == 2 ? 100 : 24;

    /// <summary>The most objectives that it is meant for.</summary>
    public const int MostObjectives = 3;

    /// <summary>The point of the largest expected gain in volume.</summary>
    public double[] Suggest(History history, Rng random)
    {
        var space = history.Space;
        Observation[] chosen = [.. Pareto.Sort(history.Observations).Take(MostPoints).OrderBy(observation => observation.Number)];
        double[][] tried = [.. chosen.Select(observation => observation.Point)];
        double[][] y = [.. Enumerable.Range(0, history.Objectives).Select(j => OutputScale.Apply([.. chosen.Select(observation => observation.Values[j])]))];
        var processes = Processes(history, tried, y);
        double[][] values = [.. Enumerable.Range(0, chosen.Length).Select(i => y.Select(objective => objective[i]).ToArray())];
        var front = Pareto.Front(values);
        double[] reference = [.. y.Select(objective => Beyond([.. front.Select(i => objective[i])], objective))];
        var kept = front.Take(MostOnFront(history.Objectives)).Select(i => values[i]).ToList();
        var (low, high) = (new double[space.Dimensions], new double[space.Dimensions]);
        Array.Fill(high, 1);
        var design = Enumerable.Range(0, 24 * Math.Min(8, 1 + space.Dimensions)).Select(_ => space.Draw(random));
        double[][] good = [.. front.OrderBy(_ => random.Unit()).Take(6).Select(i => tried[i])];
        return new AcquisitionSearch(new HypervolumeImprovement(processes, kept, reference), space, low, high, history.WasTried).Maximize(design, good, random, 30).Point;
    }

    /// <summary>A little beyond the worst value on the front (Ishibuchi et al. 2018, "How to specify a reference point in hypervolume calculation"); a front of one point takes the spread of all values.</summary>
    private static double Beyond(double[] front, double[] all)
    {
        var spread = front.Max() - front.Min();
        return front.Max() + BeyondWorst * (spread > 0 ? spread : all.Max() - all.Min());
    }

    private GaussianProcess[] Processes(History history, double[][] tried, double[][] y)
    {
        var nominal = history.Space.Nominal;
        var points = new TrainingPoints(tried, nominal);
        var count = history.Observations.Count;
        var refit = fitted[0] is null || count - fittedAt >= Math.Max(1, count / 25);
        fittedAt = refit ? count : fittedAt;
        double[][] running = [.. history.Pending.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        var both = running.Length == 0 ? points : new TrainingPoints([.. tried, .. running], nominal);
        var processes = new GaussianProcess[y.Length];
        for (var j = 0; j < y.Length; j++)
        {
            if (refit)
            {
                fitted[j] = GaussianProcess.Fit(points, y[j], fitted[j] ?? new KernelParameters(nominal.Length), fitted[j] is null ? FirstFit : Refit);
            }

            var process = GaussianProcess.Condition(points, y[j], fitted[j]!);
            processes[j] = running.Length == 0 ? process : GaussianProcess.Condition(both, [.. y[j], .. running.Select(point => process.Predict(point).Mean)], fitted[j]!);
        }

        return processes;
    }
}
