using System.Diagnostics;
using System.Globalization;
using Roux.Tuning;
using Roux.Tuning.Benchmarks;
using Roux.Tuning.Benchmarks.Live;

// [samplers] [seeds] [problems] [--shifted] [--short] [--noise] [--live]: medians of the best so far over seeds, beside those of Optuna.
// --pareto: problems of several objectives. tabulate, tables: learning curves of real problems (Live/); with tables there, --live adds them.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["tabulate", ..])
{
    LiveCommands.Tabulate(args[1..]);
    return;
}

if (args is ["tables", ..])
{
    LiveCommands.Describe(args[1..]);
    return;
}

if (args is ["fidelity", ..])
{
    FidelityComparison.Run(args[1..]);
    return;
}

if (args is ["pbt", ..])
{
    PopulationComparison.Run(args[1..]);
    return;
}

var live = args.Contains("--live") ? LiveCommands.Tabulated([]).Select(problem => problem.Whole()) : [];
int[] budgets = args.Contains("--short") ? [10, 20, 30] : [20, 50, 100];
var shifted = args.Contains("--shifted");
var noise = args.Contains("--noise") ? 0.05 : 0.0;
var pareto = args.Contains("--pareto");
args = [.. args.Where(argument => !argument.StartsWith('-'))];
var samplers = args.Length > 0 ? args[0].Split(',') : ["random", "auto"];
var seeds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
var problems = Problem.All.Concat(live).Where(problem => args.Length < 3 || args[2].Split(',').Any(name => problem.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))).ToArray();
if (pareto)
{
    ParetoComparison.Run(samplers, seeds);
    return;
}

double[][] Run(Problem problem, string sampler, out double milliseconds)
{
    var watch = new Stopwatch();
    var histories = Enumerable.Range(0, seeds).Select(seed =>
    {
        var instance = shifted ? problem.Shifted(seed) : problem;
        var study = new Study(instance.Space, new StudyOptions { Sampler = Sampler.Of(sampler), Seed = seed, Trials = budgets[^1] });
        var (seen, best, history) = (double.PositiveInfinity, double.PositiveInfinity, new double[budgets[^1]]);
        var (random, scale) = (new Random(seed), noise == 0 ? 0 : noise * Spread(instance));
        for (var i = 0; i < history.Length; i++)
        {
            watch.Start();
            var trial = study.Ask();
            watch.Stop();
            var value = instance.Of(trial.Configuration);
            var told = value + scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            study.Tell(trial.Number, told);
            (seen, best) = told < seen ? (told, value) : (seen, best);
            history[i] = best; // what the trial that looks best is worth without noise
        }

        return history;
    }).ToArray();
    milliseconds = watch.Elapsed.TotalMilliseconds / seeds / budgets[^1];
    return [.. budgets.Select(budget => histories.Select(history => history[budget - 1]).Order().ToArray())];
}

// Standard deviation of a problem's values over its box.
double Spread(Problem problem)
{
    var space = new Study(problem.Space, new StudyOptions { Sampler = new RandomSampler(), Seed = 1 });
    double[] values = [.. Enumerable.Range(0, 500).Select(_ => problem.Of(space.Ask().Configuration))];
    var mean = values.Average();
    return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
}

double Median(double[] sorted) => sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;

var regrets = new Dictionary<string, List<double[]>>();
foreach (var problem in problems)
{
    var random = Run(problem, "random", out _).Select(Median).ToArray();
    Console.WriteLine($"{problem.Name}: Optuna at 50 / 100: {string.Join("  ", new[] { "random", "TPE", "CMA-ES", "GP" }.Zip(problem.Optuna, (name, v) => $"{name} {v[0]:G3} / {v[1]:G3}"))}");
    foreach (var sampler in samplers)
    {
        var result = Run(problem, sampler, out var milliseconds);
        var medians = result.Select(Median).ToArray();
        var regret = medians.Zip(random, (ours, theirs) => (ours - problem.Best) / (theirs - problem.Best)).ToArray();
        (regrets.TryGetValue(sampler, out var list) ? list : regrets[sampler] = []).Add(regret);
        Console.WriteLine($"   {sampler,-8} at {string.Join(" / ", budgets)}: {string.Join(" / ", medians.Select(v => v.ToString("G4")))}   quartiles at 100: {result[2][seeds / 4]:G3} to {result[2][seeds * 3 / 4]:G3}   regret {string.Join(" / ", regret.Select(v => v.ToString("0.000")))}   {milliseconds:0.00} ms/trial");
    }
}

foreach (var (sampler, list) in regrets)
{
    Console.WriteLine($"{sampler,-8} mean regret at {string.Join(" / ", budgets)}: {string.Join(" / ", budgets.Select((_, i) => list.Average(regret => regret[i]).ToString("0.000")))}");
}
