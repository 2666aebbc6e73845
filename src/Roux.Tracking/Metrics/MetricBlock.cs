namespace Roux.Tracking.Metrics;

/// <summary>Points of one series in memory, as columns of equal length, in the order logged.</summary>
internal sealed record MetricBlock(long[] Steps, long[] Timestamps, double[] Values)
{
    public int Count => Values.Length;

    /// <summary>These points, then the others.</summary>
    public MetricBlock Then(MetricBlock other) =>
        new([.. Steps, .. other.Steps], [.. Timestamps, .. other.Timestamps], [.. Values, .. other.Values]);

    /// <summary>The point that counts as the latest.</summary>
    public (long Step, long Timestamp, double Value) Latest()
    {
        var latest = 0;
        for (var index = 1; index < Count; index++)
        {
            if (IsLater(Steps[index], Timestamps[index], Values[index], Steps[latest], Timestamps[latest], Values[latest]))
            {
                latest = index;
            }
        }

        return (Steps[latest], Timestamps[latest], Values[latest]);
    }

    /// <summary>Whether a point counts as later than another: by step, then time, then value, NaN being less than any number.</summary>
    public static bool IsLater(long step, long time, double value, long otherStep, long otherTime, double otherValue) =>
        step != otherStep ? step > otherStep
        : time != otherTime ? time > otherTime
        : value > otherValue || (!double.IsNaN(value) && double.IsNaN(otherValue));

    /// <summary>Least and greatest of a column.</summary>
    public static (long Min, long Max) Range(ReadOnlySpan<long> column)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var value in column)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return (min, max);
    }
}
