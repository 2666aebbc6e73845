namespace Roux.Tracking;

/// <summary>A metric's whole history as columns of equal length, ordered by step, then time; equal ones in the order logged.</summary>
/// <param name="Steps">Steps.</param>
/// <param name="Timestamps">Milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Values">Values; NaN and infinities occur.</param>
public sealed record MetricSeries(long[] Steps, long[] Timestamps, double[] Values)
{
    /// <summary>Number of points.</summary>
    public int Count => Values.Length;

    /// <summary>The point at a position.</summary>
    public MetricPoint this[int index] =>
        new(Steps[index], DateTimeOffset.FromUnixTimeMilliseconds(Timestamps[index]), Values[index]);

    /// <summary>Puts the points in order where they are not: a stable sort by step, then time.</summary>
    internal MetricSeries Ordered()
    {
        var ordered = true;
        for (var index = 1; index < Count && ordered; index++)
        {
            ordered = Steps[index - 1] < Steps[index] || (Steps[index - 1] == Steps[index] && Timestamps[index - 1] <= Timestamps[index]);
        }

        if (ordered)
        {
            return this;
        }

        var order = Enumerable.Range(0, Count).OrderBy(index => Steps[index]).ThenBy(index => Timestamps[index]).ToArray();
        return new MetricSeries(
            Array.ConvertAll(order, index => Steps[index]),
            Array.ConvertAll(order, index => Timestamps[index]),
            Array.ConvertAll(order, index => Values[index]));
    }
}
