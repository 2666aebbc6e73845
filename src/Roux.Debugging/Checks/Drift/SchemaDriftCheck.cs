using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Drift;

/// <summary>Columns that the test rows lack, or that are stored there as something else.</summary>
public sealed class SchemaDriftCheck : Check<TableSubject>
{
    private static readonly Threshold Lost = new("lost", 0.01, "share of the test values that cannot be read in training's type", "One value in a hundred allows for slips");

    /// <inheritdoc/>
    public override string Name => "schema-drift";

    /// <inheritdoc/>
    public override string Definition => "The test rows lack a column that models use, or hold words where training holds numbers.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Lost];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["missing-drift", "domain-drift"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Test is not { RowCount: > 0 } test || subject.Options.Test is not { } raw)
        {
            yield break;
        }

        if (subject.AbsentFromTest.Count > 0)
        {
            yield return new Finding(Name, Severity.High, $"The test rows lack {Wording.Names([.. subject.AbsentFromTest])}")
            {
                Columns = subject.AbsentFromTest,
                Evidence = Figures.Of(("absent", subject.AbsentFromTest.Count)),
                Cause = "The two files were written by different programs, or columns were renamed; what is not known in the test rows may not be known in use either.",
                Fix = "Give both files the same columns, or leave these out (--drop).",
                Verify = "Both files have the same header.",
            };
        }

        var lost = subject.Features.Where(column => test.Find(column.Name) is not null)
            .Select(column => (column.Name, Lost: (double)(test[column.Name].CountMissing() - raw[column.Name].CountMissing()) / test.RowCount))
            .Where(column => column.Lost >= context.Value(Name, Lost)).OrderByDescending(column => column.Lost).ToArray();
        if (lost.Length > 0)
        {
            yield return new Finding(Name, lost[0].Lost >= 0.2 ? Severity.High : Severity.Medium, $"Test values cannot be read as in training: {Wording.List([.. lost.Select(column => $"'{column.Name}' ({Wording.Percent(column.Lost)})")])}")
            {
                Columns = [.. lost.Select(column => column.Name)],
                Evidence = Figures.Of([.. lost.Select(column => (column.Name, column.Lost))]).WithBars("Test values that cannot be read", "share", lost.Select(column => (column.Name, column.Lost))),
                Cause = "The two files write the column differently: other units, thousands separators, decimal commas, codes for words.",
                Fix = "Write both alike.",
                Verify = "Nothing becomes missing when the test file is read.",
            };
        }
    }
}
