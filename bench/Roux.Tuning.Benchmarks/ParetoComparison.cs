using System.Diagnostics;

namespace Roux.Tuning.Benchmarks;

/// <summary>Samplers on problems of several objectives: what their front misses of the hypervolume that there is, medians over seeds.</summary>
internal static class ParetoComparison
{
    private static readonly int[] Budgets = [30, 60, 100];

    public static void Run(string[] samplers, int seeds)
    {
        foreach (var problem in ParetoProblem.All)
        {
            Console.WriteLine($"{problem.Name}: hypervolume {problem.Most:G5}, share missed after {string.Join(" / ", Budgets)} trials");
            foreach (var sampler in samplers)
            {
                var watch = new Stopwatch();
                var missed = Enumerable.Range(0, seeds).Select(seed => Missed(problem, sampler, seed, watch)).ToArray();
                var medians = Budgets.Select((_, place) => missed.Select(run => run[place]).Order().ElementAt(seeds / 2));
                Console.WriteLine($"   {sampler,-8} {string.Join(" / ", medians.Select(share => share.ToString("0.0000")))}   {watch.Elapsed.TotalMilliseconds / seeds / Budgets[^1]:0.00} ms/trial");
            }
        }
    }

    private static double[] Missed(ParetoProblem problem, string sampler, int seed, Stopwatch watch)
    {
        var study = new Study(problem.Space, new StudyOptions { Sampler = Sampler.Of(sampler), Seed = seed, Trials = Budgets[^1], Directions = [.. problem.Reference.Select(_ => Direction.Minimize)] });
        var missed = new List<double>();
        for (var i = 1; i <= Budgets[^1]; i++)
        {
            watch.Start();
            var trial = study.Ask();
            watch.Stop();
            study.Tell(trial.Number, problem.Of(trial.Configuration));
            if (Budgets.Contains(i))
            {
                missed.Add(1 - study.Hypervolume(problem.Reference) / problem.Most);
            }
        }

        return [.. missed];
    }
}
