namespace Roux.Torch.Watch;

/// <summary>What a watch looks at, and how often.</summary>
public sealed record WatchOptions
{
    /// <summary>Steps from one look to the next, at least 1. The first three steps are looked at in any case. 50 keeps the cost below 5% of small networks' steps.</summary>
    public int Every { get; init; } = 50;

    /// <summary>Bins of the histograms of weights and gradients, 0 for none. They cost about as much again.</summary>
    public int HistogramBins { get; init; }

    /// <summary>Whether findings become part of the run while it goes on.</summary>
    public bool Judge { get; init; } = true;

    /// <summary>Rows over which a unit must have been zero to be called dead.</summary>
    public int DeadRows { get; init; } = 256;

    /// <summary>Most parameters watched one by one; in larger networks only matrices are, evenly chosen.</summary>
    public int MostParameters { get; init; } = 64;
}
