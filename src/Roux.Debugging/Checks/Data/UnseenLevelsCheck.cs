using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Levels in the test rows that training never saw, more than chance brings.</summary>
public sealed class UnseenLevelsCheck : Check<TableSubject>
{
    private static readonly Threshold Share = new("share", 0.05, "share of the test rows with a level not seen in training, from which on the severity is medium", "One row in twenty that the column says nothing about");

    private static readonly Threshold Chance = new("p", 0.001, "largest chance of so many unseen levels if both were drawn alike", "One false finding in a thousand columns");

    /// <inheritdoc/>
    public override string Name => "unseen-levels";

    /// <inheritdoc/>
    public override string Definition => "Test rows have levels that training never saw, more often than expected from the levels seen once in training (the estimate of Good and Turing; Good 1953).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Chance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Test is not { } test)
        {
            yield break;
        }

        foreach (var spec in subject.Columns.Where(spec => spec.Role is ColumnRole.Categorical or ColumnRole.Target))
        {
            if ((spec.Role == ColumnRole.Target && !subject.HasClasses) || test.Find(spec.Name) is not { } other || Look(subject.Train[spec.Name], other) is not { Unseen: > 0 } seen)
            {
                continue;
            }

            var share = (double)seen.Unseen / seen.Rows;
            var expected = (seen.Once + 1.0) / (seen.Training + 1.0);
            var z = (seen.Unseen - 0.5 - seen.Rows * expected) / Math.Sqrt(seen.Rows * expected * (1 - expected) + 0.25);
            if (z <= 0 || Tails.Normal(z) > context.Value(Name, Chance) || share < 2 * expected)
            {
                continue;
            }

            var target = spec.Role == ColumnRole.Target;
            yield return new Finding(Name, target || share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
                $"{Wording.Count(seen.Unseen, "test row")} ({Wording.Percent(share)}) have {(target ? "a class" : "a level")} of '{spec.Name}' that training never saw ({Wording.List([.. seen.Examples.Select(level => $"'{Wording.Short(level, 20)}'")])}); {Wording.Percent(expected)} would be expected")
            {
                Columns = [spec.Name],
                Evidence = Figures.Of(("unseen_rows", seen.Unseen), ("share", share), ("expected_share", expected)).WithBars("Test rows with unseen levels", "share", [("found", share), ("expected", expected)]),
                Cause = target ? "The test rows come from elsewhere, or classes are spelt otherwise there." : "The test rows come from another time or place, or levels are spelt otherwise there.",
                Fix = "Compare the spellings on both sides; if the levels are truly new, train on rows that have them.",
                Verify = "Every level of the test rows is in the training rows.",
            };
        }
    }

    private static (int Unseen, int Rows, int Once, int Training, string[] Examples) Look(Column train, Column test)
    {
        var counts = Enumerable.Range(0, train.Length).Select(train.Format).OfType<string>().CountBy(level => level).ToDictionary(StringComparer.Ordinal);
        var levels = Enumerable.Range(0, test.Length).Select(test.Format).OfType<string>().ToArray();
        var unseen = levels.Where(level => !counts.ContainsKey(level)).ToArray();
        return (unseen.Length, levels.Length, counts.Values.Count(count => count == 1), counts.Values.Sum(),
            [.. unseen.CountBy(level => level).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(6).Select(pair => pair.Key)]);
    }
}
