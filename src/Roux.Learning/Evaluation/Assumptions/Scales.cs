using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Features;
using Roux.Learning.Learners;

namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>Features on comparable scales, and features that matter about equally.</summary>
internal static class Scales
{
    private static readonly string[] Sensitive = ["k-nearest-neighbours", "svm-rbf", "linear-svm", "ridge", "elastic-net", "logistic-regression"];

    public static IEnumerable<AssumptionCheck> Check(AssumptionData data, IReadOnlyList<Learner> learners, Func<TaskKind, IEnumerable<string>> scaled)
    {
        double[] spreads = [.. data.Table.Columns.OfType<NumberColumn>().Where(column => column.Type != ColumnType.Boolean && data.Features.Any(feature => feature.Source == column.Name))
            .Select(column => Spread([.. column.Values.Where(double.IsFinite)])).Where(spread => spread > 0)];
        var standardised = scaled(data.Y.Task).ToHashSet(StringComparer.Ordinal);
        foreach (var group in learners.Select(learner => learner.Card.Name).Where(Sensitive.Contains).GroupBy(standardised.Contains))
        {
            var ratio = spreads.Length < 2 ? 1 : spreads.Max() / spreads.Min();
            var status = group.Key ? AssumptionStatus.Holds : AssumptionAudit.Above(ratio, 3, 10);
            yield return new AssumptionCheck
            {
                Assumption = "features are on comparable scales",
                Learners = [.. group],
                Status = status,
                Statistic = "largest over smallest standard deviation, as read",
                Value = ratio,
                Bounds = "where they are not standardised: doubtful from 3, violated from 10",
                Message = string.Create(CultureInfo.InvariantCulture, $"As read, numeric columns differ in spread by a factor of {ratio:N0}; {(group.Key ? "these learners see them standardised within each fold" : "these learners see them as they are")}."),
                Advice = status == AssumptionStatus.Holds ? "" : "Standardise the features.",
            };
        }

        yield return Useful(data);
    }

    private static AssumptionCheck Useful(AssumptionData data)
    {
        var numbers = data.Numbers;
        var noise = 2 / Math.Sqrt(numbers.Length);
        string[] useless = [.. data.Features.Zip(data.Columns).GroupBy(pair => pair.First.Source, StringComparer.Ordinal)
            .Where(group => group.All(pair => !(Math.Abs(Statistics.Correlation.Pearson(pair.Second, numbers).Statistic) >= noise)
                && (pair.First.Kind != FeatureKind.Numeric || !(Math.Abs(Statistics.Correlation.Pearson(Array.ConvertAll(pair.Second, value => value * value), numbers).Statistic) >= noise))))
            .Select(group => group.Key)];
        var columns = data.Features.Select(feature => feature.Source).Distinct(StringComparer.Ordinal).Count();
        var share = useless.Length / (double)columns;
        var status = AssumptionAudit.Above(share, 0.5, 0.8);
        return new AssumptionCheck
        {
            Assumption = "all features matter about equally",
            Learners = ["k-nearest-neighbours", "svm-rbf"],
            Status = status,
            Statistic = "share of columns that tell nothing alone",
            Value = share,
            Bounds = "doubtful from 50%, violated from 80%",
            Columns = useless,
            Message = string.Create(CultureInfo.InvariantCulture, $"{useless.Length} of {columns} columns show no association with the answer by themselves; they count in distances all the same."),
            Advice = status == AssumptionStatus.Holds ? "" : "Leave such columns out for these learners, or prefer one that chooses features: a forest, boosting, elastic net.",
        };
    }

    private static double Spread(double[] values)
    {
        if (values.Length == 0)
        {
            return 0;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
