using System.Globalization;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Theory;

/// <summary>Trees are asked about rows outside of what they have seen, where they answer with the value at the edge.</summary>
public sealed class ExtrapolationCheck : TheoryCheck
{
    private static readonly Threshold Share = new("share", 0.05, "share of the rows to predict that lie outside the range of the training rows in a numeric column", "Of rows of one kind about 2 in n + 1 lie outside (order statistics; David and Nagaraja 2003); 5% is out of the question for 40 training rows and more");
    private static readonly string[] Families = ["tree", "forest", "boosting", "neighbours"];

    /// <inheritdoc/>
    public override string Name => "extrapolation";

    /// <inheritdoc/>
    public override string Definition => "Rows to predict lie outside the range of the training rows in a numeric column, where trees and neighbours give the answer of the edge (Hastie, Tibshirani and Friedman 2009, 9.2).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(LearnerSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Others is not { RowCount: > 0 } others || !Families.Contains(subject.Family))
        {
            yield break;
        }

        var least = context.Value(Name, Share);
        var outside = subject.Columns.Where(column => column.Role == ColumnRole.Numeric)
            .Select(column => (Column: column.Name, Found: Outside(subject.Table.Find(column.Name) as NumberColumn, others.Find(column.Name) as NumberColumn)))
            .Where(pair => pair.Found.Share >= least && pair.Found.Count >= 5 && pair.Found.Share >= 10 * pair.Found.Expected).OrderByDescending(pair => pair.Found.Share).ToArray();
        if (outside.Length == 0)
        {
            yield break;
        }

        var (worst, found) = outside[0];
        yield return new Finding(Name, Severity.Medium, string.Create(CultureInfo.InvariantCulture,
            $"{found.Share:0%} of the rows to predict have a '{worst}' outside of {found.Low:G4} to {found.High:G4}, all that {subject.Name} has seen: it answers them as if they lay at the edge"))
        {
            Columns = [.. outside.Select(pair => pair.Column)],
            Evidence = Evidence(new EvidencePlot(PlotKind.Bar, "Rows outside the range of training", "", "share of rows", [new PlotSeries("share", [], [.. outside.Take(20).Select(pair => pair.Found.Share)])]) { Labels = [.. outside.Take(20).Select(pair => pair.Column)], Reference = least },
                ("learner", subject.Name), ("share", found.Share), ("rows", found.Count), ("training_low", found.Low), ("training_high", found.High)),
            Cause = "The world has moved on since the training rows were gathered (prices, counts, years), or the two sets come from different places.",
            Fix = "Predict changes or ratios in the place of levels, add training rows of that range, or use a linear trend for the column.",
            Verify = "Fewer than 5% of the rows lie outside, and the error there is no larger than elsewhere.",
        };
    }

    private static (double Share, int Count, double Expected, double Low, double High) Outside(NumberColumn? training, NumberColumn? others)
    {
        double[] known = training is null ? [] : [.. training.Values.Where(double.IsFinite)];
        double[] asked = others is null ? [] : [.. others.Values.Where(double.IsFinite)];
        if (known.Length < 40 || asked.Length == 0)
        {
            return default;
        }

        var (low, high) = (known.Min(), known.Max());
        var count = asked.Count(value => value < low || value > high);
        return ((double)count / asked.Length, count, 2.0 / (known.Length + 1), low, high);
    }
}
