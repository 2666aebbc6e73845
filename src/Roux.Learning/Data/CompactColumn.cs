namespace Roux.Learning.Data;

/// <summary>One column of a <see cref="CompactProfile"/>.</summary>
public sealed record CompactColumn
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>How its values are stored.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What it means to a model.</summary>
    public required ColumnRole Role { get; init; }

    /// <summary>Number of missing values.</summary>
    public required long Missing { get; init; }

    /// <summary>Number of distinct values that are not missing; of numbers and dates in a sampled table a lower bound.</summary>
    public required long Distinct { get; init; }

    /// <summary>Whether <see cref="Distinct"/> is only a lower bound.</summary>
    public bool DistinctIsLowerBound { get; init; }

    /// <summary>Least value, of numbers; of dates in days since 1970. NaN: none.</summary>
    public double Min { get; init; } = double.NaN;

    /// <summary>Arithmetic mean, of numbers.</summary>
    public double Mean { get; init; } = double.NaN;

    /// <summary>Greatest value, as <see cref="Min"/>.</summary>
    public double Max { get; init; } = double.NaN;

    /// <summary>Standard deviation of the sample (n - 1), of numbers.</summary>
    public double Std { get; init; } = double.NaN;

    /// <summary>Mean number of characters, of text.</summary>
    public double MeanLength { get; init; } = double.NaN;

    /// <summary>Of numbers and dates: how they are spread.</summary>
    public ValueSpread? Spread { get; init; }

    /// <summary>Of numbers and dates with more than one value: counts in 20 intervals of equal width from the least to the greatest sampled value.</summary>
    public IReadOnlyList<int> Histogram { get; init; } = [];

    /// <summary>Of levels: the most frequent, at most ten.</summary>
    public IReadOnlyList<ValueCount> Top { get; init; } = [];
}
