using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns scaled or filled in with figures of all rows, those of the test among them.</summary>
public sealed class FittedBeforeSplitCheck : Check<TableSubject>
{
    private static readonly Threshold Exact = new("exact", 1e-4, "distance of the mean from 0 and of the standard deviation from 1 (or of least and greatest from 0 and 1) over all rows", "Scaled columns are exact but for rounding; others come as near once in ten thousand");

    private static readonly Threshold Times = new("times", 20, "how much farther from exact the training rows alone are", "Scaled on training rows, these would be exact");

    /// <inheritdoc/>
    public override string Name => "fitted-before-split";

    /// <inheritdoc/>
    public override string Definition => "Over training and test rows together a column has mean 0 and deviation 1 (or runs from 0 to 1, or repeats the mean of all rows), or columns have mean 0 and no correlation at all (principal components), but not over the training rows alone: the preparation has seen the test rows.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Exact, Times];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Test is not { RowCount: >= 10 } test || subject.Train.RowCount < 20)
        {
            yield break;
        }

        var found = new List<(string Column, string How)>();
        var ranges = new List<string>();
        var numeric = 0;
        foreach (var spec in subject.Features.Where(spec => spec.Role == ColumnRole.Numeric))
        {
            if (subject.Train[spec.Name] is NumberColumn { Type: ColumnType.Real } a && test.Find(spec.Name) is NumberColumn b)
            {
                numeric++;
                var (train, all) = (Known(a.Values), Known([.. a.Values, .. b.Values]));
                if (train.Length < 20 || all.Length == train.Length)
                {
                    continue;
                }

                if (Standardised(train, all, context))
                {
                    found.Add((spec.Name, "standardised"));
                }
                else if (Filled(train, Known(b.Values), all))
                {
                    found.Add((spec.Name, "filled in with the mean or median"));
                }
                else if (all.Min() == 0 && all.Max() == 1 && (train.Min() > 0 || train.Max() < 1))
                {
                    ranges.Add(spec.Name);
                }
            }
        }

        found.AddRange(PrincipalComponents.FittedOnAll(subject, test, context.Value(Name, Exact), context.Value(Name, Times)).Except(found.Select(column => column.Column)).Select(name => (name, "turned to principal components")));

        // Shares and rates end at 0 or 1 of themselves, here and there; several columns of which the test rows hold the end do not.
        if (ranges.Count >= 3 || (ranges.Count >= 2 && ranges.Count * 2 >= numeric))
        {
            found.AddRange(ranges.Select(name => (name, "scaled to 0 to 1")));
        }

        if (found.Count > 0)
        {
            var names = found.Select(column => column.Column).ToArray();
            yield return new Finding(Name, Severity.Medium, $"{Wording.List([.. found.GroupBy(column => column.How).Select(group => $"{Wording.Names([.. group.Select(column => column.Column)])} {(group.Count() == 1 ? "was" : "were")} {group.Key} over all rows")])}, those of the test among them")
            {
                Columns = names,
                Evidence = Figures.Of([.. names.Take(20).Select(name => ($"mean of training rows, {name}", Known(((NumberColumn)subject.Train[name]).Values).Average()))])
                    .WithPairs("Mean of each column", "mean", "training rows", "all rows", names.Select(name => (name, Known(((NumberColumn)subject.Train[name]).Values).Average(), Known([.. ((NumberColumn)subject.Train[name]).Values, .. ((NumberColumn)test[name]).Values]).Average()))),
                Cause = "Preparation (scaling, imputing, perhaps selecting) was fitted before the rows were split, so training knows something of the test rows; other steps done at that point leak more.",
                Fix = "Split first; fit every step of the preparation on the training rows alone (in roux develop that is so: give it the raw columns).",
                Verify = "The training rows alone have mean 0 and deviation 1, the test rows nearly.",
            };
        }
    }

    private bool Standardised(double[] train, double[] all, CheckContext context)
    {
        var (exact, times) = (context.Value(Name, Exact), context.Value(Name, Times));
        double Off(double[] values)
        {
            var mean = values.Average();
            var squares = values.Sum(value => (value - mean) * (value - mean));
            return Math.Abs(mean) + Math.Min(Math.Abs(Math.Sqrt(squares / values.Length) - 1), Math.Abs(Math.Sqrt(squares / (values.Length - 1)) - 1));
        }

        return Off(all) <= exact && Off(train) > times * Off(all);
    }

    /// <summary>Whether one value that is in both parts again and again, in a column of measurements, is the mean or median of all other values rather than that of the training rows.</summary>
    private static bool Filled(double[] train, double[] test, double[] all)
    {
        // A glance at some rows spares the counting of long columns of measurements in which nothing comes back.
        var glance = train.AsSpan(0, Math.Min(2_000, train.Length)).ToArray();
        if (glance.CountBy(value => value).Max(pair => pair.Value) < Math.Max(2, glance.Length / 200))
        {
            return false;
        }

        var (value, count) = train.CountBy(value => value).MaxBy(pair => pair.Value);
        if (count < 5 || count < 0.01 * train.Length || !test.Contains(value) || train.Distinct().Take(51).Count() <= 50 || train.CountBy(other => other).Where(pair => pair.Key != value).Max(pair => pair.Value) * 3 > count)
        {
            return false;
        }

        var (rest, restOfTrain) = (all.Where(other => other != value).ToArray(), train.Where(other => other != value).ToArray());
        var spread = Math.Sqrt(rest.Sum(other => (other - value) * (other - value)) / rest.Length);
        bool Near(double figure) => Math.Abs(figure - value) <= 1e-4 * spread;
        return Near(rest.Average()) && !Near(restOfTrain.Average());
    }

    private static double[] Known(double[] values) => [.. values.Where(double.IsFinite)];
}
