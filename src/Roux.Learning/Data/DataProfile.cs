using System.Text.Json.Nodes;
using Roux.Learning.Data.Profiling;
using Roux.Tracking;

namespace Roux.Learning.Data;

/// <summary>What a table holds, column by column, and what is remarkable about it.</summary>
public sealed record DataProfile
{
    /// <summary>What the table is called.</summary>
    public required string Name { get; init; }

    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>
    /// Rows that quantiles, histograms, outliers, distinct numbers and associations rest on: all rows, or a random sample of a long
    /// table. Counts of rows, missing values, levels of text and duplicates, and means and standard deviations, are always of all rows.
    /// </summary>
    public required int SampledRows { get; init; }

    /// <summary>Rows that equal an earlier row in every column but ids and ignored ones.</summary>
    public required int DuplicateRows { get; init; }

    /// <summary>Rows whose features equal those of another row with another answer; 0 without target.</summary>
    public required int ConflictingRows { get; init; }

    /// <summary>One entry a column, in the table's order.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>Correlations of numeric columns; <c>null</c> when there are fewer than two.</summary>
    public CorrelationMatrix? Correlations { get; init; }

    /// <summary>What is remarkable, the most severe first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What was left out or sampled, one line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The profile as JSON; numbers that are not defined are <c>null</c>.</summary>
    public JsonObject ToJson() => ProfileJson.Write(this);
}
