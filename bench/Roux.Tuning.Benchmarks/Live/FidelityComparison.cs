using System.Diagnostics;
using System.Globalization;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// <c>fidelity [METHODS] [SEEDS] [PROBLEMS]</c>: how much of the resource of random search (100 whole trainings) each method needs to come to
/// random search's final value (the median over seeds), with 8 workers on a simulated clock, from the tables of the live problems.
/// </summary>
internal static class FidelityComparison
{
    private const int Workers = 8;
    private const int WholeTrainings = 100;

    private static readonly Dictionary<string, Func<int, StudyOptions>> Methods = new()
    {
        ["random"] = _ => new StudyOptions { Sampler = Sampler.Of("random") },
        ["auto"] = _ => new StudyOptions { Sampler = Sampler.Of("auto") },
        ["median"] = _ => new StudyOptions { Sampler = Sampler.Of("random"), Pruner = Pruner.Of("median") },
        ["asha-stop"] = _ => new StudyOptions { Sampler = Sampler.Of("random"), Pruner = Pruner.Of("asha") },
        ["curve"] = _ => new StudyOptions { Sampler = Sampler.Of("random"), Pruner = Pruner.Of("curve") },
        ["asha"] = steps => new StudyOptions { Sampler = Sampler.Of("random"), Schedule = Schedule.Of("asha", 1, steps) },
        ["hyperband"] = steps => new StudyOptions { Sampler = Sampler.Of("random"), Schedule = Schedule.Of("hyperband", 1, steps) },
        ["halving"] = steps => new StudyOptions { Sampler = Sampler.Of("random"), Schedule = Schedule.Of("halving", 1, steps) },
        ["bohb"] = steps => new StudyOptions { Sampler = Sampler.Of("tpe"), Schedule = Schedule.Of("bohb", 1, steps) },
        ["asha-tpe"] = steps => new StudyOptions { Sampler = Sampler.Of("tpe"), Schedule = Schedule.Of("asha", 1, steps) },
        ["mobster"] = steps => new StudyOptions { Sampler = Sampler.Of("gp"), Schedule = Schedule.Of("mobster", 1, steps) },
    };

    public static void Run(string[] args)
    {
        var methods = args.Length > 0 ? args[0].Split(',') : ["random", "auto", "median", "asha-stop", "asha", "hyperband", "bohb", "mobster"];
        var seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        Console.WriteLine($"share of random search's resource until its final value (median over {seeds} seeds; > : not within it), and normalised final regret at a third of it");
        Console.WriteLine($"{"problem",-20} {string.Join(' ', methods.Select(method => $"{method,14}"))}");
        var shares = methods.ToDictionary(method => method, _ => new List<double>());
        var (busy, watch, asked) = (1.0, new Stopwatch(), 0);
        foreach (var problem in LiveCommands.Tabulated(LiveCommands.Names([.. args.Skip(2)])))
        {
            long budget = WholeTrainings * problem.Steps;
            var random = Median([.. Enumerable.Range(0, seeds).Select(seed => Work("random", problem, seed, budget).Trace[^1].Best)]);
            var early = Median([.. Enumerable.Range(0, seeds).Select(seed => Work("random", problem, seed, budget / 3).Trace[^1].Best)]);
            var line = $"{problem.Name,-20}";
            foreach (var method in methods)
            {
                watch.Start();
                var runs = Enumerable.Range(0, seeds).Select(seed => Work(method, problem, seed + 1_000, budget)).ToArray();
                watch.Stop();
                asked += runs.Length;
                var share = Median([.. runs.Select(run => (run.StepsTo(random) ?? 2 * budget) / (double)budget)]);
                var third = Median([.. runs.Select(run => run.Trace.Where(point => point.Steps <= budget / 3).Select(point => point.Best).DefaultIfEmpty(early).Last())]);
                busy = Math.Min(busy, runs.Min(run => run.Busy));
                shares[method].Add(share);
                line += string.Create(CultureInfo.InvariantCulture, $" {(share > 1 ? "  > 1" : $"{share,5:0.00}")} ({(third - problem.Best) / (early - problem.Best),5:0.00})");
            }

            Console.WriteLine(line);
        }

        Console.WriteLine($"{"median",-20}{string.Concat(methods.Select(method => string.Create(CultureInfo.InvariantCulture, $" {Median([.. shares[method]]),5:0.00}        ")))}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"workers were busy for at least {busy:P1} of the time; {watch.Elapsed.TotalSeconds / Math.Max(1, asked):0.00} s a study"));
    }

    private static SimulatedWorkers Work(string method, TabulatedProblem problem, int seed, long budget)
    {
        var study = new Study(problem.Space, Methods[method](problem.Steps) with { Seed = seed });

        // Configurations differ in what a step costs by up to four times, so that workers never march in step.
        return new SimulatedWorkers(study, Workers).Run(budget, problem.Steps, problem.Curve, configuration => 1 + 3 * (new Random(configuration.ToString().Sum(c => c * 31)).NextDouble()));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }
}
