namespace Roux.Debugging.Signals;

/// <summary>What a noisy loss curve did, in a few robust figures.</summary>
public sealed class LossCurve
{
    /// <summary>Reads a curve; points that are not finite are left out.</summary>
    public LossCurve(SignalSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        Points = series.Finite();
        var values = Points.Values;
        Blocks = Robust.Blocks(values, 40);
        // A net learns fastest at first: few values, or the beginning is over before it is seen.
        Start = Robust.Median(values.AsSpan(0, Math.Min(values.Length, values.Length >= 50 ? 5 : values.Length >= 20 ? 3 : 1)));
        End = Robust.Median(values.AsSpan(values.Length - Math.Min(values.Length, Math.Max(Math.Min(3, values.Length / 2), values.Length / 10))));
        Noise = Robust.Noise(values);
        BlockNoise = Robust.Noise(Blocks);
        Trend = Robust.TrendOf(values);
        LowestBlock = Blocks.Length == 0 ? -1 : Array.IndexOf(Blocks, Blocks.Min());
    }

    /// <summary>The finite points.</summary>
    public SignalSeries Points { get; }

    /// <summary>Medians of at most 40 blocks.</summary>
    public double[] Blocks { get; }

    /// <summary>Level of the first few points.</summary>
    public double Start { get; }

    /// <summary>Level of the last tenth.</summary>
    public double End { get; }

    /// <summary>Standard deviation of single values around the curve.</summary>
    public double Noise { get; }

    /// <summary>Standard deviation of <see cref="Blocks"/> around the curve.</summary>
    public double BlockNoise { get; }

    /// <summary>Direction of the whole curve.</summary>
    public Trend Trend { get; }

    /// <summary>The block of the lowest level; -1 of none.</summary>
    public int LowestBlock { get; }

    /// <summary>The lowest level.</summary>
    public double Lowest => LowestBlock < 0 ? double.NaN : Blocks[LowestBlock];

    /// <summary>What was gained, as a share of the starting level: 0.3 for a loss that ends at 70% of where it began.</summary>
    public double Progress => (Start - End) / Math.Max(Math.Abs(Start), 1e-12);

    /// <summary>Direction of the part from a share of the curve (0 to 1) on.</summary>
    public Trend TrendFrom(double share) => Robust.TrendOf(Points.Part(share, 1));
}
