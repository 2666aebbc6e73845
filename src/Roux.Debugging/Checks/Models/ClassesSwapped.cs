using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether the model knows the classes but calls them by each other's names.</summary>
public sealed class ClassesSwapped : Check<ModelSubject>
{
    private const int MostClasses = 100;
    private static readonly Threshold Gained = new("gained-accuracy", 0.2, "accuracy gained by renaming the classes: at least", "a model whose outputs carry the right names gains nothing but chance, whose part is bounded by the test beside");
    private static readonly Threshold Deviations = new("standard-errors", 5, "standard errors by which the gain must exceed zero", "one in three million by chance, over all renamings of a few classes still less than one in a thousand");

    /// <inheritdoc/>
    public override string Name => "classes-swapped";

    /// <inheritdoc/>
    public override string Definition => "Another assignment of outputs to classes (found by trading names pair by pair) makes the predictions far more accurate: the order of the classes in training was not that of now. For two classes: the ranking is significantly worse than chance.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gained, Deviations];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "confused-pair", "weak-slice", "miscalibrated", "high-bias", "metric-mismatch", "prediction-collapse", "decision-threshold", "overfit-gap", "labels-shuffled", "ignored-columns"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Width > MostClasses || y.Count < 20)
        {
            yield break;
        }

        if (y.Task == TaskKind.Binary)
        {
            if (Reversed(y, p, context) is { } reversed)
            {
                yield return reversed;
            }

            yield break;
        }

        var matrix = ConfusionMatrix.Of(y, p);
        var name = Assign(matrix, y.Width);
        var (right, renamed) = (0, 0);
        for (var k = 0; k < y.Width; k++)
        {
            right += matrix[k, k];
            renamed += matrix[name[k], k];
        }

        var gain = (double)(renamed - right) / y.Count;
        if (gain < context.Value(Name, Gained) || renamed - right < context.Value(Name, Deviations) * Math.Sqrt(renamed + right))
        {
            yield break;
        }

        int[] moved = [.. Enumerable.Range(0, y.Width).Where(k => name[k] != k)];
        yield return Found(
            $"The model seems to call classes by wrong names: with {moved.Length} outputs renamed accuracy is {100.0 * renamed / y.Count:0.#}% instead of {100.0 * right / y.Count:0.#}%, such as '{y.Classes[moved[0]]}' for what is '{y.Classes[name[moved[0]]]}'.",
            new JsonObject
            {
                ["accuracy"] = (double)right / y.Count,
                ["accuracy_renamed"] = (double)renamed / y.Count,
                ["renamed"] = new JsonArray([.. moved.Take(20).Select(k => (JsonNode)JsonValue.Create($"{y.Classes[k]} → {y.Classes[name[k]]}"))]),
                [EvidencePlot.Key] = Heat(matrix).ToJson(),
            });
    }

    private Finding? Reversed(Target y, Predictions p, CheckContext context)
    {
        var area = ConfidenceIntervals.Of(Metrics.Find("roc_auc"), y, p, level: 0.999, seed: context.Seed, options: new BootstrapOptions { Threads = context.Threads }, cancellation: context.Cancellation);
        return !(area.High < 0.5) || area.Estimate > 0.4 ? null : Found(
            $"The model ranks the classes the wrong way round: ROC AUC is {area.Estimate:0.###}, clearly below 0.5; reversed it would be {1 - area.Estimate:0.###}.",
            new JsonObject { ["roc_auc"] = area.Estimate, ["low"] = area.Low, ["high"] = area.High });
    }

    private Finding Found(string message, JsonObject evidence) => new(Name, Severity.High, message)
    {
        Evidence = evidence,
        Cause = "The classes were numbered in another order when the model was trained (sorted by name, by frequency, by first appearance), the sign of the score is reversed, or labels were mixed up.",
        Fix = "Store the order of the classes with the model and use it wherever outputs are read; check the mapping on a few rows whose class is plain.",
        Verify = "Accuracy without renaming is as high as it is now with renaming.",
    };

    /// <summary>Trades the names of two outputs as long as that makes more rows right: the best one-to-one assignment, or near it.</summary>
    private static int[] Assign(ConfusionMatrix matrix, int classes)
    {
        var name = Enumerable.Range(0, classes).ToArray();

        // Greedy start: the largest cells first.
        var cells = (from actual in Enumerable.Range(0, classes) from predicted in Enumerable.Range(0, classes) select (actual, predicted)).OrderByDescending(cell => matrix[cell.actual, cell.predicted]).ThenByDescending(cell => cell.actual == cell.predicted);
        var (usedActual, usedPredicted) = (new bool[classes], new bool[classes]);
        foreach (var (actual, predicted) in cells)
        {
            if (!usedActual[actual] && !usedPredicted[predicted])
            {
                (usedActual[actual], usedPredicted[predicted], name[predicted]) = (true, true, actual);
            }
        }

        for (var improved = true; improved;)
        {
            improved = false;
            for (var a = 0; a < classes; a++)
            {
                for (var b = a + 1; b < classes; b++)
                {
                    if (matrix[name[b], a] + matrix[name[a], b] > matrix[name[a], a] + matrix[name[b], b])
                    {
                        (name[a], name[b], improved) = (name[b], name[a], true);
                    }
                }
            }
        }

        return name;
    }

    /// <summary>The matrix of confusion as shares of the actual class.</summary>
    internal static EvidencePlot Heat(ConfusionMatrix matrix)
    {
        var shown = Math.Min(20, matrix.Classes.Length);
        return new EvidencePlot(PlotKind.Heat, "Predicted (across) for actual (down), share of the actual class", "predicted", "actual",
            [.. Enumerable.Range(0, shown).Select(actual => new PlotSeries(matrix.Classes[actual], [], [.. Enumerable.Range(0, shown).Select(predicted => matrix[actual, predicted] / (double)Math.Max(1, matrix.Actual(actual)))]))])
        { Labels = [.. matrix.Classes.Take(shown)] };
    }
}
