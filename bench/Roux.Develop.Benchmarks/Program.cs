using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

// Runs `roux develop` on the data sets beside the checkout, each with its fixed test file, and prints the final score beside
// other tools' figures on the same split.
//
//   dotnet run -c Release --project bench/Roux.Develop.Benchmarks [-- SET … [--time-budget 60s] [--seed 42]]
//   dotnet run -c Release --project bench/Roux.Develop.Benchmarks -- --large       (500,000 x 30 generated rows in 120 s)
//   dotnet run -c Release --project bench/Roux.Develop.Benchmarks -- latency MODEL.roux DATA [--seconds 5] [--roux PATH]
//                                                                                  (`roux cost` beside a plain loop in this program)
//   dotnet run -c Release --project bench/Roux.Develop.Benchmarks -- curves [SET …] [--repeats 30] [--rows 12000]
//       (learning curves on half of the training rows: how often the 90% interval for all rows holds)
//
// The figures of other tools are those of ../shared/data/README.md: single models of scikit-learn 1.2.1 and XGBoost 1.7.4 with
// default settings, and FLAML with 60 s on 2 cores.
Set[] sets =
[
    new("adult", "income", "roc_auc", true, 0.9273, 0.9289, []),
    new("diamonds", "price", "rmse", false, 550, 534.9, []),
    new("wine-white", "quality", "rmse", false, 0.605, 0.603, ["--task", "regression"]),
    new("digits", "target", "accuracy", true, 0.978, 0.964, ["--task", "multiclass"]),
    new("sonar", "label", "roc_auc", true, 0.909, 0.901, []),
    new("titanic", "survived", "roc_auc", true, 0.880, 0.893, ["--drop", "alive"]),
    new("penguins", "species", "accuracy", true, 1.000, double.NaN, []),
    new("movie-plots", "genre", "macro_f1", true, 0.764, double.NaN, ["--drop", "genres"]),
];

var root = FindRoot();
if (args is ["curves", ..])
{
    CurveCoverage.Run(root, [.. args.Skip(1)]);
    return;
}

if (args.Contains("--large"))
{
    LargeTable.Run(root);
    return;
}

if (args is ["latency", var model, var rows, ..])
{
    LatencyComparison.Run(Option("--roux", Path.Combine(root, "roux")), model, rows, double.Parse(Option("--seconds", "5"), CultureInfo.InvariantCulture));
    return;
}

var budget = Option("--time-budget", "60s");
var seed = Option("--seed", "42");
var wanted = args.Where((arg, i) => !arg.StartsWith('-') && (i == 0 || !args[i - 1].StartsWith('-'))).ToList();
Console.WriteLine($"{"set",-12} {"metric",-9} {"roux",8} {"95% interval",-19} {"best single",11} {"FLAML",8} {"vs single",9} {"vs FLAML",9} {"wall",6}  winner");
foreach (var set in sets.Where(set => wanted.Count == 0 || wanted.Contains(set.Name)))
{
    var data = Path.Combine(root, "..", "shared", "data", set.Name);
    if (!Directory.Exists(data))
    {
        Console.WriteLine($"{set.Name,-12} skipped: ../shared/data/{set.Name} is not there");
        continue;
    }

    var store = Directory.CreateTempSubdirectory("roux-bench-");
    var watch = Stopwatch.StartNew();
    var result = Develop(set, data, store.FullName);
    var seconds = watch.Elapsed.TotalSeconds;
    store.Delete(recursive: true);
    if (result is null)
    {
        Console.WriteLine($"{set.Name,-12} failed");
        continue;
    }

    var score = result["test"]![set.Metric]!.GetValue<double>();
    var interval = result["test_ci95"]![set.Metric]!.AsArray();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{set.Name,-12} {set.Metric,-9} {score,8:G5} {string.Create(CultureInfo.InvariantCulture, $"{interval![0]!.GetValue<double>():G4} to {interval[1]!.GetValue<double>():G4}"),-19} {set.Single,11:G5} {(double.IsNaN(set.Flaml) ? "" : set.Flaml.ToString("G5", CultureInfo.InvariantCulture)),8} {Verdict(set, score, set.Single),9} {Verdict(set, score, set.Flaml),9} {seconds,5:0}s  {result["winner"]}"));
}

JsonNode? Develop(Set set, string data, string store)
{
    var start = new ProcessStartInfo(Path.Combine(root, "roux")) { RedirectStandardOutput = true, RedirectStandardError = true };
    foreach (var argument in new[] { "develop", Path.Combine(data, "train.csv"), "--test", Path.Combine(data, "test.csv"), "--target", set.Target, "--metric", set.Metric, "--time-budget", budget, "--seed", seed, "--store", store, "--json" }.Concat(set.Extra))
    {
        start.ArgumentList.Add(argument);
    }

    using var process = Process.Start(start)!;
    var errors = process.StandardError.ReadToEndAsync();
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        Console.Error.WriteLine(errors.Result);
        return null;
    }

    if (args.Contains("--verbose"))
    {
        Console.Error.WriteLine(errors.Result);
    }

    return JsonNode.Parse(output);
}

string Option(string name, string fallback) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : fallback;

static string Verdict(Set set, double score, double reference) => double.IsNaN(reference) ? ""
    : (set.HigherIsBetter ? score >= reference : score <= reference) ? "ok" : "behind";

static string FindRoot()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Roux.slnx")))
    {
        folder = folder.Parent;
    }

    return folder?.FullName ?? throw new DirectoryNotFoundException("run this from a checkout of Roux");
}

internal sealed record Set(string Name, string Target, string Metric, bool HigherIsBetter, double Single, double Flaml, string[] Extra);
