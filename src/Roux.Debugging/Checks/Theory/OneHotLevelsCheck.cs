using System.Globalization;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>A category with very many levels becomes very many features, each of few rows.</summary>
public sealed class OneHotLevelsCheck : TheoryCheck
{
    private static readonly Threshold RowsPerLevel = new("rows-per-level", 10, "rows for each 0/1 feature of a column, below which it is a finding", "Ten events per variable: Peduzzi et al. 1996");
    private static readonly Threshold Levels = new("levels", 50, "0/1 features of one column, from which on it is looked at", "What the profile calls high cardinality");

    /// <inheritdoc/>
    public override string Name => "one-hot-high-cardinality";

    /// <inheritdoc/>
    public override string Definition => "A category is spread over so many 0/1 features that most of them stand for a handful of rows each (Micci-Barreca 2001).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [RowsPerLevel, Levels];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-cardinality", "too-few-rows", "overfit-gap"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Form.Categories != CategoryEncoding.OneHot)
        {
            yield break;
        }

        var categories = subject.Columns.Where(column => column.Role == ColumnRole.Categorical).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var wide = subject.Features.Features.Where(feature => feature.Kind == FeatureKind.Indicator && categories.Contains(feature.Source))
            .GroupBy(feature => feature.Source, StringComparer.Ordinal).Select(group => (Column: group.Key, Count: group.Count()))
            .Where(pair => pair.Count >= context.Value(Name, Levels) && subject.Table.RowCount < pair.Count * context.Value(Name, RowsPerLevel)).OrderByDescending(pair => pair.Count).ToArray();
        if (wide.Length == 0)
        {
            yield break;
        }

        yield return new Finding(Name, Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"'{wide[0].Column}' becomes {wide[0].Count:N0} features for {subject.Table.RowCount:N0} rows: {subject.Name} learns its levels by heart"))
        {
            Columns = [.. wide.Select(pair => pair.Column)],
            Evidence = Evidence(new EvidencePlot(PlotKind.Bar, "Features of a category", "", "0/1 features", [new PlotSeries("features", [], [.. wide.Take(20).Select(pair => (double)pair.Count)])]) { Labels = [.. wide.Take(20).Select(pair => pair.Column)] },
                ("learner", subject.Name), ("features", wide[0].Count), ("rows", subject.Table.RowCount)),
            Cause = "The column names things (people, places, products) rather than kinds, and each name became a feature.",
            Fix = "Fold rare levels together, replace levels by out-of-fold target means, or use a kind in the place of the name.",
            Verify = "Fewer than a tenth as many features as rows come from the column, and the score on new rows does not fall.",
        };
    }
}
