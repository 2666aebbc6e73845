using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Learners.Baselines;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a model says the same whatever it sees.</summary>
public sealed class PredictionCollapse : Check<ModelSubject>
{
    private static readonly Threshold Spread = new("spread", 0.01, "standard deviation of the predictions over that of the answers (numbers), or of the probabilities (classes): at most", "a calibrated regression with this ratio explains its square, 0.01% of the variance");
    private static readonly Threshold Share = new("share", 0.1, "share of the rows that belong to classes which are never predicted: at least, for medium severity", "one row in ten is wrong for certain");

    /// <inheritdoc/>
    public override string Name => "prediction-collapse";

    /// <inheritdoc/>
    public override string Definition => "Predictions that do not depend on the row, or classes that are never predicted though they occur (mode collapse to the majority class).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Spread, Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "high-bias", "miscalibrated", "confused-pair", "weak-slice", "metric-mismatch", "decision-threshold", "ignored-columns", "test-set-too-small"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Count < 10 || subject.Pipeline?.Members.All(member => member.Model is ConstantModel) == true)
        {
            yield break; // a baseline is constant on purpose
        }

        var spread = Enumerable.Range(0, p.Width).Max(k => Deviation([.. Enumerable.Range(0, p.Rows).Select(row => p.Row(row)[k])]));
        var scale = y.Task == TaskKind.Regression ? Deviation(y.Values) : 1;
        if (scale > 0 && spread <= context.Value(Name, Spread) * scale)
        {
            yield return new Finding(Name, Severity.High, y.Task == TaskKind.Regression
                ? $"The model predicts nearly the same number for every row: {p.Values.Average():G4}, give or take {spread:G2}, while the answers vary by {scale:G3}."
                : $"The model gives every row nearly the same probabilities (they vary by {spread:G2}).")
            {
                Evidence = new JsonObject { ["spread"] = spread, ["spread_of_answers"] = scale, ["rows"] = y.Count },
                Cause = "The inputs do not reach the output: all zero or constant, dead units, a learning rate too high or too low, regularisation too strong, or labels that have nothing to do with the features.",
                Fix = "Look at what the model receives (input checks), then fit a single small batch: a sound model learns it by heart.",
                Verify = "Predictions of different rows differ, and the score leaves that of the constant.",
            };
            yield break;
        }

        if (y.Task is TaskKind.Binary or TaskKind.Multiclass && NeverPredicted(y, p, context) is { } finding)
        {
            yield return finding;
        }
    }

    private Finding? NeverPredicted(Target y, Predictions p, CheckContext context)
    {
        var (actual, predicted) = (new int[y.Width], new int[y.Width]);
        var labels = p.Labels();
        for (var row = 0; row < labels.Length; row++)
        {
            actual[y.Labels[row]]++;
            predicted[labels[row]]++;
        }

        // Ten rows of a class, none of them found by a model that finds one in four: less than 6% likely.
        int[] absent = [.. Enumerable.Range(0, y.Width).Where(k => predicted[k] == 0 && actual[k] >= 10)];
        if (absent.Length == 0)
        {
            return null;
        }

        var share = absent.Sum(k => (double)actual[k]) / y.Count;
        var names = string.Join(", ", absent.Take(5).Select(k => $"'{y.Classes[k]}' ({actual[k]:N0} rows)"));
        return new Finding(Name, share >= context.Value(Name, Share) ? Severity.Medium : Severity.Low,
            $"{(predicted.Count(count => count > 0) == 1 ? "One class is predicted for every row; never predicted" : "Never predicted")}: {names}{(absent.Length > 5 ? ", …" : "")}.")
        {
            Evidence = new JsonObject
            {
                ["never_predicted"] = new JsonArray([.. absent.Select(k => (JsonNode)JsonValue.Create(y.Classes[k]))]),
                ["share_of_rows"] = share,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Rows of each class and predictions of it", "class", "rows",
                    [new PlotSeries("actual", [], [.. actual.Take(50).Select(count => (double)count)]), new PlotSeries("predicted", [], [.. predicted.Take(50).Select(count => (double)count)])]) { Labels = [.. y.Classes.Take(50)] }.ToJson(),
            },
            Cause = share >= 0.1 ? "The threshold is out of place, the class weights are, or the model has learned only how frequent the classes are." : "The class is rare: to say always something else costs little by the measure that was optimised.",
            Fix = "Weight the classes, choose the threshold for the metric that matters, or merge classes that cannot be told apart.",
            Verify = "The class is predicted for some rows, and balanced accuracy or macro F1 rises.",
        };
    }

    private static double Deviation(double[] values)
    {
        double[] known = [.. values.Where(double.IsFinite)];
        var mean = known.DefaultIfEmpty().Average();
        return Math.Sqrt(known.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty().Average());
    }
}
