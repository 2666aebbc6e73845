using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether what a model says are answers at all.</summary>
public sealed class InvalidPredictions : Check<ModelSubject>
{
    private const double Slack = 1e-3; // float32 sums of many classes

    /// <inheritdoc/>
    public override string Name => "invalid-predictions";

    /// <inheritdoc/>
    public override string Definition => "Predictions that are not finite; probabilities outside [0, 1]; probabilities of one row that do not sum to 1 (axioms of Kolmogorov 1933).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["prediction-collapse", "worse-than-baseline", "miscalibrated", "classes-swapped", "weak-slice", "high-bias", "residual-bias"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var p = subject.Evaluation.Predictions;
        var (infinite, outside, sums) = (0, 0, 0);
        for (var row = 0; row < p.Rows; row++)
        {
            var outputs = p.Row(row);
            var sum = 0.0;
            var (bad, range) = (false, false);
            foreach (var output in outputs)
            {
                sum += output;
                bad |= !double.IsFinite(output);
                range |= output < -Slack || output > 1 + Slack;
            }

            infinite += bad ? 1 : 0;
            outside += !bad && range ? 1 : 0;
            sums += !bad && Math.Abs(sum - 1) > Slack ? 1 : 0;
        }

        if (infinite > 0)
        {
            yield return Found($"{infinite:N0} of {p.Rows:N0} predictions are not finite numbers.", "not_finite", infinite, p.Rows,
                "Weights ran to infinity in training, or an input that is missing, infinite or zero is divided by or taken the logarithm of.",
                "Look at the rows concerned: which input do they share? Scale inputs, clip gradients, and guard divisions and logarithms.");
        }

        if (p.Task == TaskKind.Regression)
        {
            yield break;
        }

        if (outside > 0)
        {
            yield return Found($"{outside:N0} of {p.Rows:N0} rows have probabilities outside 0 to 1.", "outside", outside, p.Rows,
                "The last layer gives scores (logits), which were taken for probabilities.", "Apply softmax (one class a row) or the logistic function (two classes, several labels) once, after the last layer.");
        }
        else if (sums > 0 && p.Task != TaskKind.Multilabel)
        {
            yield return Found($"The probabilities of {sums:N0} of {p.Rows:N0} rows do not sum to 1.", "sum_not_one", sums, p.Rows,
                "The logistic function was applied to every class by itself, or outputs were rounded or cut.", "Apply softmax over the classes, or divide each row by its sum.");
        }
    }

    private Finding Found(string message, string key, int count, int rows, string cause, string fix) => new(Name, Severity.High, message)
    {
        Evidence = new JsonObject { [key] = count, ["rows"] = rows },
        Cause = cause,
        Fix = fix,
        Verify = "Predict the same rows again: every value is finite, in range, and each row sums to 1.",
    };
}
