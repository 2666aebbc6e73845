using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether the reported figure hides what it should show, or is not what was optimised.</summary>
public sealed class MetricMismatch : Check<ModelSubject>
{
    private static readonly string[] SizeWeighted = ["accuracy", "micro_f1", "weighted_f1", "micro_precision", "micro_recall", "weighted_precision", "weighted_recall"];
    private static readonly Threshold Majority = new("majority", 0.8, "share of the most frequent class: at least", "a constant then scores 80% accuracy");
    private static readonly Threshold Balanced = new("balanced-gain", 0.5, "balanced accuracy, scaled so that a constant is 0 and perfect is 1: below", "less than half of what the accuracy suggests");

    /// <inheritdoc/>
    public override string Name => "metric-mismatch";

    /// <inheritdoc/>
    public override string Definition => "Accuracy (or another figure in which frequent classes drown rare ones) is reported on unbalanced classes while the rare ones are missed (He and Garcia 2009); or another metric was optimised than is reported, and the two rank the models differently.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Majority, Balanced];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var (y, p) = (subject.Evaluation.Answers, subject.Evaluation.Predictions);
        if (y.Task is TaskKind.Binary or TaskKind.Multiclass && SizeWeighted.Contains(subject.Metric.Name))
        {
            var most = y.Labels.CountBy(label => label).MaxBy(pair => pair.Value);
            var majority = (double)most.Value / y.Count;
            var balanced = Metrics.Find("balanced_accuracy").Compute(y, p);
            var gain = (balanced - 1.0 / y.Width) / (1 - 1.0 / y.Width);
            if (majority >= context.Value(Name, Majority) && gain < context.Value(Name, Balanced))
            {
                var score = subject.Metric.Compute(y, p);
                yield return new Finding(Name, Severity.Medium,
                    $"{DevelopVerdict.Figure(score)} {subject.Metric.Title} looks good because {100 * majority:0.#}% of the rows are '{y.Classes[most.Key]}': balanced accuracy is {DevelopVerdict.Figure(balanced)} ({DevelopVerdict.Figure(1.0 / y.Width)} would be worth nothing).")
                {
                    Evidence = new JsonObject { [subject.Metric.Name] = score, ["majority"] = majority, ["balanced_accuracy"] = balanced },
                    Cause = "In this metric every row counts the same, so the frequent class decides it.",
                    Fix = "Report and optimise balanced accuracy, macro F1, average precision or the cost of mistakes; weight the classes or choose the threshold for it.",
                    Verify = "Recall of every class is as high as the use of the model needs.",
                };
            }
        }

        if (subject.Optimised is { } optimised && optimised.Name != subject.Metric.Name && optimised.Supports(y.Task))
        {
            yield return Differently(subject, optimised);
        }
    }

    private Finding Differently(ModelSubject subject, Metric optimised)
    {
        var y = subject.Evaluation.Answers;
        var score = subject.Metric.Compute(y, subject.Evaluation.Predictions);
        var own = optimised.Compute(y, subject.Evaluation.Predictions);
        var rival = ModelScores.Rivals(subject).FirstOrDefault(pair => subject.Metric.IsBetter(pair.Score, score) && optimised.IsBetter(own, optimised.Compute(y, pair.Rival.Predictions!)));
        return new Finding(Name, rival.Rival is null ? Severity.Low : Severity.Medium,
            $"{optimised.Title} was optimised, {subject.Metric.Title} is reported" + (rival.Rival is null ? "." : $", and they disagree: {rival.Rival.Name} is better by {subject.Metric.Title} ({DevelopVerdict.Figure(rival.Score)} against {DevelopVerdict.Figure(score)})."))
        {
            Evidence = new JsonObject { ["optimised"] = optimised.Name, ["reported"] = subject.Metric.Name, ["score_optimised"] = own, ["score_reported"] = score },
            Cause = "Settings, stopping or the choice of the model followed another figure than the one that counts.",
            Fix = $"Choose by {subject.Metric.Title} (roux develop --metric {subject.Metric.Name}), or report what was optimised.",
            Verify = "Both figures name the same winner.",
        };
    }
}
