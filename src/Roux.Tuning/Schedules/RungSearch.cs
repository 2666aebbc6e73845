using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Bayesian optimisation with a Gaussian process over configuration and rung (after Klein et al. 2020, MOBSTER): log expected improvement at the
/// last rung over the best mean there. Values of lower rungs are first moved as trials moved, in the middle, from that rung up.
/// </summary>
internal sealed class RungSearch
{
    private const int MostReadings = 150;
    private const int Spread = 150;
    private const int Climbs = 3;
    private const int StepsOfClimb = 20;

    private KernelParameters? fitted;
    private int fittedAt;

    public double[] Suggest(History history, List<Reading> readings, Rng random)
    {
        var space = history.Space;
        var chosen = Choose(Lifted(readings));
        bool[] nominal = [.. space.Nominal, false];
        var y = OutputScale.Apply([.. chosen.Select(reading => reading.Value)]);
        double[][] rows = [.. chosen.Select(reading => (double[])[.. reading.Point, reading.Level])];
        var points = new TrainingPoints(rows, nominal);
        if (fitted is null || readings.Count - fittedAt >= Math.Max(1, readings.Count / 20))
        {
            (fitted, fittedAt) = (GaussianProcess.Fit(points, y, fitted ?? new KernelParameters(nominal.Length), fitted is null ? 60 : 12), readings.Count);
        }

        var process = GaussianProcess.Condition(points, y, fitted);
        double[][] running = [.. history.Pending.OrderBy(pair => pair.Key).Select(pair => (double[])[.. pair.Value, 1])];
        if (running.Length > 0)
        {
            process = GaussianProcess.Condition(new TrainingPoints([.. rows, .. running], nominal), [.. y, .. running.Select(point => process.Predict(point).Mean)], fitted);
        }

        double[][] known = [.. chosen.Select(reading => reading.Point).DistinctBy(point => string.Join(' ', point))];
        double[] means = [.. known.Select(point => process.Predict([.. point, 1]).Mean)];
        double[][] good = [.. Enumerable.Range(0, known.Length).OrderBy(i => means[i]).Take(5).Select(i => known[i])];
        return Maximize(process, history, means.Min(), good, random);
    }

    /// <summary>Values as they would be at the last rung, had the trial moved as the middle one did that came further.</summary>
    internal static List<Reading> Lifted(List<Reading> readings)
    {
        double[] levels = [.. readings.Select(reading => reading.Level).Distinct().Order()];
        var moves = new double[levels.Length];
        for (var i = levels.Length - 2; i >= 0; i--)
        {
            var above = readings.Where(reading => reading.Level == levels[i + 1]).ToDictionary(reading => reading.Number, reading => reading.Value);
            double[] seen = [.. readings.Where(reading => reading.Level == levels[i] && above.ContainsKey(reading.Number)).Select(reading => above[reading.Number] - reading.Value).Order()];
            moves[i] = moves[i + 1] + (seen.Length == 0 ? 0 : seen[seen.Length / 2]);
        }

        return [.. readings.Select(reading => reading with { Value = reading.Value + moves[Array.IndexOf(levels, reading.Level)] })];
    }

    /// <summary>Of many readings those of high rungs, the best and the latest.</summary>
    private static Reading[] Choose(List<Reading> readings)
    {
        if (readings.Count <= MostReadings)
        {
            return [.. readings];
        }

        var chosen = readings.OrderByDescending(reading => reading.Level).Take(MostReadings / 3).ToHashSet();
        chosen.UnionWith(readings.OrderBy(reading => reading.Value).Take(MostReadings / 3));
        foreach (var reading in readings.OrderByDescending(reading => reading.Number))
        {
            if (chosen.Count < MostReadings)
            {
                chosen.Add(reading);
            }
        }

        return [.. chosen.OrderBy(reading => reading.Number).ThenBy(reading => reading.Level)];
    }

    private static double[] Maximize(GaussianProcess process, History history, double best, double[][] good, Rng random)
    {
        var space = history.Space;
        var candidates = Enumerable.Range(0, Spread).Select(_ => space.Draw(random)).ToList();
        foreach (var width in (double[])[0.2, 0.05, 0.01])
        {
            candidates.AddRange(good.SelectMany(point => Enumerable.Range(0, 4).Select(_ => Near(point, width, space, random))));
        }

        var (found, score) = (candidates[0], double.NegativeInfinity);
        foreach (var start in candidates.Where(point => !history.WasTried(point)).Select(point => (Point: point, Score: Improvement(process, point, best))).OrderByDescending(pair => pair.Score).Take(Climbs).ToArray())
        {
            var (point, value, width) = (start.Point, start.Score, 0.1);
            for (var step = 0; step < StepsOfClimb; step++)
            {
                var next = Near(point, width, space, random);
                var there = Improvement(process, next, best);
                (point, value, width) = there > value && !history.WasTried(next) ? (next, there, width * 1.3) : (point, value, width * 0.85);
            }

            (found, score) = value > score ? (point, value) : (found, score);
        }

        return found;
    }

    private static double Improvement(GaussianProcess process, double[] point, double best)
    {
        var (mean, variance) = process.Predict([.. point, 1]);
        var deviation = Math.Sqrt(variance);
        return Math.Log(deviation) + NormalDistribution.LogImprovement((best - mean) / deviation).Value;
    }

    private static double[] Near(double[] point, double width, UnitSpace space, Rng random)
    {
        var near = (double[])point.Clone();
        var sure = random.Below(near.Length);
        var share = random.Unit();
        for (var i = 0; i < near.Length; i++)
        {
            if (i == sure || random.Unit() < share)
            {
                near[i] = space.Nominal[i] ? random.Unit() : Math.Clamp(near[i] + random.Normal() * width * (space.Levels[i] is { } levels ? Math.Max(1, 2.0 / levels / width) : 1), 0, 1);
            }
        }

        space.Snap(near);
        return near;
    }
}
