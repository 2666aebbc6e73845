namespace Roux.Learning.Data;

/// <summary>What one column holds.</summary>
public sealed record ColumnProfile
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>How its values are stored.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What it means to a model.</summary>
    public required ColumnRole Role { get; init; }

    /// <summary>Number of missing values.</summary>
    public required int Missing { get; init; }

    /// <summary>Number of distinct values that are not missing. Of numbers and dates in a sampled table: the number in the sample, a lower bound.</summary>
    public required int Distinct { get; init; }

    /// <summary>Whether <see cref="Distinct"/> is only a lower bound.</summary>
    public bool DistinctIsLowerBound { get; init; }

    /// <summary>The most frequent values, the most frequent first (of equals, the one that comes first). At most ten. Of the sampled rows for numbers and dates.</summary>
    public IReadOnlyList<ValueCount> Top { get; init; } = [];

    /// <summary>For numbers and booleans.</summary>
    public NumberSummary? Numbers { get; init; }

    /// <summary>For text.</summary>
    public TextSummary? Text { get; init; }

    /// <summary>For dates: the first and the last, as ISO 8601.</summary>
    public DateSummary? Dates { get; init; }

    /// <summary>For numbers and dates with more than one value: how they are spread.</summary>
    public Histogram? Histogram { get; init; }

    /// <summary>How the column goes together with the target; <c>null</c> without target, or where it is not measured.</summary>
    public TargetAssociation? Target { get; init; }
}

/// <summary>A value and how often it occurs.</summary>
/// <param name="Value">The value as invariant text.</param>
/// <param name="Count">Rows that have it, among those looked at.</param>
public sealed record ValueCount(string Value, int Count);

/// <summary>Figures of numbers. Missing values are left out. Quantiles interpolate linearly between order statistics (Hyndman and Fan 1996, type 7).</summary>
/// <param name="Min">Least.</param>
/// <param name="Q05">5th percentile.</param>
/// <param name="Q25">Lower quartile.</param>
/// <param name="Median">Median.</param>
/// <param name="Q75">Upper quartile.</param>
/// <param name="Q95">95th percentile.</param>
/// <param name="Max">Greatest.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Std">Standard deviation of the sample (n - 1); NaN for one value.</param>
/// <param name="Zeros">Number of zeros.</param>
/// <param name="Outliers">Among the sampled rows, values more than 1.5 interquartile ranges below the lower or above the upper quartile (Tukey 1977).</param>
public sealed record NumberSummary(
    double Min, double Q05, double Q25, double Median, double Q75, double Q95, double Max, double Mean, double Std, int Zeros, int Outliers);

/// <summary>Figures of texts, over their distinct levels (a sample of a great many).</summary>
/// <param name="MeanLength">Mean number of characters.</param>
/// <param name="MaxLength">Greatest number of characters.</param>
/// <param name="MeanWords">Mean number of words.</param>
public sealed record TextSummary(double MeanLength, int MaxLength, double MeanWords);

/// <summary>Range of dates, as ISO 8601.</summary>
/// <param name="First">The earliest.</param>
/// <param name="Last">The latest.</param>
public sealed record DateSummary(string First, string Last);

/// <summary>Counts of values in intervals of equal width.</summary>
/// <param name="Edges">Borders of the intervals, ascending, one more than there are intervals; ticks for dates. The last interval includes its upper border.</param>
/// <param name="Counts">Values in each interval, among the sampled rows.</param>
public sealed record Histogram(double[] Edges, int[] Counts);

/// <summary>How a column goes together with the target.</summary>
/// <param name="Measure">What <paramref name="Value"/> is: <c>pearson</c> (two numbers), <c>correlation_ratio</c> (a number and classes, eta), or <c>cramers_v</c> (levels and classes, bias-corrected after Bergsma 2013).</param>
/// <param name="Value">From -1 to 1 for pearson, from 0 to 1 for the others.</param>
/// <param name="MutualInformation">In nats, of the binned column and the classes (or binned target); at least 0. Not corrected for the number of levels.</param>
/// <param name="Skill">How much of the target the column alone predicts, from 0 (no better than the zero rule or the mean) to 1 (all of it): share of the zero rule's errors (of the variance, for numbers) that go away when each row is predicted from the other rows of the same level or bin.</param>
public sealed record TargetAssociation(string Measure, double Value, double MutualInformation, double Skill);

/// <summary>Pairwise correlations of numeric columns, each over the sampled rows in which both have a value.</summary>
/// <param name="Names">The columns.</param>
/// <param name="Pearson">Linear correlations, names x names; NaN where one of the two does not vary.</param>
/// <param name="Spearman">Correlations of ranks, equal values at their mean rank, names x names.</param>
public sealed record CorrelationMatrix(string[] Names, double[][] Pearson, double[][] Spearman);
