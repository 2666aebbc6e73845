using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Leakage;

/// <summary>Ids, or places in the file, that go with the answer.</summary>
public sealed class RowOrderCheck : Check<TableSubject>
{
    private static readonly Threshold Strength = new("strength", 0.3, "rank correlation of the id with the answer (of classes: the root of the share of variance between them)", "Medium effect (Cohen 1988)");

    private const int MostRows = 20_000;

    /// <inheritdoc/>
    public override string Name => "row-order";

    /// <inheritdoc/>
    public override string Definition => "The numbers of an id column go with the answer: rows were numbered class by class, or in order of the answer.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Strength];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 50 } || subject.Target.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        foreach (var spec in subject.Columns.Where(spec => spec.Role == ColumnRole.Id))
        {
            if (Numbers(subject.Train[spec.Name]) is not { } ids)
            {
                continue;
            }

            var (strength, p, xs, ys) = Measure(subject, ids, context);
            if (strength >= context.Value(Name, Strength) && p < 0.001)
            {
                yield return new Finding(Name, Severity.Medium, $"The id '{spec.Name}' goes with the answer (strength {Wording.Number(strength)}): rows were numbered by it")
                {
                    Columns = [spec.Name],
                    Evidence = Figures.Of(("strength", strength), ("p", p)).WithPoints($"Answer by '{spec.Name}'", spec.Name, "answer", xs, ys),
                    Cause = "Rows were gathered class by class, or sorted by the answer before they were numbered: the number tells the answer of these rows, and of no others.",
                    Fix = "Do not use the id as a feature (roux leaves it out by itself), and shuffle before splitting into batches or folds.",
                    Verify = "Number the rows at random: nothing of the score is lost.",
                };
            }
        }
    }

    private static (double Strength, double P, double[] X, double[] Y) Measure(TableSubject subject, double[] ids, CheckContext context)
    {
        int[] rows = [.. TableSubject.Sample(ids.Length, MostRows, context.Seed).Where(row => !double.IsNaN(ids[row]) && (subject.HasClasses ? subject.Classes[row] >= 0 : !double.IsNaN(subject.Values[row])))];
        if (rows.Length < 50)
        {
            return (0, 1, [], []);
        }

        var x = Array.ConvertAll(rows, row => ids[row]);
        if (!subject.HasClasses)
        {
            var y = Array.ConvertAll(rows, row => subject.Values[row]);
            var found = Correlation.Spearman(x, y);
            return (Math.Abs(found.Statistic), found.PValue, x, y);
        }

        var labels = Array.ConvertAll(rows, row => subject.Classes[row]);
        var (ranks, _) = Ranks.Of(x);
        var eta = Learning.Data.Profiling.Association.CorrelationRatio(labels, subject.Target!.Classes.Length, ranks);
        var (between, within) = (subject.Target.Classes.Length - 1, rows.Length - subject.Target.Classes.Length);
        var f = eta >= 1 ? double.PositiveInfinity : eta * eta / Math.Max(1, between) / ((1 - eta * eta) / Math.Max(1, within));
        return (eta, Tails.F(f, Math.Max(1, between), Math.Max(1, within)), x, Array.ConvertAll(labels, label => (double)label));
    }

    /// <summary>The ids as numbers: those of codes such as <c>A0012</c> by their digits; <c>null</c> where there are none.</summary>
    private static double[]? Numbers(Column column)
    {
        if (column is NumberColumn numbers)
        {
            return numbers.Values;
        }

        var values = new double[column.Length];
        for (var row = 0; row < values.Length; row++)
        {
            var digits = string.Concat((column.Format(row) ?? "").Where(char.IsAsciiDigit));
            values[row] = digits.Length is > 0 and <= 15 ? double.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : double.NaN;
        }

        return values.Count(double.IsNaN) * 2 > values.Length ? null : values;
    }
}
