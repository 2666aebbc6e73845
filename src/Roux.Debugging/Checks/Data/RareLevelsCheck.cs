using Roux.Learning.Data;
using Roux.Learning.Data.Roles;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Levels that occur in very few rows.</summary>
public sealed class RareLevelsCheck : Check<TableSubject>
{
    private static readonly Threshold Rows = new("rows", 5, "rows of a level below which it is rare", "The least that a test of independence wants in a cell (Cochran 1954)");

    private static readonly Threshold Share = new("share", 0.1, "share of the rows that are of rare levels", "Where one row in ten has a level of which next to nothing can be learned, the column's figures are mostly chance");

    /// <inheritdoc/>
    public override string Name => "rare-levels";

    /// <inheritdoc/>
    public override string Definition => "A good part of the rows have a level of a category that hardly another row has.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Rows, Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var found = new List<(string Column, double Share, int Levels)>();
        foreach (var spec in subject.Columns.Where(spec => spec.Role == ColumnRole.Categorical))
        {
            if (subject.Train[spec.Name] is TextColumn column && LevelStatistics.Of(column) is { Rows: > 100 } levels)
            {
                var rare = levels.Counts.Where(count => count > 0 && count < context.Value(Name, Rows)).ToArray();
                found.Add((spec.Name, (double)rare.Sum() / levels.Rows, rare.Length));
            }
        }

        var many = found.Where(column => column.Share >= context.Value(Name, Share)).OrderByDescending(column => column.Share).ToArray();
        if (many.Length > 0)
        {
            yield return new Finding(Name, Severity.Low, $"Many rows have levels that hardly occur: {Wording.List([.. many.Select(column => $"'{column.Column}' ({Wording.Percent(column.Share)} of the rows, {Wording.Count(column.Levels, "level")})")])}")
            {
                Columns = [.. many.Select(column => column.Column)],
                Evidence = Figures.Of([.. many.Select(column => (column.Column, column.Share))]).WithBars("Rows of rare levels", "share of the rows", many.Select(column => (column.Column, column.Share)), context.Value(Name, Share)),
                Cause = "The column names things rather than kinds, or was typed in by hand.",
                Fix = "Put levels together that belong together, or add a column of the kind.",
                Verify = "Count the rows of rare levels again.",
            };
        }
    }
}
