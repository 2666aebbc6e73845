namespace Roux.Tracking.Capture.Lineage;

/// <summary>What was found out about data that a run reads.</summary>
internal sealed record DataInput
{
    /// <summary>Name of the file or folder.</summary>
    public required string Name { get; init; }

    /// <summary>Its identity, or null where it is missing or could not be read.</summary>
    public Dataset? Dataset { get; init; }

    /// <summary>DVC's record, or null.</summary>
    public DvcRecord? Dvc { get; init; }

    /// <summary>Its pointer where Git LFS keeps it, or null.</summary>
    public LfsPointer? Lfs { get; init; }

    /// <summary><c>matches</c>, <c>changed</c> or <c>pointer</c>; null without <see cref="Lfs"/>.</summary>
    public string? LfsState { get; init; }

    /// <summary>What a reader should act on.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
