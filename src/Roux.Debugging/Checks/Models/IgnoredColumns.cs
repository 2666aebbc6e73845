using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a model looks past columns that would tell it something.</summary>
public sealed class IgnoredColumns : Check<ModelSubject>
{
    private const int Rows = 4_000;
    private static readonly Threshold Explained = new("explained", 0.01, "share of the variance of the model's errors that the columns explain on rows not used to find out: at least", "a small effect (Cohen 1988: 0.01)");
    private static readonly Threshold Deviations = new("standard-errors", 5, "standard errors by which the correlation of errors and columns differs from zero", "one in three million by chance");

    /// <inheritdoc/>
    public override string Name => "ignored-columns";

    /// <inheritdoc/>
    public override string Definition => "Predictions do not change at all when a group of columns (all numbers, all levels, all texts, or one named by the user) is shuffled, though its columns predict the model's errors (ridge regression, judged on the other half of the rows).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Explained, Deviations];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["high-bias", "weak-slice"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Predict is not { } predict || subject.Evaluation.Table is null || subject.Evaluation.Count < 100 || subject.Columns.Count == 0)
        {
            yield break;
        }

        var sample = subject.Evaluation.AtMost(Rows);
        foreach (var (group, columns) in Groups(subject))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (!IsIgnored(predict, sample, columns, context.Seed) || Correlation(subject, sample, columns, context) is not { } found)
            {
                continue;
            }

            var (correlation, z) = found;
            if (correlation * correlation >= context.Value(Name, Explained) && z >= context.Value(Name, Deviations))
            {
                yield return new Finding(Name, Severity.Medium, $"The model does not look at {group} ({Names(columns)}), though they explain {100 * correlation * correlation:0.#}% of its errors.")
                {
                    Columns = columns,
                    Evidence = new JsonObject { ["columns"] = new JsonArray([.. columns.Take(50).Select(name => (JsonNode)JsonValue.Create(name))]), ["explained"] = correlation * correlation, ["standard_errors"] = z, ["rows"] = sample.Count },
                    Cause = "The columns are lost on the way to the learner (dropped, all zero, wrong type, all missing after a join), or regularisation left nothing of them.",
                    Fix = "Look at what the learner receives of these columns (input checks), and fit again with them.",
                    Verify = "Shuffling the columns changes predictions, and the score rises.",
                };
            }
        }
    }

    private static string Names(string[] columns) => string.Join(", ", columns.Take(4)) + (columns.Length > 4 ? $" and {columns.Length - 4} more" : "");

    private static IEnumerable<(string Group, string[] Columns)> Groups(ModelSubject subject)
    {
        foreach (var (name, columns) in subject.Groups)
        {
            yield return ($"the group '{name}'", [.. columns.Where(column => subject.Evaluation.Table!.Find(column) is not null)]);
        }

        foreach (var (name, roles) in new (string, ColumnRole[])[] { ("any number", [ColumnRole.Numeric]), ("any level", [ColumnRole.Categorical, ColumnRole.Boolean]), ("any text", [ColumnRole.Text, ColumnRole.List]), ("any date", [ColumnRole.Date]) })
        {
            string[] columns = [.. subject.Columns.Where(column => roles.Contains(column.Role)).Select(column => column.Name)];
            if (columns.Length > 0)
            {
                yield return (name, columns);
            }
        }
    }

    private static bool IsIgnored(Func<Table, Predictions> predict, JudgedRows sample, string[] columns, int seed)
    {
        if (columns.Length == 0)
        {
            return false;
        }

        var some = sample.AtMost(300);
        var rows = Enumerable.Range(0, some.Count).ToArray();
        new Random(seed).Shuffle(rows);
        var shuffled = new Table(some.Table!.Name, [.. some.Table.Columns.Select(column => columns.Contains(column.Name) ? column.Take(rows) : column)]);
        var (before, after) = (predict(some.Table).Values, predict(shuffled).Values);
        return Enumerable.Range(0, before.Length).All(i => Math.Abs(before[i] - after[i]) <= 1e-9 * Math.Max(1, Math.Abs(before[i])));
    }

    /// <summary>Correlation of the model's errors with what the columns say of them, on rows that the ridge regression did not see; of several outputs the strongest (corrected for their number).</summary>
    private static (double Correlation, double Deviations)? Correlation(ModelSubject subject, JudgedRows sample, string[] columns, CheckContext context)
    {
        var specs = subject.Columns.Where(column => columns.Contains(column.Name))
            .Concat(columns.Where(name => !subject.Columns.Any(column => column.Name == name)).Select(name => ColumnRoles.Infer(sample.Table!, null).First(column => column.Name == name))).ToArray();
        var ridge = LearnerCatalog.Find("ridge")!;
        int[] learn = [.. Enumerable.Range(0, sample.Count).Where(row => row % 2 == 0)], judge = [.. Enumerable.Range(0, sample.Count).Where(row => row % 2 == 1)];
        (double Correlation, double Deviations)? best = null;
        var outputs = sample.Answers.Task == TaskKind.Binary ? [1] : Enumerable.Range(0, sample.Answers.Width).Take(10).ToArray();
        foreach (var output in outputs)
        {
            var errors = Errors(sample, output);
            if (!Array.TrueForAll(errors, double.IsFinite))
            {
                return null;
            }

            var target = Target.Regression(Array.ConvertAll(learn, row => errors[row]));
            var (featurizer, x) = Featurizer.Fit(sample.Table!.Take(learn), specs, target, ridge.Form(TaskKind.Regression, Configuration.Empty), context.Seed, context.Threads, context.Cancellation);
            var model = ridge.Fit(new TrainingSet(x, target), Configuration.Of(("alpha", 10.0)), new FitContext(context.Seed, context.Threads, Cancellation: context.Cancellation));
            var said = model.Predict(featurizer.Transform(sample.Table!.Take(judge), context.Cancellation)).Values;
            var correlation = Roux.Learning.Data.Profiling.Association.Pearson(said, Array.ConvertAll(judge, row => errors[row]));
            var z = correlation * Math.Sqrt(judge.Length);
            if (correlation > 0 && (best is null || z > best.Value.Deviations))
            {
                best = (correlation, z);
            }
        }

        return best;
    }

    private static double[] Errors(JudgedRows rows, int output)
    {
        var (y, p) = (rows.Answers, rows.Predictions);
        return [.. Enumerable.Range(0, rows.Count).Select(row => y.Task switch
        {
            TaskKind.Regression => y.Values[row],
            TaskKind.Multilabel => y.Indicators[row * y.Width + output] ? 1.0 : 0.0,
            _ => y.Labels[row] == output ? 1.0 : 0.0,
        } - p.Row(row)[output])];
    }
}
