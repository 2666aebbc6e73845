using System.Globalization;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// <c>pbt [SEEDS] [SETS]</c>: a small network trained by a population (PBT and PB2) against the best of as many fixed settings of random search, at
/// equal compute. All choose by half of the validation rows; the other half says what that is worth.
/// </summary>
internal static class PopulationComparison
{
    private const int Members = 10;
    private const int Epochs = 30;
    private const int Interval = 2;

    private static readonly SearchSpace Space = new(
        new FloatParameter("rate", 1e-4, 1, Log: true), new FloatParameter("momentum", 0, 0.98), new FloatParameter("decay", 1e-6, 0.1, Log: true), new FloatParameter("dropout", 0, 0.7));

    public static void Run(string[] args)
    {
        var seeds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        Console.WriteLine($"loss chosen by / on rows not looked at; medians over {seeds} seeds, {Members} members or settings, {Epochs} epochs each");
        Console.WriteLine($"{"network on",-12} {"random search",-18} {"PBT",-18} {"PB2",-18} PBT, PB2 better than random search (chosen by)");
        foreach (var set in LiveCommands.Sets([.. args.Skip(1)]))
        {
            var runs = Enumerable.Range(0, seeds).Select(seed => (Random: Fixed(set, seed), Pbt: Train(set, seed, Exploration.Perturb), Pb2: Train(set, seed, Exploration.Bandit))).ToArray();
            Console.WriteLine($"{set.Name,-12} {Medians(runs.Select(run => run.Random)),-18} {Medians(runs.Select(run => run.Pbt)),-18} {Medians(runs.Select(run => run.Pb2)),-18} {runs.Count(run => run.Pbt.Chosen < run.Random.Chosen)}/{seeds}, {runs.Count(run => run.Pb2.Chosen < run.Random.Chosen)}/{seeds}");
        }
    }

    private static (double Chosen, double Unseen) Fixed(LiveData data, int seed)
    {
        var study = new Study(Space, new StudyOptions { Sampler = Sampler.Of("random"), Seed = seed });
        return Enumerable.Range(0, Members).Select(_ =>
        {
            var trial = study.Ask();
            var training = Begin(data, trial.Configuration, seed * 100 + trial.Number);
            var loss = double.NaN;
            for (var epoch = 0; epoch < Epochs; epoch++)
            {
                loss = training.Advance();
            }

            return (data.Bounded(loss), training.Unseen);
        }).MinBy(run => run.Item1);
    }

    private static (double Chosen, double Unseen) Train(LiveData data, int seed, Exploration exploration)
    {
        var population = new Population(Space, new PopulationOptions { Members = Members, Steps = Epochs, Interval = Interval, Exploration = exploration, Seed = seed });
        var left = new Dictionary<int, NetworkTraining>();
        while (population.Ask() is { } segment)
        {
            var training = segment.Parent is { } parent ? left[parent].Copy(segment.Configuration) : Begin(data, segment.Configuration, seed * 100 + segment.Member);
            var loss = double.NaN;
            for (var epoch = segment.From; epoch < segment.To; epoch++)
            {
                loss = training.Advance();
            }

            left[segment.Number] = training;
            population.Tell(segment.Number, data.Bounded(loss));
        }

        return (population.Best!.Value, left[population.Best.Number].Unseen);
    }

    private static NetworkTraining Begin(LiveData data, Configuration configuration, int seed) =>
        new(data, configuration.With(Configuration.Of(("units", 32), ("layers", 1), ("batch", 32))), seed) { IsSplit = true };

    private static string Medians(IEnumerable<(double Chosen, double Unseen)> runs) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(runs.Select(run => run.Chosen)):0.0000} / {Median(runs.Select(run => run.Unseen)):0.0000}");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
