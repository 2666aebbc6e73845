using System.Collections.Concurrent;
using Roux.Tracking;
using Roux.Tracking.Remote;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Remote;

/// <summary>A server that is down for long never fills the disk, and never ends the training.</summary>
public sealed class SpoolLimitTests : IDisposable
{
    private readonly Spools spools = new();

    public void Dispose() => spools.Dispose();

    [Fact]
    public void Beyond_the_limit_metrics_and_artifacts_are_dropped_and_the_run_says_so()
    {
        // TEST-NET-1 (RFC 5737): nobody answers there. Port 9 of this machine refuses at once.
        var options = new TrackerOptions
        {
            SpoolRoot = spools.Root, SpoolLimit = 200_000, ExitPatience = TimeSpan.FromMilliseconds(100), HandleProcessEnd = false, StartedAs = null, FlushInterval = TimeSpan.FromMilliseconds(50),
        };
        string id;
        using (var tracker = Tracker.Open("http://127.0.0.1:9", options))
        {
            using var run = tracker.Experiment("e").StartRun("long");
            id = run.Id;
            run.LogMetric("early", 1).LogBytes("large.bin", new byte[300_000]);
            SpinWait.SpinUntil(() => tracker.DropsData, TimeSpan.FromSeconds(30)).ShouldBeTrue("more waits than may");
            run.LogMetric("late", 1).LogMetrics("late", [1, 2, 3]).LogText("late.txt", "x").Log("kept", 1);
            using (var stream = run.CreateArtifact("later.txt"))
            {
                stream.Write("x"u8);
            }
        }

        using var spool = Tracker.OpenReadOnly(spools.Left.ShouldHaveSingleItem());
        var there = spool.GetRun(id);
        there.Status.ShouldBe(RunStatus.Finished);
        there.Metrics.Keys.ShouldBe(["early"]);
        there.Params["kept"].ShouldBe("1");
        there.Tags["roux.dropped"].ShouldBe("true");
        there.Warnings.ShouldHaveSingleItem().Message.ShouldContain("spool on this machine was full");
        spool.ListArtifacts(id).Select(file => file.Path).ShouldBe(["large.bin"]);
    }

    [Fact]
    public void It_is_told_once_and_again_when_there_is_room()
    {
        var told = new ConcurrentQueue<string>();
        var limit = new SpoolLimit(spools.Root, 1000, told.Enqueue);
        limit.Look(serverTakesNothing: true);
        limit.IsFull.ShouldBeFalse();
        var file = Path.Combine(spools.Root, "x");
        File.WriteAllBytes(file, new byte[2000]);
        limit.Look(serverTakesNothing: false);
        limit.IsFull.ShouldBeFalse("a server that takes it sets no limit");
        limit.Look(serverTakesNothing: true);
        limit.Look(serverTakesNothing: true);
        limit.IsFull.ShouldBeTrue();
        told.ShouldHaveSingleItem().ShouldContain("ROUX_SPOOL_LIMIT");
        File.Delete(file);
        limit.Look(serverTakesNothing: true);
        limit.IsFull.ShouldBeFalse();
        told.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(null, 10_000_000_000)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("1.5 gb", 1_500_000_000)]
    public void The_variable_is_a_size(string? text, long bytes) => SpoolLimit.Of(text).ShouldBe(bytes);

    [Theory]
    [InlineData("lots")]
    [InlineData("500")]
    [InlineData("-1GB")]
    [InlineData("0MB")]
    public void What_is_no_size_is_told(string text) => Should.Throw<TrackingException>(() => SpoolLimit.Of(text)).Message.ShouldContain("500MB");
}
