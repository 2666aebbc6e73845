using System.Diagnostics;
using Roux.Tracking;
using Xunit;

namespace Roux.Browser.Tests;

/// <summary>A store of studies: of a program with pruned and failed trials, with rungs, of two goals, each run by <c>roux tune</c> itself; and a search that another client logged.</summary>
public sealed class StudyStore : IAsyncLifetime
{
    private const string Space = """
        lr: {type: float, low: 1e-4, high: 0.3, log: true}
        width: {type: int, low: 16, high: 1024, log: true}
        dropout: {type: float, low: 0, high: 0.6}
        optimizer: {type: categorical, choices: [adam, sgd, lion]}
        momentum: {type: float, low: 0, high: 0.99, when: {optimizer: [sgd]}}
        """;

    // Losses that fall with the steps to a floor that depends on the settings; a rate that is too large breaks it.
    private const string Training = """
        BEGIN {
            lr = ENVIRON["ROUX_PARAM_LR"]; width = ENVIRON["ROUX_PARAM_WIDTH"]; drop = ENVIRON["ROUX_PARAM_DROPOUT"]; opt = ENVIRON["ROUX_PARAM_OPTIMIZER"]
            srand(int(lr * 1e6) + width); steps = ENVIRON["ROUX_RESOURCE"] ? ENVIRON["ROUX_RESOURCE"] : 20
            if (lr > 0.2) { print "loss is not finite: lower the rate" > "/dev/stderr"; exit 1 }
            floor = 0.12 + 0.09 * (log(lr) / log(10) + 2.2) ^ 2 + 0.02 * (log(width) / log(2) - 7) ^ 2 + 0.4 * (drop - 0.2) ^ 2 + (opt == "sgd" ? 0.06 : opt == "lion" ? 0.02 : 0)
            for (s = 0; s < steps; s++) printf "step=%d loss=%.5f\n", s, floor + 1.2 * exp(-s * (2 + 20 * lr ^ 0.3) / 20) + 0.012 * rand()
            printf "latency_ms=%.4f\n", 0.4 + width / 300 + rand() * 0.2
        }
        """;

    private Site? site;

    /// <summary>A server over the store.</summary>
    internal Site Site => site ?? throw new InvalidOperationException("it was not filled");

    /// <summary>Id of the run of a study of one goal.</summary>
    internal string One { get; private set; } = "";

    /// <summary>Id of the run of a study with rungs.</summary>
    internal string Rungs { get; private set; } = "";

    /// <summary>Id of the run of a study of two goals.</summary>
    internal string Two { get; private set; } = "";

    /// <summary>Id of a run of another client with parts.</summary>
    internal string Foreign { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var work = Directory.CreateTempSubdirectory("roux-studies-");
        try
        {
            var store = Path.Combine(work.FullName, "store");
            File.WriteAllText(Path.Combine(work.FullName, "space.yaml"), Space);
            File.WriteAllText(Path.Combine(work.FullName, "train.awk"), Training);
            string[] program = ["--", "awk", "-f", "train.awk", "--", "--lr", "{lr}", "--width", "{width}", "--dropout", "{dropout}", "--optimizer", "{optimizer}", "--momentum", "{momentum}"];
            await RunAsync(work.FullName, store, [0], ["tune", "--name", "rate-and-width", "--space", "space.yaml", "--metric", "loss", "--trials", "60", "--pruner", "median", "--parallel", "2", "--seed", "3", .. program]);
            await RunAsync(work.FullName, store, [0], ["tune", "--name", "with-rungs", "--space", "space.yaml", "--metric", "loss", "--trials", "24", "--schedule", "asha", "--resource", "1:27", "--parallel", "2", "--seed", "4", .. program]);
            await RunAsync(work.FullName, store, [0], ["tune", "--name", "fast-and-good", "--space", "space.yaml", "--metric", "loss", "--metric", "latency_ms", "--trials", "30", "--parallel", "2", "--seed", "5", .. program]);
            using (var tracker = Tracker.Open(store))
            {
                Foreign = LogSweep(tracker);
                string Id(string name) => tracker.FindRun(name)!.Id;
                (One, Rungs, Two) = (Id("rate-and-width"), Id("with-rungs"), Id("fast-and-good"));
            }

            site = await Site.OverAsync(store);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    public ValueTask DisposeAsync() => site?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Starts <c>roux</c>.</summary>
    internal static Process Start(string folder, string store, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "roux.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ROUX_STORE"] = store;
        return Process.Start(start)!;
    }

    /// <summary>Runs <c>roux</c> to its end.</summary>
    internal static async Task<string> RunAsync(string folder, string store, int[] codes, params string[] arguments)
    {
        using var process = Start(folder, store, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token);
        return codes.Contains(process.ExitCode) ? await output : throw new InvalidOperationException($"roux {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await error}");
    }

    /// <summary>What a sweep of another client leaves: a run with parts, with params as texts and a metric of any name.</summary>
    private static string LogSweep(Tracker tracker)
    {
        using var sweep = tracker.Experiment("other-client").StartRun("grid <b>search</b>");
        var random = new Random(5);
        for (var index = 0; index < 16; index++)
        {
            using var part = sweep.StartChild($"fit-{index}");
            var (depth, rate) = (2 + (index % 4), Math.Pow(10, -3 + (index / 4)));
            part.LogParams(new Dictionary<string, object> { ["max_depth"] = depth, ["eta"] = rate, ["booster"] = index % 3 == 0 ? "dart" : "gbtree", ["fixed"] = 1 });
            part.LogMetric("auc", 0.9 - (0.01 * Math.Abs(depth - 4)) - (0.02 * Math.Abs(Math.Log10(rate) + 1)) + (0.003 * random.NextDouble()));
            part.LogMetric("rmse", 1 + (0.1 * depth));
        }

        return sweep.Id;
    }
}
