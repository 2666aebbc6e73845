using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a model cannot even express what it was taught.</summary>
public sealed class HighBias : Check<ModelSubject>
{
    private static readonly Threshold Lost = new("lost-share", 0.2, "share of what the better one gains over a constant that is missing on learned rows: at least", "a fifth of the signal in the data");

    /// <inheritdoc/>
    public override string Name => "high-bias";

    /// <inheritdoc/>
    public override string Definition => "The error on learned rows is above that of people, or of a simpler model on new rows: underfitting (Ng 2018, Machine Learning Yearning, chapters 20-25).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["weak-slice"];

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Lost];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Training is not { } training)
        {
            yield break;
        }

        var metric = subject.Metric;
        var learned = metric.Compute(training.Answers, training.Predictions);
        var trivial = ModelScores.Trivial(subject);
        var rivals = ModelScores.Rivals(subject);
        if (rivals.Count > 0 && ModelScores.Better(metric, rivals[0].Score, trivial) is > 0 and var gain && ModelScores.Better(metric, rivals[0].Score, learned) / gain is var lost && lost >= context.Value(Name, Lost)
            && ModelScores.Gain(subject, subject.Evaluation.Predictions, rivals[0].Rival.Predictions!, context).High < 0)
        {
            yield return Found($"The model underfits: even on the rows that it learned it scores {DevelopVerdict.Figure(learned)} {metric.Title}, while the simpler {rivals[0].Rival.Name} reaches {DevelopVerdict.Figure(rivals[0].Score)} on new rows.",
                learned, rivals[0].Score, rivals[0].Rival.Name, metric);
            yield break;
        }

        if (subject.HumanError is { } human && training.Answers.Task is TaskKind.Binary or TaskKind.Multiclass)
        {
            var accuracy = Metrics.Find("accuracy");
            var error = 1 - accuracy.Compute(training.Answers, training.Predictions);
            var margin = 3 * Math.Sqrt(Math.Max(error * (1 - error), 0) / training.Count);
            if (error - margin > human.High)
            {
                yield return Found($"The model errs on {100 * error:0.#}% of the rows that it learned; people err on {100 * human.Estimate:0.#}%.", 1 - error, 1 - human.Estimate, "people", accuracy);
            }
        }
    }

    private Finding Found(string message, double learned, double floor, string who, Metric metric) => new(Name, Severity.Medium, message)
    {
        Evidence = new JsonObject
        {
            ["metric"] = metric.Name,
            ["training"] = learned,
            ["reference"] = floor,
            ["reference_of"] = who,
            [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Learned rows against the reference", "", metric.Title, [new PlotSeries("score", [], [learned, floor])]) { Labels = ["this model, learned rows", who] }.ToJson(),
        },
        Cause = "Too strong regularisation, too few steps of training, a family that cannot express the relation, or columns that were left out.",
        Fix = "Loosen regularisation, train longer, let it see all columns, or take a family that can express more; more rows will not help.",
        Verify = "The score on learned rows rises above the reference.",
    };
}
