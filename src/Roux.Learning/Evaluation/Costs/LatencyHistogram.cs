using System.Numerics;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Counts times in buckets of equal relative width (128 to each doubling, so a time is known to 0.8%), in the manner of Gil Tene's
/// HdrHistogram: of fixed size however long a measurement takes, and without allocation while it runs.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int PerDoubling = 1 << Bits;

    private readonly long[] counts = new long[(64 - Bits) << Bits];

    /// <summary>Number of times added.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds; 0 without any.</summary>
    public long Max { get; private set; }

    /// <summary>Adds a time in nanoseconds; below zero counts as zero.</summary>
    public void Add(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        counts[Bucket(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>The time that a share of all stay within (nearest rank), in nanoseconds; NaN without any.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public double Quantile(double share)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(Middle(bucket), Max);
            }
        }

        return Max;
    }

    private static int Bucket(long value)
    {
        if (value < PerDoubling)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - Bits;
        return ((shift + 1) << Bits) + (int)((value >> shift) & (PerDoubling - 1));
    }

    private static double Middle(int bucket)
    {
        if (bucket < PerDoubling)
        {
            return bucket;
        }

        var shift = (bucket >> Bits) - 1;
        var low = (double)((long)(PerDoubling + (bucket & (PerDoubling - 1))) << shift);
        return low + ((1L << shift) - 1) / 2.0;
    }
}
