using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Columns that are missing more often on one side.</summary>
public sealed class MissingDriftCheck : Check<TableSubject>
{
    private static readonly Threshold Difference = new("difference", 0.2, "difference of the shares of missing values from which on the severity is medium", "One row in five is imputed on one side only");

    private static readonly Threshold Notable = new("notable", 0.05, "the same difference from which on it is mentioned", "One row in twenty");

    private static readonly Threshold Chance = new("p", 0.001, "largest chance of such a difference if both were drawn alike, adjusted for the number of columns", "Benjamini and Hochberg 1995");

    /// <inheritdoc/>
    public override string Name => "missing-drift";

    /// <inheritdoc/>
    public override string Definition => "The share of missing values of a column differs between training and test rows (chi-square, adjusted, and by much).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Difference, Notable, Chance];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["domain-drift"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Test is not { RowCount: >= 20 } test)
        {
            yield break;
        }

        var columns = subject.Features.Where(column => test.Find(column.Name) is not null)
            .Select(column => (column.Name, Train: (double)subject.Train[column.Name].CountMissing(), Test: (double)test[column.Name].CountMissing()))
            .Where(column => column.Train + column.Test > 0 && column.Train + column.Test < subject.Train.RowCount + test.RowCount).ToArray();
        var adjusted = MultipleTesting.BenjaminiHochberg([.. columns.Select(column =>
            DistributionTests.ChiSquareIndependence([[column.Train, subject.Train.RowCount - column.Train], [column.Test, test.RowCount - column.Test]]).PValue)]);
        var found = columns.Select((column, i) => (column.Name, Train: column.Train / subject.Train.RowCount, Test: column.Test / test.RowCount, P: adjusted[i]))
            .Where(column => column.P < context.Value(Name, Chance) && Math.Abs(column.Train - column.Test) >= context.Value(Name, Notable))
            .OrderByDescending(column => Math.Abs(column.Train - column.Test)).ToArray();
        if (found.Length > 0)
        {
            yield return new Finding(Name, Math.Abs(found[0].Train - found[0].Test) >= context.Value(Name, Difference) ? Severity.Medium : Severity.Low,
                $"Values are missing more often on one side: {Wording.List([.. found.Select(column => $"'{column.Name}' ({Wording.Percent(column.Train)} in training, {Wording.Percent(column.Test)} in test rows)")])}")
            {
                Columns = [.. found.Select(column => column.Name)],
                Evidence = Figures.Of([.. found.Select(column => (column.Name, column.Test - column.Train))]).WithPairs("Share of missing values", "share", "training", "test", found.Select(column => (column.Name, column.Train, column.Test))),
                Cause = "A source of the data broke or was added, a join failed on one side, or missing values are written otherwise there.",
                Fix = "Repair the source or the join; if the change is real, train on rows that show it.",
                Verify = "Compare the shares again.",
            };
        }
    }
}
