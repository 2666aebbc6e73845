using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Learning.Data.Roles;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Things (people, patients, shops) whose rows are on both sides of the split.</summary>
public sealed class GroupOverlapCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.01, "share of the test rows whose group is in training", "A group column says that no such row is wanted; one in a hundred allows for slips");

    private static readonly Threshold Within = new("within", 0.3, "for a column that only looks like a group: share of the answers' errors or variance that knowing the group takes away", "Rows of one thing must be alike for their overlap to help");

    /// <inheritdoc/>
    public override string Name => "group-overlap";

    /// <inheritdoc/>
    public override string Definition => "Rows of one group are both learned from and tested on.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Within];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["duplicates-across-splits", "high-cardinality"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        foreach (var division in Division.All(subject))
        {
            var found = false;
            foreach (var (name, given) in Groups(subject))
            {
                if (division.Train.Find(name) is not { } train || division.Test.Find(name) is not { } test)
                {
                    continue;
                }

                var known = division.TrainRows.Select(train.Format).OfType<string>().ToHashSet(StringComparer.Ordinal);
                var tested = division.TestRows.Select(test.Format).OfType<string>().ToArray();
                var shared = tested.Where(known.Contains).ToArray();
                var share = (double)shared.Length / Math.Max(1, tested.Length);
                if (tested.Length == 0 || share < context.Value(Name, Share) || (!given && Alike(subject, name, context) is var alike && !(alike >= context.Value(Name, Within))))
                {
                    continue;
                }

                found = true;
                var groups = shared.Distinct(StringComparer.Ordinal).Count();
                yield return new Finding(Name, given ? Severity.High : Severity.Medium,
                    $"{Wording.Percent(share)} of the test rows{division.Named} are of a '{name}' that training has, too ({Wording.Count(groups, "group")} on both sides)")
                {
                    Columns = [name],
                    Evidence = Figures.Of(("share_of_test_rows", share), ("shared_groups", groups), ("training_groups", known.Count))
                        .WithBars("Test rows by whether their group is in training", "rows", [("in training, too", shared.Length), ("only tested", tested.Length - shared.Length)]),
                    Cause = "The rows were split at random although several of them belong to one thing: the model recognises it rather than learning the kind.",
                    Fix = $"Split by the column: roux develop DATA --group \"{name}\".",
                    Verify = "No value of the column is on both sides; the score falls to what new groups will give.",
                };
            }

            if (found)
            {
                yield break; // One division says enough.
            }
        }
    }

    private static IEnumerable<(string Name, bool Given)> Groups(TableSubject subject)
    {
        if (subject.Options.GroupColumn is { } group)
        {
            yield return (group, true);
            yield break;
        }

        foreach (var column in subject.Columns.Where(column => column.Role is ColumnRole.Id or ColumnRole.Categorical && ColumnHeuristics.IsNamedId(column.Name)))
        {
            yield return (column.Name, false);
        }
    }

    /// <summary>How alike the answers are within groups, from 0 to 1: what the other rows of a row's group tell of it.</summary>
    private static double Alike(TableSubject subject, string name, CheckContext context)
    {
        var column = subject.Train[name];
        int[] rows = [.. TableSubject.Sample(subject.Train.RowCount, 20_000, context.Seed).Where(row => !column.IsMissing(row) && (subject.HasClasses ? subject.Classes[row] >= 0 : !double.IsNaN(subject.Values[row])))];
        if (subject.Target is null || subject.Target.Task == TaskKind.Multilabel || rows.Length < 20)
        {
            return double.NaN;
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var bins = Array.ConvertAll(rows, row => numbers.TryGetValue(column.Format(row)!, out var bin) ? bin : numbers[column.Format(row)!] = numbers.Count);
        if (!subject.HasClasses)
        {
            return Association.ValueSkill(bins, numbers.Count, Array.ConvertAll(rows, row => subject.Values[row]));
        }

        var classes = subject.Target.Classes.Length;
        var counts = new int[numbers.Count * classes];
        for (var i = 0; i < rows.Length; i++)
        {
            counts[bins[i] * classes + subject.Classes[rows[i]]]++;
        }

        return Association.ClassSkill(counts, numbers.Count, classes);
    }
}
