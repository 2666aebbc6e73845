using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns that hold the mean answer of a category's rows, each row's own answer among them.</summary>
public sealed class TargetEncodedCheck : Check<TableSubject>
{
    private static readonly Threshold Agreement = new("agreement", 0.9999, "squared correlation of the column with the mean answer of each level, or with what smoothing makes of it", "A mean that was computed is exact but for rounding");

    private static readonly Threshold Rows = new("rows", 10, "mean number of rows a level below which the severity is high", "A row's own answer is then a tenth of the figure or more");

    /// <inheritdoc/>
    public override string Name => "target-encoded";

    /// <inheritdoc/>
    public override string Definition => "A numeric column has one value for each level of a category, and that value is the mean answer of the level's rows, smoothed or not, the row itself or even the test rows included (target encoding; Micci-Barreca 2001); or each row has the mean of the level's other rows, which gives its own answer away.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Agreement, Rows];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 50 } target || target.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var categories = subject.Columns.Where(spec => spec.Role is ColumnRole.Categorical or ColumnRole.Text or ColumnRole.Ignore).Select(spec => subject.Train[spec.Name]).OfType<TextColumn>().ToArray();
        foreach (var spec in subject.Features.Where(spec => spec.Role == ColumnRole.Numeric))
        {
            if (subject.Train[spec.Name] is not NumberColumn column)
            {
                continue;
            }

            foreach (var category in categories)
            {
                if (Look(subject, column, category, context) is { } found)
                {
                    var (levels, size) = (found.Levels, (double)subject.Labelled.Length / found.Levels);
                    var leaveOne = found.How.EndsWith("other rows", StringComparison.Ordinal);
                    yield return new Finding(Name, size < context.Value(Name, Rows) || leaveOne || found.WithTest ? Severity.High : Severity.Medium,
                        $"'{spec.Name}' is {found.How} of each level of '{category.Name}', {(leaveOne ? "each the lower the higher the row's own answer is" : "every row's own answer included")}{(found.WithTest ? " and those of the test rows" : "")} ({Wording.Count(levels, "level")}, {Wording.Number(size)} rows each)")
                    {
                        Columns = [spec.Name],
                        Evidence = Figures.Of(("levels", levels), ("rows_a_level", size)).WithBars("Rows", "rows", [("a level", size)]),
                        Cause = "The category was replaced by its mean answer over the whole table before the split: rows carry a part of their own answer.",
                        Fix = "Compute such means within the training rows of each fold, without the row itself (roux does so for categories of many levels: give it the category).",
                        Verify = "Score again with the category in place of the column.",
                    };
                    break;
                }
            }
        }
    }

    /// <summary>How the column was made of the category's answers, and of how many levels; <c>null</c> where it was not.</summary>
    private (string How, int Levels, bool WithTest)? Look(TableSubject subject, NumberColumn column, TextColumn category, CheckContext context)
    {
        var agreement = context.Value(Name, Agreement);
        foreach (var withTest in subject.TestTarget is null ? new[] { false } : [false, true])
        {
            // Class by class: of which class the means are is not known.
            for (var k = 0; k < (subject.HasClasses ? Math.Min(20, subject.Target!.Classes.Length) : 1); k++)
            {
                var sums = LevelSums.Of(subject, column.Name, category.Name, k, withTest);
                if (sums.Count < 5 || sums.Levels.Length < 50 || sums.Count > 0.9 * sums.Levels.Length)
                {
                    break;
                }

                if (sums.Single() is { } values)
                {
                    var means = Enumerable.Range(0, sums.Count).Select(level => sums.Sums[level] / sums.Rows[level]).ToArray();
                    if (Squared(values, means) >= agreement)
                    {
                        return ("the mean answer", sums.Count, withTest);
                    }

                    if (IsSmoothed(values, means, sums.Rows, agreement))
                    {
                        return ("a smoothed mean answer", sums.Count, withTest);
                    }
                }
                else if (sums.LeavesOneOut(agreement))
                {
                    return ("the mean answer of the other rows", sums.Count, withTest);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// A mean pulled towards a by m rows' worth is (rows x mean + m a) / (rows + m) (Micci-Barreca 2001): rows x (value - mean) is then
    /// linear in the value, m a - m value, whatever m and a are. With equal rows a level it is linear in the mean itself.
    /// </summary>
    private static bool IsSmoothed(double[] values, double[] means, double[] rows, double agreement)
    {
        var pulls = Enumerable.Range(0, values.Length).Select(level => rows[level] * (values[level] - means[level])).ToArray();
        var (r2, slope) = (Squared(values, pulls), Slope(values, pulls));
        return r2 >= agreement && slope < 0 && rows.Distinct().Count() >= 3;
    }

    private static double Squared(double[] x, double[] y) => Learning.Data.Profiling.Association.Pearson(x, y) is var r ? r * r : 0;

    private static double Slope(double[] x, double[] y)
    {
        var (a, b) = (x.Average(), y.Average());
        return Enumerable.Range(0, x.Length).Sum(i => (x[i] - a) * (y[i] - b));
    }
}
