using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Whether a model can tell test rows from training rows.</summary>
public sealed class DomainDriftCheck : Check<TableSubject>
{
    private static readonly Threshold Area = new("auc", 0.625, "lower end of the 95% interval of the area under the ROC curve of a model that tells the two apart, from which on the severity is medium", "A drift score of 0.25 (2 AUC - 1), as in deepchecks' multivariate drift");

    private static readonly Threshold Notable = new("notable", 0.55, "the same lower end from which on it is mentioned", "A drift score of 0.1");

    private const int MostRows = 5_000;

    /// <inheritdoc/>
    public override string Name => "domain-drift";

    /// <inheritdoc/>
    public override string Definition => "A model trained to tell test rows from training rows can do so on rows it did not see (a domain classifier: Rabanser, Günnemann and Lipton 2019); names, dates and ids are left out.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Area, Notable];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vocabulary-mismatch"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var columns = Shared.Columns(subject).ToArray();
        if (subject.Test is not { RowCount: >= 40 } test || subject.Train.RowCount < 40 || columns.Length == 0)
        {
            yield break;
        }

        var (area, column) = Tell(subject.Train, test, columns, context);
        if (area is null || !(area.Low >= context.Value(Name, Notable)))
        {
            yield break;
        }

        yield return new Finding(Name, area.Low >= context.Value(Name, Area) ? Severity.Medium : Severity.Low,
            $"A model tells test rows from training rows with an AUC of {Wording.Number(area.Estimate)} (95% interval {Wording.Number(area.Low)} to {Wording.Number(area.High)}; 0.5 is chance){(column is null ? "" : $", mostly by '{column}'")}")
        {
            Columns = column is null ? [] : [column],
            Evidence = Figures.Of(("auc", area.Estimate), ("low", area.Low), ("high", area.High)).WithBars("Telling test rows from training rows", "AUC", [("lower end", area.Low), ("estimate", area.Estimate), ("upper end", area.High)], 0.5),
            Cause = "The test rows come from another time, place or kind than the training rows, or were prepared otherwise.",
            Fix = "Find what differs (the columns named by column-drift); prepare both alike, or train on rows like those that will be met.",
            Verify = "The AUC is near 0.5 after the repair.",
        };
    }

    private static (Interval? Area, string? Column) Tell(Table train, Table test, ColumnSpec[] columns, CheckContext context)
    {
        var (a, b) = (TableSubject.Sample(train.RowCount, MostRows, context.Seed), TableSubject.Sample(test.RowCount, MostRows, context.Seed));
        var rows = Shared.Stack(train, a, test, b, columns);
        var y = Target.Classification([.. Enumerable.Repeat(0, a.Length), .. Enumerable.Repeat(1, b.Length)], ["train", "test"]);
        try
        {
            var metric = Metrics.Find("roc_auc");
            var area = ConfidenceIntervals.Of(metric, y, QuickFit.OutOfFold(rows, columns, y, 3, context), seed: context.Seed, cancellation: context.Cancellation);
            if (!(area.Low > 0.55) || columns.Length == 1)
            {
                return (area, columns.Length == 1 ? columns[0].Name : null);
            }

            // The column whose absence costs the model most would take one fit a column; what each tells alone is as good a hint.
            var best = columns.Select(column => (column.Name, Gap: ColumnDistance.Of(train[column.Name], test[column.Name], column, context.Seed)?.Distance ?? 0)).MaxBy(pair => pair.Gap);
            return (area, best.Gap >= 0.1 ? best.Name : null);
        }
        catch (Exception e) when (e is LearnerException or DataException)
        {
            return (null, null);
        }
    }
}
