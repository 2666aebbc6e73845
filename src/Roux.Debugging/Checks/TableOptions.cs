using Roux.Learning.Data;
using Roux.Learning.Evaluation.Annotations;

namespace Roux.Debugging.Checks;

/// <summary>What is known of a table beside its rows; everything may be left out.</summary>
public sealed record TableOptions
{
    /// <summary>Rows kept aside for the final score, read as they are.</summary>
    public Table? Test { get; init; }

    /// <summary>The kind of task; <c>null</c>: found out.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>For several labels per row: the text between them; <c>null</c>: found out.</summary>
    public string? Separator { get; init; }

    /// <summary>By column name a role, as in <see cref="ColumnRoles.Infer"/>.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns that no model is to use.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>The column whose equal values must not be parted by a split.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>The column by which rows are ordered in time.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Folds over the table's rows that models are compared on.</summary>
    public IReadOnlyList<Fold> Folds { get; init; } = [];

    /// <summary>What several people said of the rows.</summary>
    public AnnotationSet? Annotations { get; init; }

    /// <summary>Digest of the test data, as runs record it.</summary>
    public string? TestDigest { get; init; }

    /// <summary>What runs have learned from or been tuned on, by their lineage.</summary>
    public IReadOnlyList<UsedData> Used { get; init; } = [];
}

/// <summary>Data that a run has looked at before the final score.</summary>
/// <param name="Run">The run's id or name.</param>
/// <param name="Dataset">What the data is called.</param>
/// <param name="Digest">Its digest, as in <see cref="LoadedTable.Digest"/>.</param>
/// <param name="Purpose">What it was used for, such as <c>training</c> or <c>tuning</c>.</param>
public sealed record UsedData(string Run, string Dataset, string Digest, string Purpose);
