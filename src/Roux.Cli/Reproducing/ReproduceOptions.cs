using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>How a run is to be repeated.</summary>
internal sealed record ReproduceOptions
{
    /// <summary>Tolerances by metric; <c>*</c> for all others.</summary>
    public IReadOnlyDictionary<string, MetricTolerance> Tolerances { get; init; } = new Dictionary<string, MetricTolerance>();

    /// <summary>Time for the program; null for no limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Whether the folder that it ran in stays.</summary>
    public bool Keep { get; init; }

    /// <summary>Whether Python packages are installed as recorded, into an environment of their own.</summary>
    public bool Install { get; init; }

    /// <summary>Kinds of differences that count as remarks only.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Secrets by the name of their option, or the number of the argument.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
}
