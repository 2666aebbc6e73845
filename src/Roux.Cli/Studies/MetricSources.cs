namespace Roux.Cli.Studies;

/// <summary>Where the metric of a trial comes from.</summary>
[Flags]
internal enum MetricSources
{
    /// <summary>What the program prints: <c>loss=0.3</c> or JSON lines.</summary>
    Output = 1,

    /// <summary>The file that <c>ROUX_METRICS_FILE</c> names.</summary>
    File = 2,

    /// <summary>The program's own run in the tracking store.</summary>
    Store = 4,

    /// <summary>All of them; the store as long as the others say nothing.</summary>
    Any = Output | File | Store,
}
