using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Columns whose values are distributed otherwise in the test rows.</summary>
public sealed class ColumnDriftCheck : Check<TableSubject>
{
    private static readonly Threshold Shifted = new("psi", 0.25, "population stability index from which on the severity is medium", "Siddiqi 2006, chapter 8: above 0.25 the population has shifted");

    private static readonly Threshold Notable = new("notable", 0.1, "population stability index from which on it is mentioned", "Siddiqi 2006: below 0.1 it is stable");

    private static readonly Threshold Distance = new("distance", 0.1, "least largest gap between the distributions, or share of rows that would have to change level", "Small effects are found by tests in long tables and change nothing");

    private static readonly Threshold Chance = new("p", 0.01, "largest chance of such a distance if both were drawn alike, adjusted for the number of columns", "Benjamini and Hochberg 1995");

    /// <inheritdoc/>
    public override string Name => "column-drift";

    /// <inheritdoc/>
    public override string Definition => "A column's values differ between training and test rows both significantly (Kolmogorov-Smirnov or chi-square, adjusted) and by much (population stability index).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Shifted, Notable, Distance, Chance];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["domain-drift", "unseen-levels"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Test is not { } test)
        {
            yield break;
        }

        var measured = Shared.Columns(subject).Select(column => (column.Name, Of: ColumnDistance.Of(subject.Train[column.Name], test[column.Name], column, context.Seed)))
            .Where(column => column.Of is not null).ToArray();
        var adjusted = MultipleTesting.BenjaminiHochberg([.. measured.Select(column => column.Of!.Chance)]);
        var found = measured.Select((column, i) => (column.Name, Of: column.Of!, P: adjusted[i]))
            .Where(column => column.P < context.Value(Name, Chance) && column.Of.Stability >= context.Value(Name, Notable) && column.Of.Distance >= context.Value(Name, Distance))
            .OrderByDescending(column => column.Of.Stability).ToArray();
        if (found.Length == 0)
        {
            yield break;
        }

        var factors = found.Select(column => (column.Name, Factor: UnitChange.Of(subject.Train[column.Name], test[column.Name]))).Where(column => column.Factor is not null).ToArray();
        var evidence = Figures.Of([.. found.Take(20).Select(column => ($"psi {column.Name}", column.Of.Stability)), .. found.Take(20).Select(column => ($"{column.Of.Measure} {column.Name}", column.Of.Distance)), .. factors.Select(column => ($"factor {column.Name}", column.Factor!.Value))])
            .WithBars("Shift from training to test rows", "population stability index", found.Select(column => (column.Name, column.Of.Stability)), context.Value(Name, Shifted));
        yield return new Finding(Name, found[0].Of.Stability >= context.Value(Name, Shifted) ? Severity.Medium : Severity.Low,
            $"{(found.Length == 1 ? "A column differs" : $"{found.Length} of {measured.Length} columns differ")} between training and test rows: {Wording.List([.. found.Select(column => $"'{column.Name}' (PSI {Wording.Number(column.Of.Stability)})")])}"
                + (factors.Length == 0 ? "" : $"; {Wording.List([.. factors.Select(column => $"'{column.Name}' is {Wording.Number(column.Factor!.Value)} times as large")])}"))
        {
            Columns = [.. found.Select(column => column.Name)],
            Evidence = evidence,
            Cause = factors.Length > 0 ? "The two files measure in different units, or one was scaled and the other not." : "The test rows come from another time, place or kind than the training rows, or were prepared otherwise.",
            Fix = factors.Length > 0 ? "Bring both to one unit before anything is learned." : "Prepare both alike; if the world has changed, train on rows like those that will be met, and watch these columns in use.",
            Verify = "The index of each column is below 0.1.",
        };
    }
}
