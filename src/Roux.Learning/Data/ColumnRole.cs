namespace Roux.Learning.Data;

/// <summary>What a column means to a model.</summary>
public enum ColumnRole
{
    /// <summary>A quantity: used as a number.</summary>
    Numeric,

    /// <summary>One of a set of levels.</summary>
    Categorical,

    /// <summary>Free text: split into words and characters.</summary>
    Text,

    /// <summary>A point in time: split into its parts.</summary>
    Date,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Several levels in one cell, split at a separator.</summary>
    List,

    /// <summary>Names the row and nothing else: not used.</summary>
    Id,

    /// <summary>One value (or none) throughout: not used.</summary>
    Constant,

    /// <summary>What is predicted.</summary>
    Target,

    /// <summary>Left out by the user.</summary>
    Ignore,
}
