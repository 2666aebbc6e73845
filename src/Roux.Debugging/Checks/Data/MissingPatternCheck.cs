using Roux.Learning.Data;
using Roux.Learning.Data.Profiling;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Data;

/// <summary>Values that are not missing at random: whether they are missing depends on the answer or on other columns.</summary>
public sealed class MissingPatternCheck : Check<TableSubject>
{
    private static readonly Threshold Effect = new("effect", 0.3, "Cramér's V of being missing and the answer or another column, from which on it is mentioned", "Medium effect (Cohen 1988, chapter 7)");

    private static readonly Threshold Strong = new("strong", 0.5, "Cramér's V of being missing and the answer from which on the severity is medium", "Large effect (Cohen 1988, chapter 7)");

    private static readonly Threshold Chance = new("p", 0.001, "largest chance of such a dependence if there were none, adjusted for the number of columns", "Benjamini and Hochberg 1995");

    private const int MostRows = 20_000, Fewest = 10;

    /// <inheritdoc/>
    public override string Name => "missing-pattern";

    /// <inheritdoc/>
    public override string Definition => "Whether a value is missing depends on the answer or on another column (not missing completely at random; Rubin 1976).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Effect, Strong, Chance];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        var rows = TableSubject.Sample(subject.Train.RowCount, MostRows, context.Seed);
        var gaps = subject.Features.Select(spec => (spec.Name, Missing: Array.ConvertAll(rows, row => subject.Train[spec.Name].IsMissing(row) ? 1 : 0)))
            .Where(column => column.Missing.Sum() is var missing && missing >= Fewest && missing <= rows.Length - Fewest).ToArray();
        if (gaps.Length == 0)
        {
            yield break;
        }

        foreach (var finding in OnTarget(subject, rows, gaps, context).Concat(OnColumns(subject, rows, gaps, context)))
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> OnTarget(TableSubject subject, int[] rows, (string Name, int[] Missing)[] gaps, CheckContext context)
    {
        if (subject.Target is null || subject.Target.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var (bins, count) = Answers(subject, rows);
        var measured = gaps.Select(gap => Measure(bins, count, gap.Missing)).ToArray();
        var adjusted = MultipleTesting.BenjaminiHochberg([.. measured.Select(pair => pair.P)]);
        var found = gaps.Select((gap, i) => (gap.Name, measured[i].V, P: adjusted[i])).Where(gap => gap.P < context.Value(Name, Chance) && gap.V >= context.Value(Name, Effect))
            .OrderByDescending(gap => gap.V).ToArray();
        if (found.Length > 0)
        {
            yield return new Finding(Name, found[0].V >= context.Value(Name, Strong) ? Severity.Medium : Severity.Low,
                $"Whether a value is missing goes with the answer in {Wording.List([.. found.Select(gap => $"'{gap.Name}' (V = {Wording.Number(gap.V)})")])}")
            {
                Columns = [.. found.Select(gap => gap.Name)],
                Evidence = Figures.Of([.. found.Select(gap => (gap.Name, gap.V))]).WithBars("Being missing and the answer", "Cramér's V", found.Select(gap => (gap.Name, gap.V)), context.Value(Name, Effect)),
                Cause = "The value is asked for, measured or filled in for some answers more than for others, perhaps after the answer is known.",
                Fix = "Ask when the value is recorded. If before the answer, keep that it is missing as a feature; if after, leave the column out. Do not drop the rows.",
                Verify = "Score with and without the column.",
            };
        }
    }

    private IEnumerable<Finding> OnColumns(TableSubject subject, int[] rows, (string Name, int[] Missing)[] gaps, CheckContext context)
    {
        var others = subject.Features.Where(spec => spec.Role is not (ColumnRole.Text or ColumnRole.List)).Take(60).ToArray();
        var tests = new List<(string Gap, string By, double V, double P)>();
        foreach (var other in others)
        {
            var column = subject.Train[other.Name];
            var (bins, count) = Levels(column, rows);
            if (count is < 2 or > 200)
            {
                continue;
            }

            foreach (var gap in gaps.Where(gap => gap.Name != other.Name))
            {
                // Where the other is missing, too, the two are missing together: said by the bin of missing values.
                var (v, p) = Measure(bins, count, gap.Missing);
                tests.Add((gap.Name, other.Name, v, p));
            }
        }

        var adjusted = MultipleTesting.BenjaminiHochberg([.. tests.Select(test => test.P)]);
        var found = tests.Where((test, i) => adjusted[i] < context.Value(Name, Chance) && test.V >= context.Value(Name, Strong))
            .GroupBy(test => test.Gap).Select(group => group.MaxBy(test => test.V)).OrderByDescending(test => test.V).ToArray();
        if (found.Length > 0)
        {
            yield return new Finding(Name, Severity.Low, $"Whether a value is missing depends on another column: {Wording.List([.. found.Select(test => $"'{test.Gap}' on '{test.By}' (V = {Wording.Number(test.V)})")])}")
            {
                Columns = [.. found.Select(test => test.Gap)],
                Evidence = Figures.Of([.. found.Select(test => ($"{test.Gap} ~ {test.By}", test.V))]).WithBars("Being missing and other columns", "Cramér's V", found.Select(test => ($"{test.Gap} ~ {test.By}", test.V)), context.Value(Name, Strong)),
                Cause = "The value does not apply to some kinds of rows, or one source of the data lacks it.",
                Fix = "Impute within the kinds, not over all rows, and keep that it is missing as a feature.",
                Verify = "Compare the imputed values of the kinds.",
            };
        }
    }

    private static (int[] Bins, int Count) Answers(TableSubject subject, int[] rows)
    {
        if (subject.HasClasses)
        {
            return (Array.ConvertAll(rows, row => subject.Classes[row]), subject.Target!.Classes.Length);
        }

        return Coarse(subject.Values, rows);
    }

    private static (int[] Bins, int Count) Levels(Column column, int[] rows)
    {
        var (bins, count) = column switch
        {
            TextColumn text => OfText(text, rows),
            NumberColumn numbers => Coarse(numbers.Values, rows),
            DateColumn dates => Coarse(Array.ConvertAll(dates.Ticks, ticks => ticks == DateColumn.Missing ? double.NaN : ticks), rows),
            _ => ([], 0),
        };
        return (Array.ConvertAll(bins, bin => bin < 0 ? count : bin), count + 1);
    }

    private static (int[] Bins, int Count) OfText(TextColumn column, int[] rows)
    {
        var numbers = new Dictionary<int, int>();
        var bins = Array.ConvertAll(rows, row => column.Codes[row] < 0 ? -1 : numbers.TryGetValue(column.Codes[row], out var bin) ? bin : numbers[column.Codes[row]] = numbers.Count);
        return (bins, numbers.Count);
    }

    /// <summary>At most ten bins of about equal counts.</summary>
    private static (int[] Bins, int Count) Coarse(double[] values, int[] rows)
    {
        var (fine, count) = Binning.OfNumbers(values, rows);
        var by = Math.Max(1, (count + 9) / 10);
        return (Array.ConvertAll(fine, bin => bin < 0 ? -1 : bin / by), (count + by - 1) / by);
    }

    private static (double V, double P) Measure(int[] bins, int count, int[] missing)
    {
        var counts = new int[count * 2];
        for (var i = 0; i < bins.Length; i++)
        {
            if (bins[i] >= 0)
            {
                counts[bins[i] * 2 + missing[i]]++;
            }
        }

        var rows = Enumerable.Range(0, count).Select(level => new double[] { counts[level * 2], counts[level * 2 + 1] }).Where(row => row[0] + row[1] > 0).ToArray();
        return rows.Length < 2 || rows.Sum(row => row[0]) == 0 || rows.Sum(row => row[1]) == 0 ? (0, double.NaN)
            : (Association.CramersV(counts, count, 2), DistributionTests.ChiSquareIndependence(rows).PValue);
    }
}
