using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Rows with equal features and different answers.</summary>
public sealed class ConflictingLabelsCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the rows from which on conflicts among copies are a finding of medium severity", "No model can get more than half of them right: one in a hundred costs half a point of accuracy");

    /// <inheritdoc/>
    public override string Name => "conflicting-labels";

    /// <inheritdoc/>
    public override string Definition => "Rows are equal in every feature and have different answers, more often than coarse columns explain.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["label-errors", "duplicated-rows"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var conflicting = subject.Profile.ConflictingRows;
        if (conflicting == 0 || subject.Target is null)
        {
            yield break;
        }

        var share = (double)conflicting / subject.Train.RowCount;
        var features = subject.Features.ToArray();
        var copied = Data.Copies.Share(subject.Train, RowPrints.Of(subject.Train, features.Select(column => column.Name)), features);
        var copies = copied >= 0.5;
        yield return new Finding(Name, copies && share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
            $"{Wording.Count(conflicting, "row")} ({Wording.Percent(share)}) equal another row in every feature but have another answer{(copies ? "" : "; columns of few values make that likely by coincidence")}")
        {
            Columns = [subject.TargetName!],
            Evidence = Figures.Of(("conflicting_rows", conflicting), ("share", share), ("copied", copied)).WithBars("Rows by whether an equal row answers otherwise", "rows", [("no conflict", subject.Train.RowCount - conflicting), ("conflict", conflicting)]),
            Cause = copies ? "The same thing was labelled twice and differently: labels are wrong in places, or answers changed over time." : "What tells these rows apart is not among the columns.",
            Fix = copies ? "Look at some of them; correct the labels, or keep the latest of each." : "Add a column that tells them apart, if there is one.",
            Verify = "No model can get all of these rows right: count them again after the correction.",
        };
    }
}
