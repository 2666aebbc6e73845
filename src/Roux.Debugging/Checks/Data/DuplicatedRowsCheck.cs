using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Rows that repeat an earlier one in full.</summary>
public sealed class DuplicatedRowsCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the rows that repeat an earlier one, from which on copies are a finding of medium severity", "Less than one in a hundred moves a score by less than its usual interval");

    private static readonly Threshold Copied = new("copied", 0.5, "share of the pairs of rows equal in all columns but one that are equal in that one, too; below it, rows are equal by coincidence", "Of copies nearly all, of coincidence the chance that two values agree");

    /// <inheritdoc/>
    public override string Name => "duplicated-rows";

    /// <inheritdoc/>
    public override string Definition => "Rows equal an earlier one in every column but ids and ignored ones, more often than coarse columns explain.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Copied];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var (repeated, rows) = (subject.Profile.DuplicateRows, subject.Train.RowCount);
        if (repeated == 0)
        {
            yield break;
        }

        var columns = subject.Columns.Where(column => column.Role is not (ColumnRole.Id or ColumnRole.Ignore)).ToArray();
        var prints = RowPrints.Of(subject.Train, columns.Select(column => column.Name));
        var copied = Data.Copies.Share(subject.Train, prints, columns.Where(column => column.Role != ColumnRole.Target));
        var share = (double)repeated / rows;
        var copies = copied >= context.Value(Name, Copied);
        var most = RowPrints.Counts(prints).Values.GroupBy(count => count).Where(group => group.Key > 1).OrderBy(group => group.Key).Select(group => ($"{group.Key} times", (double)group.Count()));
        yield return new Finding(Name, copies && share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
            $"{Wording.Count(repeated, "row")} of {rows:N0} ({Wording.Percent(share)}) {(repeated == 1 ? "repeats" : "repeat")} an earlier row in full{(copies ? "" : "; columns of few values make that likely by coincidence")}")
        {
            Evidence = Figures.Of(("duplicate_rows", repeated), ("rows", rows), ("share", share), ("copied", copied)).WithBars("How often equal rows stand in the table", "different rows", most),
            Cause = copies ? "The same thing was recorded twice, or files were joined with overlap: rows that agree in all columns but one nearly always agree in that one, too."
                : "Few columns of few values describe each row, so different things look alike.",
            Fix = copies ? "If one row stands for one thing, keep one of each; if the same thing comes back rightly, split by a column that names it (--group)." : "None needed if each row is a thing of its own.",
            Verify = "Count again, and score again without the repeats: a score that falls was helped by rows that were both learned and tested.",
        };
    }
}
