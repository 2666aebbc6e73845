using CsCheck;
using Roux.Tracking.Metrics;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Metrics;

public class MetricTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public MetricTests() => tracker = Tracker.Open(folder.Store);

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void ManySmallFlushesLeaveFewChunks()
    {
        using var run = tracker.Experiment("e").StartRun();
        const int count = 3000;
        for (var step = 0; step < count; step++)
        {
            run.LogMetric("m", step, step);
            run.WriteBuffered();
        }

        tracker.GetMetricSeries(run.Id, "m").Values.ShouldBe(Enumerable.Range(0, count).Select(step => (double)step));
        Count("SELECT count(*) FROM metric_chunks").ShouldBeLessThanOrEqualTo((long)Math.Ceiling(Math.Log2(count)));
        Count("SELECT sum(count) FROM metric_chunks").ShouldBe(count);
    }

    [Fact]
    public void LongSeriesAreCutIntoChunks()
    {
        using var run = tracker.Experiment("e").StartRun();
        var values = new double[(3 * MetricChunk.Capacity) + 5];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        run.LogMetrics("m", values, firstStep: 7);
        var series = tracker.GetMetricSeries(run.Id, "m");
        series.Values.ShouldBe(values);
        series.Steps[^1].ShouldBe(7 + values.Length - 1);
        Count("SELECT count(*) FROM metric_chunks").ShouldBe(4);
        Count("SELECT max(max_step) FROM metric_chunks").ShouldBe(7 + values.Length - 1);
    }

    [Fact]
    public void HistoryIsOrderedAndLatestIsAsMlflowDefinesIt()
    {
        var point = Gen.Select(Gen.Long[0, 4], Gen.Long[0, 3], Gen.OneOf(1.0, 2.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity));
        var experiment = tracker.Experiment("e");
        Gen.Select(point.Array[1, 40], Gen.Int[1, 10]).Sample(
            (points, flushEvery) =>
            {
                using var run = experiment.StartRun();
                for (var index = 0; index < points.Length; index++)
                {
                    var (step, time, value) = points[index];
                    run.LogMetric("m", value, step, DateTimeOffset.FromUnixTimeMilliseconds(time));
                    if (index % flushEvery == 0)
                    {
                        run.WriteBuffered();
                    }
                }

                var expected = points.OrderBy(item => item.Item1).ThenBy(item => item.Item2).ToArray();
                var series = tracker.GetMetricSeries(run.Id, "m");
                series.Steps.ShouldBe(expected.Select(item => item.Item1));
                series.Timestamps.ShouldBe(expected.Select(item => item.Item2));
                series.Values.ShouldBe(expected.Select(item => item.Item3));

                // Greatest step, then time, then value; NaN below all numbers.
                var latest = points.OrderBy(item => item.Item1).ThenBy(item => item.Item2).ThenBy(item => item.Item3).Last();
                var stored = tracker.GetRun(run.Id).Metrics["m"];
                (stored.Step, stored.Timestamp.ToUnixTimeMilliseconds()).ShouldBe((latest.Item1, latest.Item2));
                stored.Value.ShouldBe(latest.Item3);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void ThreadsLogToOneRunAndOneKey()
    {
        using var run = tracker.Experiment("e").StartRun();
        const int threads = 8;
        const int each = 20_000;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            for (var index = 0; index < each; index++)
            {
                run.LogMetric("m", thread, (thread * each) + index);
                if (index % 5000 == 0)
                {
                    run.Flush();
                }
            }
        });
        var series = tracker.GetMetricSeries(run.Id, "m");
        series.Steps.ShouldBe(Enumerable.Range(0, threads * each).Select(step => (long)step));
        series.Values.Sum().ShouldBe(each * Enumerable.Range(0, threads).Sum());
    }

    [Fact]
    public void APointIsWrittenByTheTimerWithoutAFlush()
    {
        using var quick = Tracker.Open(folder.Store, new TrackerOptions { FlushInterval = TimeSpan.FromMilliseconds(20) });
        using var run = quick.Experiment("e").StartRun();
        run.LogMetric("m", 5);
        using var reader = Tracker.OpenReadOnly(folder.Store);
        SpinWait.SpinUntil(() => reader.GetMetricSeries(run.Id, "m").Count == 1, 10_000).ShouldBeTrue();
    }

    private long Count(string sql) => tracker.Database.Read(session => session.Number(sql))!.Value;
}
