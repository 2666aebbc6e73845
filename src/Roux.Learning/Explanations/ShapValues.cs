namespace Roux.Learning.Explanations;

/// <summary>Shapley values: for each row and output, how much each source column moved the model's score away from its expectation.</summary>
public sealed record ShapValues
{
    /// <summary>What is explained, in words, such as <c>log-odds of yes</c>.</summary>
    public required string Scale { get; init; }

    /// <summary>How the values were computed, in words.</summary>
    public required string Method { get; init; }

    /// <summary>The source columns; contributions of their features are summed.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The outputs: the positive class, every class or label, or the target.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Rows explained: the first ones of the table that was given.</summary>
    public required int Rows { get; init; }

    /// <summary>The score without knowing any column; one per output.</summary>
    public required double[] Expectation { get; init; }

    /// <summary>Rows x columns x outputs, row-major.</summary>
    public required double[] Values { get; init; }

    /// <summary>Where values were estimated by sampling: the standard error of each; else <c>null</c>.</summary>
    public double[]? Errors { get; init; }

    /// <summary>Where values were estimated by sampling: samples per row; else 0.</summary>
    public int Samples { get; init; }

    /// <summary>Largest difference, over rows and outputs, between the model's prediction and what expectation plus values amount to on the prediction's scale, relative to the spread of regression predictions.</summary>
    public double Gap { get; init; }

    /// <summary>The features behind the columns, by mean absolute value, largest first; only of columns made into several features.</summary>
    public IReadOnlyList<FeatureShare> Features { get; init; } = [];

    /// <summary>The strongest features of the rows that were asked for one by one.</summary>
    public IReadOnlyList<RowFeature> RowFeatures { get; init; } = [];

    /// <summary>One value.</summary>
    public double this[int row, int column, int output] => Values[(row * Columns.Count + column) * Outputs.Count + output];

    /// <summary>The score of a row: expectation plus all its values.</summary>
    public double Score(int row, int output)
    {
        var sum = Expectation[output];
        for (var column = 0; column < Columns.Count; column++)
        {
            sum += this[row, column, output];
        }

        return sum;
    }

    /// <summary>Mean absolute value of each column over rows and outputs, largest first: what the model looks at.</summary>
    public IReadOnlyList<(string Column, double Mean)> Importance()
    {
        var means = new double[Columns.Count];
        for (var i = 0; i < Values.Length; i++)
        {
            means[i / Outputs.Count % Columns.Count] += Math.Abs(Values[i]) / Math.Max(1, Rows * Outputs.Count);
        }

        return [.. Columns.Select((column, i) => (column, means[i])).OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.column, StringComparer.Ordinal)];
    }
}

/// <summary>The part of one feature, such as a term of a text or a level of a category, in a column's importance.</summary>
/// <param name="Column">The source column.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Mean">Mean absolute value over rows and outputs.</param>
public sealed record FeatureShare(string Column, string Feature, double Mean);

/// <summary>A strong feature of one row.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Column">The source column.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Values">Its value for each output.</param>
public sealed record RowFeature(int Row, string Column, string Feature, double[] Values);
