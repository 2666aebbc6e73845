using System.Diagnostics;
using Roux.Tests;
using Roux.Tracking;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>
/// A store as a week of real work leaves it: <c>roux develop</c> on three sets, a training with a network, a study of a learner and one of a program with rungs, a foreign
/// program, and debugging sessions. Filled once, by the command line itself, for all tests, which only look at it.
/// </summary>
public sealed class RealStore : IAsyncLifetime
{
    private readonly SemaphoreSlim one = new(1, 1);
    private Site? site;

    /// <summary>Name of the study of a program, with rungs.</summary>
    public const string ProgramStudy = "rate-and-width";

    /// <summary>Name of the study of a learner on a table.</summary>
    public const string LearnerStudy = "wine-boosting";

    private const string Training = """
        import json, os, sys, math, random
        a = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        lr, width, drop, opt = float(a["--lr"]), int(a["--width"]), float(a["--dropout"]), a["--optimizer"]
        random.seed(int(1e6 * lr) + width)
        for step in range(1, int(os.environ.get("ROUX_RESOURCE", "27")) + 1):
            floor = 0.1 + 0.08 * (math.log10(lr) + 2.2) ** 2 + 0.05 * abs(math.log2(width) - 7) / 3 + 0.3 * (drop - 0.2) ** 2 + (0.05 if opt == "sgd" else 0)
            loss = floor + 1.5 * math.exp(-step * (6 if opt == "adam" else 4) * lr ** 0.25 / 12) + random.gauss(0, 0.004)
            print(json.dumps({"loss": loss, "step": step}), flush=True)
            if "ROUX_TRIAL" not in os.environ:
                open(os.environ["ROUX_METRICS_FILE"], "a").write(json.dumps({"metrics": {"loss": loss}, "step": step}) + "\n")
        """;

    private const string Space = """
        lr: {type: float, low: 1e-4, high: 0.3, log: true}
        width: {type: int, low: 16, high: 1024, log: true}
        dropout: {type: float, low: 0, high: 0.6}
        optimizer: {type: categorical, choices: [adam, sgd]}
        """;

    /// <summary>A server over it; filled by the first call, in about a minute. Skips the calling test where the data sets are missing.</summary>
    internal async Task<Site> SiteAsync()
    {
        _ = SharedData.Path("data/penguins/train.csv");
        await one.WaitAsync();
        try
        {
            return site ??= await FilledAsync();
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Id of the latest run of a name.</summary>
    internal async Task<string> RunAsync(string name)
    {
        using var tracker = Tracker.OpenReadOnly((await SiteAsync()).Store);
        return tracker.FindRun(name)?.Id ?? throw new InvalidOperationException($"no run named '{name}'");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        one.Dispose();
        if (site is not null)
        {
            await site.DisposeAsync();
        }
    }

    private static async Task<Site> FilledAsync()
    {
        var work = Directory.CreateTempSubdirectory("roux-real-");
        try
        {
            File.WriteAllText(Path.Combine(work.FullName, "train.py"), Training);
            File.WriteAllText(Path.Combine(work.FullName, "space.yaml"), Space);
            var store = Path.Combine(work.FullName, "store");
            var roux = new Commands(work.FullName, store);
            await roux.RunAsync("develop", Data("penguins/train.csv"), "--test", Data("penguins/test.csv"), "--target", "species", "--time-budget", "8s", "--seed", "1", "--name", "penguins");
            await roux.RunAsync("develop", Data("digits/train.csv"), "--test", Data("digits/test.csv"), "--target", "target", "--families", "mlp,linear", "--time-budget", "12s", "--seed", "1", "--name", "digits");
            await roux.RunAsync("develop", Data("wine-white/train.csv"), "--target", "quality", "--families", "linear,boosting", "--time-budget", "12s", "--seed", "1", "--name", "wine");
            await roux.RunAsync("develop", Data("wine-white/train.csv"), "--target", "quality", "--families", "linear", "--drop", "alcohol", "--time-budget", "6s", "--seed", "2", "--name", "wine");
            await roux.RunAsync("tune", Data("wine-white/train.csv"), "--target", "quality", "--learner", "lightgbm", "--trials", "6", "--folds", "3", "--name", LearnerStudy, "--experiment", "wine");
            await roux.RunAsync(["tune", "--space", "space.yaml", "--metric", "loss", "--trials", "24", "--schedule", "asha", "--resource", "1:27", "--parallel", "2", "--name", ProgramStudy, "--", .. Program("{lr}", "{width}", "{dropout}", "{optimizer}")]);
            await roux.RunAsync(["run", "--name", "foreign-training", "--", .. Program("0.01", "128", "0.1", "adam")]);
            await roux.RunAsync("debug", Data("titanic/train.csv"), "--test", Data("titanic/test.csv"), "--target", "survived", "--track");
            await roux.RunAsync("debug", Data("titanic/train.csv"), "--test", Data("titanic/test.csv"), "--target", "survived", "--drop", "alive", "--track");
            return await Site.OverAsync(store);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Data(string file) => SharedData.Path("data/" + file);

    private static string[] Program(string rate, string width, string dropout, string optimizer) => ["python3", "train.py", "--lr", rate, "--width", width, "--dropout", dropout, "--optimizer", optimizer];

    private sealed class Commands(string folder, string store)
    {
        public async Task RunAsync(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "roux.dll"), .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            start.Environment["ROUX_STORE"] = store;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"roux {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await error}");
            }
        }
    }
}
