using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Columns that the answer determines: a coarser form of it, such as bands of the number to predict.</summary>
public sealed class CoarseTargetCheck : Check<TableSubject>
{
    private static readonly Threshold Pure = new("pure", 0.999, "share of the rows whose level follows from the answer", "Honest columns vary among rows of one answer");

    private static readonly Threshold Share = new("share", 0.02, "least share of the rows for a level to count", "Rare levels fall on one side by chance");

    private const int MostLevels = 50, MostRows = 50_000, FewestPerLevel = 10;

    /// <inheritdoc/>
    public override string Name => "coarse-target";

    /// <inheritdoc/>
    public override string Definition => "A column of few levels follows from the answer: each class has one level of it, or its levels are bands of the number to predict that do not overlap.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Pure, Share];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 100 } target || target.Task is TaskKind.Multilabel or TaskKind.Binary)
        {
            yield break; // Of two classes a coarser form is the whole answer: told of by suspected-leak.
        }

        var rows = TableSubject.Sample(subject.Train.RowCount, MostRows, context.Seed);
        foreach (var spec in subject.Features.Where(spec => spec.Role is not (ColumnRole.Text or ColumnRole.List)))
        {
            var column = subject.Train[spec.Name];
            int[] known = [.. rows.Where(row => !column.IsMissing(row) && (subject.HasClasses ? subject.Classes[row] >= 0 : !double.IsNaN(subject.Values[row])))];
            var (bins, count) = column is TextColumn text ? Binning.OfLevels(text, known) : column is NumberColumn numbers ? Binning.OfNumbers(numbers.Values, known) : ([], 0);
            if (known.Length < 100 || count is < 2 or > MostLevels || (column is NumberColumn many && known.Select(row => many.Values[row]).Distinct().Take(MostLevels + 1).Count() > MostLevels))
            {
                continue;
            }

            var (pure, levels) = subject.HasClasses ? ByClass(bins, count, Array.ConvertAll(known, row => subject.Classes[row]), target.Classes.Length, context)
                : ByValue(bins, count, Array.ConvertAll(known, row => subject.Values[row]), context);
            if (pure >= context.Value(Name, Pure) && levels >= 2)
            {
                yield return new Finding(Name, subject.HasClasses ? Severity.Medium : Severity.High,
                    $"'{spec.Name}' follows from the answer: {(subject.HasClasses ? "every class has one level of it" : "its levels are bands of the number to predict")} ({Wording.Count(levels, "level")})")
                {
                    Columns = [spec.Name],
                    Evidence = Figures.Of(("rows_that_follow", pure), ("levels", levels)).WithBars($"Rows a level of '{spec.Name}'", "rows", bins.CountBy(bin => bin).OrderBy(pair => pair.Key).Select(pair => ($"level {pair.Key + 1}", (double)pair.Value))),
                    Cause = "The column is a grouping of the answer, made from it.",
                    Fix = $"Ask whether '{spec.Name}' is known before the answer is; if not, leave it out (--drop \"{spec.Name}\").",
                    Verify = "Score again without the column.",
                };
            }
        }
    }

    /// <summary>Share of the rows that have the most frequent level of their class, and how many levels are the most frequent of a class.</summary>
    private (double Pure, int Levels) ByClass(int[] bins, int count, int[] classes, int classCount, CheckContext context)
    {
        var counts = new int[classCount, count];
        for (var i = 0; i < bins.Length; i++)
        {
            counts[classes[i], bins[i]]++;
        }

        var (right, common) = (0, new HashSet<int>());
        for (var k = 0; k < classCount; k++)
        {
            var best = Enumerable.Range(0, count).MaxBy(level => counts[k, level]);
            right += counts[k, best];
            if (counts[k, best] >= context.Value(Name, Share) * bins.Length)
            {
                common.Add(best);
            }
        }

        return ((double)right / bins.Length, common.Count);
    }

    /// <summary>Share of the rows that lie in the band of their level when the levels part the numbers, and the number of bands.</summary>
    private (double Pure, int Levels) ByValue(int[] bins, int count, double[] values, CheckContext context)
    {
        var groups = bins.Zip(values).GroupBy(pair => pair.First, pair => pair.Second).Where(group => group.Count() >= Math.Max(FewestPerLevel, context.Value(Name, Share) * bins.Length))
            .Select(group => group.Order().ToArray()).OrderBy(group => group[group.Length / 2]).ToArray();
        if (groups.Length < 2 || groups.Sum(group => group.Length) < 0.9 * bins.Length || count > MostLevels)
        {
            return (0, 0);
        }

        // Neighbouring bands overlap by so many rows; a border value may belong to both.
        var wrong = 0;
        for (var i = 1; i < groups.Length; i++)
        {
            wrong += Math.Min(groups[i - 1].Count(value => value > groups[i][0]), groups[i].Count(value => value < groups[i - 1][^1]));
        }

        return (1 - (double)wrong / bins.Length, groups.Length);
    }
}
