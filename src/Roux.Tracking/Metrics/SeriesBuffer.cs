using Roux.Tracking.Storage;

namespace Roux.Tracking.Metrics;

/// <summary>Points of one metric of one run that wait to be written. Guarded by the run's lock.</summary>
internal sealed class SeriesBuffer(long run, string key)
{
    private const int Smallest = 16;

    private long[] steps = new long[Smallest];
    private long[] timestamps = new long[Smallest];
    private double[] values = new double[Smallest];
    private int count;

    /// <summary>Adds a point; returns the points to write once a chunk is full, otherwise <c>null</c>.</summary>
    public MetricPoints? Add(long step, long timestamp, double value)
    {
        if (count == values.Length)
        {
            Grow();
        }

        steps[count] = step;
        timestamps[count] = timestamp;
        values[count] = value;
        return ++count == MetricChunk.Capacity ? Take() : null;
    }

    /// <summary>What waits, to be written; <c>null</c> when nothing does.</summary>
    public MetricPoints? Take()
    {
        if (count == 0)
        {
            return null;
        }

        var points = new MetricPoints(run, key, steps, timestamps, values, count);

        // The arrays now belong to the writer. A series that filled a chunk will fill the next one.
        var capacity = count == MetricChunk.Capacity ? MetricChunk.Capacity : Smallest;
        (steps, timestamps, values, count) = (new long[capacity], new long[capacity], new double[capacity], 0);
        return points;
    }

    private void Grow()
    {
        var capacity = Math.Min(values.Length * 4, MetricChunk.Capacity);
        Array.Resize(ref steps, capacity);
        Array.Resize(ref timestamps, capacity);
        Array.Resize(ref values, capacity);
    }
}
