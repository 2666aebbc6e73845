using Roux.Learning.AutoML;
using Roux.Learning.Data;

namespace Roux.Learning.Reports.Sections;

/// <summary>What the report shows of one column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Role">What it means to a model.</param>
/// <param name="Missing">Share of rows without a value.</param>
/// <param name="Distinct">Number of distinct values.</param>
internal sealed record ColumnFacts(string Name, ColumnRole Role, double Missing, long Distinct)
{
    /// <summary>Rows per bin; empty where a histogram has no meaning.</summary>
    public IReadOnlyList<double> Histogram { get; init; } = [];

    /// <summary>The most frequent values with their share of rows; empty where they have no meaning.</summary>
    public IReadOnlyList<(string Value, double Share)> Top { get; init; } = [];

    public string Least { get; init; } = "";

    public string Median { get; init; } = "";

    public string Most { get; init; } = "";

    public static ColumnFactsSet Of(DevelopResult result) => new(result.Profile.Rows, result.Profile.DuplicateRows, [.. result.Profile.Columns.Select(c => new ColumnFacts(c.Name, c.Role, c.Missing, c.Distinct) { Histogram = c.Histogram, Top = c.Top, Least = c.Least, Median = c.Median, Most = c.Most })]);
}

internal sealed record ColumnFactsSet(int Rows, int DuplicateRows, IReadOnlyList<ColumnFacts> Columns);

internal sealed record CorrelationFacts(IReadOnlyList<string> Names, string Method, Func<int, int, double> Between)
{
    public static CorrelationFacts? Of(DevelopResult result) => new(result.Profile.CorrNames, "Spearman rank correlation", (i, j) => result.Profile.Corr[i, j]);
}
