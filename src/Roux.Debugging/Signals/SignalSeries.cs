using Roux.Tracking;

namespace Roux.Debugging.Signals;

/// <summary>One signal of a training over its steps.</summary>
/// <param name="Steps">Steps, ascending.</param>
/// <param name="Values">Values, as many; NaN and infinities occur.</param>
public sealed record SignalSeries(double[] Steps, double[] Values)
{
    /// <summary>Number of points.</summary>
    public int Count => Values.Length;

    /// <summary>The last value; NaN where there is none.</summary>
    public double Last => Count == 0 ? double.NaN : Values[^1];

    /// <summary>The points whose value is finite.</summary>
    public SignalSeries Finite()
    {
        if (Array.TrueForAll(Values, double.IsFinite))
        {
            return this;
        }

        var kept = Enumerable.Range(0, Count).Where(index => double.IsFinite(Values[index])).ToArray();
        return new SignalSeries(Array.ConvertAll(kept, index => Steps[index]), Array.ConvertAll(kept, index => Values[index]));
    }

    /// <summary>The middle of the finite values from a share of the series to another; NaN where there are none.</summary>
    public double Median(double from = 0, double to = 1) => Robust.Median(Part(from, to));

    /// <summary>The values from a share of the series (0 to 1) to another, at least one where there is one; only finite ones.</summary>
    public double[] Part(double from, double to)
    {
        if (Count == 0)
        {
            return [];
        }

        var first = Math.Min(Count - 1, (int)Math.Floor(from * Count));
        var last = Math.Clamp((int)Math.Ceiling(to * Count), first + 1, Count);
        return Array.FindAll(Values[first..last], double.IsFinite);
    }

    /// <summary>A series of values with steps 0, 1, 2, ….</summary>
    public static SignalSeries Of(params double[] values) => new([.. Enumerable.Range(0, values.Length).Select(step => (double)step)], values);

    /// <summary>A metric's history.</summary>
    public static SignalSeries Of(MetricSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return new SignalSeries(Array.ConvertAll(series.Steps, step => (double)step), series.Values);
    }
}
