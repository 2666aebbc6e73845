using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns that are filled in only for some answers: known only when the answer is.</summary>
public sealed class MissingByClassCheck : Check<TableSubject>
{
    private static readonly Threshold Filled = new("filled", 0.98, "share of a class's rows in which the value is known, or missing, to count as always", "Leaves room for a few slips of the hand");

    private static readonly Threshold Rows = new("rows", 20, "least number of rows of such a class", "Below, a rare class lacks a rare value by chance");

    private const double PlausiblyMissing = 0.5;

    /// <inheritdoc/>
    public override string Name => "missing-by-class";

    /// <inheritdoc/>
    public override string Definition => "A column is known for nearly all rows of one class and for nearly none of another: it is filled in once the answer is known.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Filled, Rows];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["missing-pattern", "mostly-missing"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 40 } target || target.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        // Numbers to predict are parted at their median: a column filled in above it only is as telling.
        var classes = subject.HasClasses ? subject.Classes : Halves(subject.Values);
        var names = subject.HasClasses ? target.Classes : ["low answers", "high answers"];
        foreach (var spec in subject.Columns.Where(spec => spec.Role is not (ColumnRole.Target or ColumnRole.Ignore)))
        {
            var column = subject.Train[spec.Name];
            var (known, rows) = (new int[names.Length], new int[names.Length]);
            for (var row = 0; row < classes.Length; row++)
            {
                if (classes[row] >= 0)
                {
                    rows[classes[row]]++;
                    known[classes[row]] += column.IsMissing(row) ? 0 : 1;
                }
            }

            var filled = context.Value(Name, Filled);
            var enough = Enumerable.Range(0, rows.Length).Where(k => rows[k] >= context.Value(Name, Rows)).ToArray();
            var always = enough.Where(k => known[k] >= filled * rows[k]).ToArray();
            var never = enough.Where(k => known[k] <= (1 - filled) * rows[k]).ToArray();

            // Missing throughout a class may be a fact about it (no teeth, no teeth measured); that every class is either or is the tell.
            var sharp = always.Length + never.Length == enough.Length;
            if (always.Length == 0 || never.Length == 0 || known.Sum() < PlausiblyMissing)
            {
                continue;
            }

            yield return new Finding(Name, sharp ? Severity.High : Severity.Medium,
                $"'{spec.Name}' is known for {Wording.Names([.. always.Select(k => names[k])])} and missing for {Wording.Names([.. never.Select(k => names[k])])}: it is filled in once the answer is known")
            {
                Columns = [spec.Name],
                Evidence = Figures.Of([.. enough.Select(k => (names[k], (double)known[k] / rows[k]))]).WithBars($"Rows in which '{spec.Name}' is known", "share", enough.Select(k => (names[k], (double)known[k] / rows[k]))),
                Cause = "The column describes what happened after the answer (a reason for leaving, a date of recovery), and is empty until then.",
                Fix = $"Leave it out (--drop \"{spec.Name}\"): when predictions are needed it is always empty.",
                Verify = "Score again without the column.",
            };
        }
    }

    private static int[] Halves(double[] values)
    {
        var sorted = values.Where(value => !double.IsNaN(value)).Order().ToArray();
        var median = sorted[sorted.Length / 2];
        return Array.ConvertAll(values, value => double.IsNaN(value) ? -1 : value >= median ? 1 : 0);
    }
}
