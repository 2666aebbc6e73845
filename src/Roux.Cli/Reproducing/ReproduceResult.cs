using Roux.Tracking;
using Roux.Tracking.Reproduction;

namespace Roux.Cli.Reproducing;

/// <summary>What came of repeating a run.</summary>
/// <param name="Verdict">In one word.</param>
/// <param name="First">The run.</param>
/// <param name="Differences">What differs, or what is missing; empty for a run that is reproduced.</param>
internal sealed record ReproduceResult(ReproduceVerdict Verdict, RunRecord First, IReadOnlyList<Difference> Differences)
{
    /// <summary>What differs and should not matter.</summary>
    public IReadOnlyList<Difference> Remarks { get; init; } = [];

    /// <summary>Metrics side by side.</summary>
    public IReadOnlyList<MetricCheck> Metrics { get; init; } = [];

    /// <summary>The repetition; null where nothing was run.</summary>
    public string? RunId { get; init; }

    /// <summary>A second repetition, run to tell chance from other causes; null where there was no need.</summary>
    public string? SecondRunId { get; init; }

    /// <summary>What was compared, in words.</summary>
    public string Compared { get; init; } = "";

    /// <summary>The folder that it ran in, where it was kept.</summary>
    public string? Folder { get; init; }
}

/// <summary>The answer to whether a run can be repeated.</summary>
internal enum ReproduceVerdict
{
    /// <summary>The same inputs gave the same results.</summary>
    Reproduced = 0,

    /// <summary>It ran; inputs or results differ.</summary>
    Differs = 1,

    /// <summary>It cannot be run: something is missing.</summary>
    Impossible = 2,
}
