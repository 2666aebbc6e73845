using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Sqlite;

/// <summary>Several processes, and processes that end in every way.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SeveralProcessesWriteAtOnce()
    {
        // The store does not exist yet: they also race to create it.
        var processes = Enumerable.Range(1, 4).Select(seed => WriterProcess.Start("runs", folder.Store, seed)).ToArray();
        foreach (var process in processes)
        {
            process.WaitForExit(120_000).ShouldBeTrue();
            process.ExitCode.ShouldBe(0);
        }

        using var tracker = Tracker.OpenReadOnly(folder.Store);
        var runs = tracker.SearchRuns(new RunQuery());
        runs.Count.ShouldBe(100);
        runs.ShouldAllBe(run => run.Status == RunStatus.Finished && run.Metrics["loss"].Step == 99);
        runs.Select(run => run.Tags["process"]).Distinct().Count().ShouldBe(4);
        tracker.Experiments().ShouldHaveSingleItem().Runs.ShouldBe(100);
        foreach (var run in runs.Where((_, index) => index % 10 == 0))
        {
            tracker.GetMetricSeries(run.Id, "loss").Values.ShouldBe(Enumerable.Range(0, 100).Select(step => (double)step));
        }
    }

    [Fact]
    public void WhatWasAcknowledgedSurvivesKill() => KillAtRandomMoments(4, seed: 1);

    [Fact]
    [Trait("Speed", "slow")]
    public void WhatWasAcknowledgedSurvivesFiftyKills() => KillAtRandomMoments(50, seed: 2);

    [Theory]
    [InlineData("leave", null, RunStatus.Killed, "ended before the run was finished")]
    [InlineData("throw", null, RunStatus.Failed, "nobody catches this")]
    [InlineData("wait", "TERM", RunStatus.Killed, "SIGTERM")]
    [InlineData("wait", "INT", RunStatus.Killed, "SIGINT")]
    [InlineData("wait", "KILL", RunStatus.Killed, "went away")]
    [InlineData("survive", "INT", RunStatus.Finished, null)]
    public void EveryEndOfAProcessLeavesItsMark(string role, string? signal, RunStatus status, string? error)
    {
        using var process = WriterProcess.Start(role, folder.Store);
        var id = process.StandardOutput.ReadLine().ShouldNotBeNull();
        if (signal == "KILL")
        {
            // Nothing of the process's own runs then: wait until its timer has written the points.
            using var reader = Tracker.OpenReadOnly(folder.Store);
            SpinWait.SpinUntil(() => reader.GetMetricSeries(id, "m").Count == 2, 10_000).ShouldBeTrue();
        }

        if (signal is not null)
        {
            WriterProcess.Signal(process, signal);
        }

        process.WaitForExit(30_000).ShouldBeTrue();
        using var tracker = Tracker.Open(folder.Store);
        var run = tracker.GetRun(id);
        run.Status.ShouldBe(status);
        if (error is not null)
        {
            run.Error.ShouldNotBeNull().ShouldContain(error);
        }
        else
        {
            run.Error.ShouldBeNull();
        }

        run.Params["lr"].ShouldBe("0.1");
        run.Metrics["m"].Value.ShouldBe(role == "survive" ? 3 : 2);
    }

    [Fact]
    public void ARunOfALivingProcessIsLeftAlone()
    {
        using var process = WriterProcess.Start("wait", folder.Store);
        var id = process.StandardOutput.ReadLine().ShouldNotBeNull();
        using (var tracker = Tracker.Open(folder.Store))
        {
            tracker.GetRun(id).Status.ShouldBe(RunStatus.Running);
        }

        process.Kill();
        process.WaitForExit();
        using var later = Tracker.Open(folder.Store);
        later.GetRun(id).Status.ShouldBe(RunStatus.Killed);
        using var resumed = later.Resume(id);
        resumed.LogMetric("m", 9, 9);
    }

    private void KillAtRandomMoments(int rounds, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < rounds; round++)
        {
            using var process = WriterProcess.Start("points", folder.Store, seed + round);
            var id = process.StandardOutput.ReadLine().ShouldNotBeNull();
            var acknowledged = "0 0 0 0";
            var reading = Task.Run(() =>
            {
                while (process.StandardOutput.ReadLine() is { } line)
                {
                    acknowledged = line;
                }
            });
            Thread.Sleep(random.Next(5, 400));
            process.Kill();
            process.WaitForExit();
            reading.Wait(10_000).ShouldBeTrue();

            var counts = acknowledged.Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            using var tracker = Tracker.Open(folder.Store);
            var run = tracker.GetRun(id);
            run.Status.ShouldBe(RunStatus.Killed);
            for (var key = 0; key < 3; key++)
            {
                var series = tracker.GetMetricSeries(id, $"m{key}");
                series.Count.ShouldBeGreaterThanOrEqualTo(counts[key]);

                // No point twice, none missing in between: the steps count from 0 without a gap.
                series.Steps.ShouldBe(Enumerable.Range(0, series.Count).Select(step => (long)step));
                series.Values.ShouldBe(series.Steps.Select(step => step * 0.5));
            }

            if (counts[3] > 0)
            {
                run.Params.ShouldContainKey($"p{counts[3]}");
            }
        }

        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Store, "roux.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        command.ExecuteScalar().ShouldBe("ok");
    }
}
