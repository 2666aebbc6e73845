using System.Diagnostics;
using System.Globalization;

namespace Roux.Tracking.Tests;

/// <summary>A second process that logs to a store: this test program, started with an environment variable that names the part it plays.</summary>
internal static class WriterProcess
{
    private const string RoleVariable = "ROUX_TEST_ROLE";
    private const string StoreVariable = "ROUX_TEST_STORE";
    private const string SeedVariable = "ROUX_TEST_SEED";

    public static string? RoleToPlay() => Environment.GetEnvironmentVariable(RoleVariable);

    /// <summary>Starts a process in a role; its standard output is for the test to read.</summary>
    public static Process Start(string role, string store, int seed = 1)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(WriterProcess).Assembly.Location);
        }

        start.Environment[RoleVariable] = role;
        start.Environment[StoreVariable] = store;
        start.Environment[SeedVariable] = seed.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Sends a signal to a process of ours.</summary>
    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}"]);
        kill.WaitForExit();
    }

    public static int Play(string role)
    {
        var store = Environment.GetEnvironmentVariable(StoreVariable)!;
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, CultureInfo.InvariantCulture));
        if (Backup.BackupProcess.Play(role, store))
        {
            return 0;
        }

        var tracker = Tracker.Open(store, new TrackerOptions { FlushInterval = TimeSpan.FromMilliseconds(50) });
        switch (role)
        {
            case "points":
                return LogUntilKilled(tracker, random);
            case "runs":
                return LogRuns(tracker, random);
            case "leave":
                Begin(tracker);
                return 0;
            case "throw":
                Begin(tracker);
                throw new InvalidOperationException("nobody catches this");
            case "wait":
                Begin(tracker);
                Thread.Sleep(Timeout.Infinite);
                return 0;
            case "survive":
                return FinishAfterSignal(tracker);
            default:
                throw new ArgumentException(role);
        }
    }

    private static Run Begin(Tracker tracker)
    {
        var run = tracker.Experiment("child").StartRun("child");
        run.Log("lr", 0.1).LogMetric("m", 1, 1).LogMetric("m", 2, 2);
        Console.WriteLine(run.Id);
        return run;
    }

    /// <summary>Says, after each flush, how many points of each metric are acknowledged.</summary>
    private static int LogUntilKilled(Tracker tracker, Random random)
    {
        var run = tracker.Experiment("child").StartRun("child");
        Console.WriteLine(run.Id);
        var counts = new int[3];
        while (true)
        {
            for (var left = random.Next(1, 6000); left > 0; left--)
            {
                var key = random.Next(counts.Length);
                run.LogMetric($"m{key}", counts[key] * 0.5, counts[key]);
                counts[key]++;
            }

            var number = counts.Sum();
            run.Log($"p{number}", number);
            run.Flush();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts[0]} {counts[1]} {counts[2]} {number}"));
        }
    }

    private static int LogRuns(Tracker tracker, Random random)
    {
        var experiment = tracker.Experiment("shared");
        for (var index = 0; index < 25; index++)
        {
            using var run = experiment.StartRun();
            run.Log("lr", random.Next(3)).Tag("process", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            for (var step = 0; step < 100; step++)
            {
                run.LogMetric("loss", step, step);
            }
        }

        tracker.Dispose();
        return 0;
    }

    private static int FinishAfterSignal(Tracker tracker)
    {
        using var told = new ManualResetEventSlim();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            told.Set();
        };
        var run = Begin(tracker);
        told.Wait();
        run.LogMetric("m", 3, 3);
        run.Finish();
        tracker.Dispose();
        return 0;
    }
}
