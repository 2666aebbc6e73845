using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns that hold the mean answer of a category's rows, each row's own answer among them.</summary>
public sealed class TargetEncodedCheck : Check<TableSubject>
{
    private static readonly Threshold Agreement = new("agreement", 0.9999, "squared correlation of the column with the mean answer of each level", "A mean that was computed is exact but for rounding");

    private static readonly Threshold Rows = new("rows", 10, "mean number of rows a level below which the severity is high", "A row's own answer is then a tenth of the figure or more");

    /// <inheritdoc/>
    public override string Name => "target-encoded";

    /// <inheritdoc/>
    public override string Definition => "A numeric column has one value for each level of a category, and that value is the mean answer of the level's rows (target encoding that includes the row itself; Micci-Barreca 2001).";

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
                if (Look(subject, column, category, context) is { } levels)
                {
                    var size = (double)subject.Labelled.Length / levels;
                    yield return new Finding(Name, size < context.Value(Name, Rows) ? Severity.High : Severity.Medium,
                        $"'{spec.Name}' is the mean answer of each level of '{category.Name}', every row's own answer included ({Wording.Count(levels, "level")}, {Wording.Number(size)} rows each)")
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

    private int? Look(TableSubject subject, NumberColumn column, TextColumn category, CheckContext context)
    {
        // One value a level?
        var values = new double[category.Levels.Length];
        Array.Fill(values, double.NaN);
        foreach (var row in subject.Labelled)
        {
            var code = category.Codes[row];
            if (code < 0 || column.IsMissing(row))
            {
                continue;
            }

            if (double.IsNaN(values[code]))
            {
                values[code] = column.Values[row];
            }
            else if (Math.Abs(values[code] - column.Values[row]) > 1e-9 * Math.Abs(values[code]))
            {
                return null;
            }
        }

        // The mean answer of each level, class by class: of which class is not known.
        var levels = Enumerable.Range(0, values.Length).Where(code => !double.IsNaN(values[code])).ToArray();
        if (levels.Length < 5)
        {
            return null;
        }

        for (var k = 0; k < (subject.HasClasses ? subject.Target!.Classes.Length : 1); k++)
        {
            var (sums, counts) = (new double[values.Length], new double[values.Length]);
            for (var i = 0; i < subject.Labelled.Length; i++)
            {
                var code = category.Codes[subject.Labelled[i]];
                if (code >= 0)
                {
                    sums[code] += subject.HasClasses ? (subject.Target!.Labels[i] == k ? 1 : 0) : subject.Target!.Values[i];
                    counts[code]++;
                }
            }

            var r = Learning.Data.Profiling.Association.Pearson(Array.ConvertAll(levels, code => values[code]), Array.ConvertAll(levels, code => sums[code] / counts[code]));
            if (r * r >= context.Value(Name, Agreement))
            {
                return levels.Length;
            }
        }

        return null;
    }
}
