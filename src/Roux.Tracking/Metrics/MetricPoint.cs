namespace Roux.Tracking;

/// <summary>One value of a metric.</summary>
/// <param name="Step">Position in the series, e.g. the epoch.</param>
/// <param name="Timestamp">When, to the millisecond.</param>
/// <param name="Value">Any number, NaN and infinities included.</param>
public readonly record struct MetricPoint(long Step, DateTimeOffset Timestamp, double Value);
