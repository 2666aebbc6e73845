namespace Roux.Learning.Data;

/// <summary>How the values of a column are stored.</summary>
public enum ColumnType
{
    /// <summary>Floating-point numbers; NaN is missing.</summary>
    Real,

    /// <summary>Whole numbers, stored as doubles; NaN is missing.</summary>
    Integer,

    /// <summary>True (1) and false (0), stored as doubles; NaN is missing.</summary>
    Boolean,

    /// <summary>Strings, dictionary-coded.</summary>
    Text,

    /// <summary>Points in time, in UTC ticks.</summary>
    Date,
}
