using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Drift;

/// <summary>How a column of one version of a data set stands to the same column of another.</summary>
public enum DriftVerdict
{
    /// <summary>Only the later version has it.</summary>
    Added,

    /// <summary>Only the earlier version has it.</summary>
    Removed,

    /// <summary>Its type is another.</summary>
    Retyped,

    /// <summary>It has moved far: index of stability of 0.25 and more, or a fifth more or fewer missing values.</summary>
    Shifted,

    /// <summary>It has moved: index of stability of 0.1 and more, or a twentieth more or fewer missing values.</summary>
    Moved,

    /// <summary>It looks moved, but no more than chance moves so few rows.</summary>
    TooFewRows,

    /// <summary>It has not moved.</summary>
    Stable,

    /// <summary>Its values are not kept in profiles: free text, ids, columns that did not fit.</summary>
    NotCompared,
}

/// <summary>What became of a column from one version of a data set to another.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Before">The column then; <c>null</c> where it is added.</param>
/// <param name="After">The column now; <c>null</c> where it is removed.</param>
/// <param name="Stability">Population stability index; NaN where not measured.</param>
/// <param name="Gap">Largest gap between the two cumulative distributions (Kolmogorov-Smirnov), of numbers and dates; NaN where not measured.</param>
/// <param name="Chance">Index of stability that chance exceeds once in a thousand times for so many rows; NaN where not measured.</param>
/// <param name="MissingBefore">Share of missing values then; NaN where it is added.</param>
/// <param name="MissingAfter">Share of missing values now; NaN where it is removed.</param>
public sealed record ColumnDrift(
    string Name, DriftVerdict Verdict, CompactColumn? Before, CompactColumn? After, double Stability, double Gap, double Chance, double MissingBefore, double MissingAfter);
