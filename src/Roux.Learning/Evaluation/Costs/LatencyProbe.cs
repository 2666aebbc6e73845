using System.Diagnostics;
using System.Runtime;
using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Times a model in this process: from a table of one row to its prediction, again and again, one after another.
/// <para>
/// A time runs from the end of the prediction before to the end of this one, so that no pause (a garbage collection, another process
/// on the core) falls between two times and is lost. These are service times: what a caller waits who comes when nobody else is
/// waiting. Rows are drawn at random, so that no cache is favoured by the same row coming again.
/// </para>
/// <para>
/// .NET compiles a method quickly first and well later (after 30 calls, in the background). Timing begins when for three windows of
/// 0.1 s no method was compiled and the median moved by less than 5%, after at least 1 s and 100 predictions, and after 5 s at the latest.
/// </para>
/// </summary>
public sealed class LatencyProbe : IModelMeter
{
    private const double Window = 0.1;
    private const double LeastWarmUp = 1;
    private const int LeastWarmUpPredictions = 100;
    private const double MostWarmUp = 5;
    private const int QuietWindows = 3;

    /// <inheritdoc/>
    public bool OwnProcess => false;

    /// <inheritdoc/>
    public ModelMeasurement Measure(Pipeline pipeline, Table rows, ProbeOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var singles = Singles(rows, options);
        var batch = rows.Take([.. Enumerable.Range(0, options.BatchRows).Select(i => i % rows.RowCount)]);
        var next = 0;
        var (warmUp, settled) = WarmUp(pipeline, singles, ref next, ct);
        GC.Collect();
        var times = new LatencyHistogram();
        var collections = GC.CollectionCount(0);
        var pauses = GC.GetTotalPauseDuration();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        var seconds = Time(pipeline, singles, ref next, options.Seconds, times, ct);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        pauses = GC.GetTotalPauseDuration() - pauses;
        collections = GC.CollectionCount(0) - collections;
        return new ModelMeasurement
        {
            P50Microseconds = times.Quantile(0.5) / 1e3,
            P95Microseconds = times.Quantile(0.95) / 1e3,
            P99Microseconds = times.Quantile(0.99) / 1e3,
            MeanMicroseconds = seconds * 1e6 / times.Count,
            MaxMicroseconds = times.Max / 1e3,
            Predictions = times.Count,
            CpuMicroseconds = cpu.TotalMicroseconds / times.Count,
            RowsPerSecond = RowsPerSecond(pipeline, batch, options.Seconds / 2, ct),
            BatchRows = batch.RowCount,
            AllocatedBytesPerRow = (double)allocated / times.Count,
            Collections = collections,
            CollectionSeconds = pauses.TotalSeconds,
            WarmUpSeconds = warmUp,
            Settled = settled,
            ResidentBytes = Environment.WorkingSet,
        };
    }

    /// <summary>Tables of one row each, as a service would make them from requests: with no more strings than the row holds.</summary>
    private static Table[] Singles(Table rows, ProbeOptions options)
    {
        if (rows.RowCount == 0)
        {
            throw new MeterException($"{rows.Name} has no rows to predict");
        }

        var order = Enumerable.Range(0, rows.RowCount).ToArray();
        new Random(options.Seed).Shuffle(order);
        return [.. order.Take(Math.Max(1, options.Rows)).Select(row => rows.Take([row]).WithoutUnusedLevels())];
    }

    private static (double Seconds, bool Settled) WarmUp(Pipeline pipeline, Table[] singles, ref int next, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var (quiet, predictions, median, compiled) = (0, 0L, double.NaN, JitInfo.GetCompiledMethodCount());
        while (watch.Elapsed.TotalSeconds < MostWarmUp)
        {
            var times = new LatencyHistogram();
            Time(pipeline, singles, ref next, Window, times, ct);
            predictions += times.Count;
            var (before, compiledBefore) = (median, compiled);
            (median, compiled) = (times.Quantile(0.5), JitInfo.GetCompiledMethodCount());
            quiet = compiled == compiledBefore && Math.Abs(median / before - 1) < 0.05 ? quiet + 1 : 0;
            if (quiet >= QuietWindows && watch.Elapsed.TotalSeconds >= LeastWarmUp && predictions >= LeastWarmUpPredictions)
            {
                return (watch.Elapsed.TotalSeconds, true);
            }
        }

        return (watch.Elapsed.TotalSeconds, false);
    }

    /// <summary>Predicts one row after another for some seconds.</summary>
    /// <returns>The seconds that it took.</returns>
    private static double Time(Pipeline pipeline, Table[] singles, ref int next, double seconds, LatencyHistogram times, CancellationToken ct)
    {
        var perTick = 1e9 / Stopwatch.Frequency;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var last = start;
        do
        {
            pipeline.Predict(singles[next], ct);
            next = next + 1 == singles.Length ? 0 : next + 1;
            var now = Stopwatch.GetTimestamp();
            times.Add((long)((now - last) * perTick));
            last = now;
        }
        while (last < end);
        return (last - start) / (double)Stopwatch.Frequency;
    }

    private static double RowsPerSecond(Pipeline pipeline, Table batch, double seconds, CancellationToken ct)
    {
        pipeline.Predict(batch, ct);
        pipeline.Predict(batch, ct);
        var (watch, batches) = (Stopwatch.StartNew(), 0);
        do
        {
            pipeline.Predict(batch, ct);
            batches++;
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        return batches * (double)batch.RowCount / watch.Elapsed.TotalSeconds;
    }
}
