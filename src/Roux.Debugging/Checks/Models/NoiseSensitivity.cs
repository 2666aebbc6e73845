using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a tremor of the inputs shakes the answers.</summary>
public sealed class NoiseSensitivity : Check<ModelSubject>
{
    private const int Rows = 1_000;
    private static readonly Threshold Noise = new("noise", 0.01, "standard deviation of the noise added to every column of real numbers, in standard deviations of the column", "about the precision of a careful measurement");
    private static readonly Threshold Changed = new("changed", 0.1, "share of the rows whose class changes, or root mean square change of predicted numbers over their standard deviation: at least", "ten times the noise that was put in");
    private static readonly Threshold Gross = new("gross", 0.25, "the same, for medium severity", "a quarter of the answers hangs on noise");

    /// <inheritdoc/>
    public override string Name => "noise-sensitivity";

    /// <inheritdoc/>
    public override string Definition => "Noise of 1% of a standard deviation on every column of real numbers changes many answers (stability under small perturbations: Bousquet and Elisseeff 2002; corruption robustness: Hendrycks and Dietterich 2019).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit-gap", "worse-than-baseline"];

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Noise, Changed, Gross];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Predict is not { } predict || subject.Evaluation.Table is null || subject.Evaluation.Answers.Task == TaskKind.Multilabel)
        {
            yield break;
        }

        var sample = subject.Evaluation.AtMost(Rows);
        var noise = context.Value(Name, Noise);
        var random = new Random(context.Seed);
        var shaken = new List<string>();
        var table = new Table(sample.Table!.Name, [.. sample.Table.Columns.Select(column =>
        {
            if (column is not NumberColumn { Type: ColumnType.Real } numbers || !subject.Columns.Any(spec => spec.Name == column.Name && spec.Role == ColumnRole.Numeric))
            {
                return column;
            }

            shaken.Add(column.Name);
            var scale = noise * Deviation(numbers.Values);
            return new NumberColumn(column.Name, Array.ConvertAll(numbers.Values, value => value + scale * Gaussian(random)), numbers.Type, numbers.Words);
        })]);
        if (shaken.Count == 0)
        {
            yield break;
        }

        var (before, after) = (predict(sample.Table), predict(table));
        var changed = Changes(before, after);
        if (changed < context.Value(Name, Changed))
        {
            yield break;
        }

        yield return new Finding(Name, changed >= context.Value(Name, Gross) ? Severity.Medium : Severity.Low,
            sample.Answers.Task == TaskKind.Regression
                ? $"Noise of {100 * noise:0.##}% of a standard deviation moves predictions by {100 * changed:0}% of theirs."
                : $"Noise of {100 * noise:0.##}% of a standard deviation changes the class of {100 * changed:0}% of the rows.")
        {
            Columns = shaken,
            Evidence = new JsonObject { ["noise"] = noise, ["changed"] = changed, ["rows"] = sample.Count },
            Cause = "The model has learned digits rather than quantities: overfit trees, weights that grew without bound, columns that nearly cancel each other, or inputs that are multiplied by a huge factor on the way.",
            Fix = "Regularise, scale the inputs, drop one of two nearly equal columns, or add such noise in training.",
            Verify = "The same noise changes few answers.",
        };
    }

    private static double Changes(Predictions before, Predictions after)
    {
        if (before.Task != TaskKind.Regression)
        {
            var (a, b) = (before.MostProbable(), after.MostProbable());
            return Enumerable.Range(0, a.Length).Count(row => a[row] != b[row]) / (double)Math.Max(1, a.Length);
        }

        var spread = Deviation(before.Values);
        return spread > 0 ? Math.Sqrt(before.Values.Zip(after.Values, (a, b) => (a - b) * (a - b)).Average()) / spread : 0;
    }

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); // Box and Muller 1958

    private static double Deviation(double[] values)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        var mean = known.DefaultIfEmpty().Average();
        return Math.Sqrt(known.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty().Average());
    }
}
