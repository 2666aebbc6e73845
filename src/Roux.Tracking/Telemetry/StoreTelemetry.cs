using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Roux.Tracking.Telemetry;

/// <summary>What a store tells of its writes to whoever listens (OpenTelemetry names); without a listener an entry costs a few nanoseconds.</summary>
internal static class StoreTelemetry
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Name = "Roux.Tracking";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> CommitSeconds = Meter.CreateHistogram<double>("roux.store.commit.duration", "s", "From the beginning of a batch of writes to the end of its commit.");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("roux.store.batch.size", "{write}", "Writes that shared a commit.");
    private static readonly Counter<long> Points = Meter.CreateCounter<long>("roux.store.points", "{point}", "Metric points committed.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("roux.store.commit.failures", "{batch}", "Batches of writes that were given up.");

    public static void Committed(int writes, long points, TimeSpan took)
    {
        CommitSeconds.Record(took.TotalSeconds);
        BatchSize.Record(writes);
        if (points > 0)
        {
            Points.Add(points);
        }
    }

    public static void Failed() => Failures.Add(1);
}
