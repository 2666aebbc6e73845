using System.Text.Json.Nodes;
using Roux.Debugging.Checks.Pipelines;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether the labels of training, or of evaluation, belong to other rows.</summary>
public sealed class LabelsShuffled : Check<ModelSubject>
{
    private static readonly Threshold Chance = new("chance", 2.5, "standard errors of what features say of the labels on the side that is doubted: below, it is chance", "one in 160 by chance");
    private static readonly Threshold Known = new("known", 6, "the same on the other side: at least", "one in a thousand million by chance");

    /// <inheritdoc/>
    public override string Name => "labels-shuffled";

    /// <inheritdoc/>
    public override string Definition => "A probe that knows nothing of the model (ridge regression and a forest on held-out rows, permutation variance) predicts the labels from the features on evaluation rows but not on training rows, or the other way round.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Chance, Known];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "prediction-collapse", "overfit-gap", "high-bias", "labels-unrelated", "test-set-too-small", "ignored-columns", "weak-slice", "miscalibrated", "label-errors", "tree-depth", "confused-pair"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Pipeline is not { } pipeline || subject.Training?.Table is not { } training || subject.Evaluation.Table is not { } evaluation || subject.Evaluation.Count < 100 || subject.Training.Count < 100)
        {
            yield break;
        }

        var featurizer = pipeline.Members[0].Featurizer;
        var (learned, held) = (subject.Training.AtMost(6_000), subject.Evaluation.AtMost(6_000));
        var trainingProbe = new AlignmentProbe(featurizer.Transform(learned.Table!, context.Threads, context.Cancellation), learned.Answers);
        var evaluationProbe = new AlignmentProbe(featurizer.Transform(held.Table!, context.Threads, context.Cancellation), held.Answers);
        var (own, other) = (trainingProbe.Deviations(), evaluationProbe.Deviations());
        var (chance, known) = (context.Value(Name, Chance), context.Value(Name, Known));
        if (own < chance && other >= known && trainingProbe.ForestDeviations(context.Seed, context.Threads, context.Cancellation) < chance)
        {
            yield return Found("training", own, other);
        }
        else if (other < chance && own >= known && evaluationProbe.ForestDeviations(context.Seed, context.Threads, context.Cancellation) < chance)
        {
            yield return Found("evaluation", other, own);
        }
    }

    private Finding Found(string side, double doubted, double known) => new(Name, Severity.High, $"The labels of the {side} rows do not belong to their features: there the features say nothing of them, while on the {(side == "training" ? "evaluation" : "training")} rows they do.")
    {
        Evidence = new JsonObject
        {
            ["side"] = side,
            ["standard_errors"] = doubted,
            ["standard_errors_other_side"] = known,
            [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "What features say of the labels", "", "standard errors above chance", [new PlotSeries("probe", [], [doubted, known])]) { Labels = [$"{side} rows", "other rows"] }.ToJson(),
        },
        Cause = "Labels and features were shuffled with different orders, sorted apart, or joined by place after one of them lost rows.",
        Fix = "Join labels to features by a key; shuffle both by the same order of rows.",
        Verify = "A simple model scores better than a constant on both sides.",
    };
}
