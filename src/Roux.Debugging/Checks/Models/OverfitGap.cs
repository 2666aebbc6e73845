using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether a model learned its rows by heart, to its own harm.</summary>
public sealed class OverfitGap : Check<ModelSubject>
{
    private static readonly string[] Interpolating = ["forest", "neighbours"];
    private static readonly Threshold Gap = new("gap", 0.3, "share of the gain over a constant on learned rows that is lost on new ones: at least", "SageMaker Debugger's overfit rule speaks at a loss ratio of 0.1; ensembles and neighbours pass that by design and are sound (Belkin et al. 2019), so that the gap alone is no finding");

    /// <inheritdoc/>
    public override string Name => "overfit-gap";

    /// <inheritdoc/>
    public override string Definition => "The score on learned rows is far better than on new ones, and a simpler model does as well on new rows, or clearly better (medium severity) (else, for models that do not interpolate by design, the gap takes more than half of the gain).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gap];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["worse-than-baseline", "miscalibrated"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Training is not { } training)
        {
            yield break;
        }

        var metric = subject.Metric;
        var trivial = ModelScores.Trivial(subject);
        var learned = metric.Compute(training.Answers, training.Predictions);
        var score = metric.Compute(subject.Evaluation.Answers, subject.Evaluation.Predictions);
        var gain = ModelScores.Better(metric, learned, trivial);
        var lost = ModelScores.Better(metric, learned, score) / gain;
        if (!double.IsFinite(lost) || !(gain > 0) || lost < context.Value(Name, Gap))
        {
            yield break;
        }

        var rivals = ModelScores.Rivals(subject);
        if (rivals.Count > 0 && !metric.IsBetter(learned, rivals[0].Score))
        {
            yield break; // it does not even know its own rows: that is bias
        }

        var asGood = rivals.FirstOrDefault(pair => !metric.IsBetter(score, pair.Score));
        var single = subject.Pipeline is { Members: [var member] } ? member.Model : null;
        var interpolates = single is not null && Interpolating.Contains(single.Kind) && TreeShape.Of(single)?.Trees != 1;
        if (asGood.Rival is null && (lost < 0.5 || interpolates || subject.Evaluation.Count < 100))
        {
            yield break;
        }

        var harms = asGood.Rival is { Predictions: { } other } && ModelScores.Gain(subject, subject.Evaluation.Predictions, other, context).High < 0;
        yield return new Finding(Name, harms ? Severity.Medium : Severity.Low,
            $"The model knows its training rows by heart: {DevelopVerdict.Figure(learned)} {metric.Title} there, {DevelopVerdict.Figure(score)} on new rows" +
            (asGood.Rival is null ? $" ({100 * lost:0}% of what it gained is lost)." : $", where the simpler {asGood.Rival.Name} scores {DevelopVerdict.Figure(asGood.Score)}."))
        {
            Evidence = new JsonObject
            {
                ["metric"] = metric.Name,
                ["training"] = learned,
                ["evaluation"] = score,
                ["constant"] = trivial,
                ["lost_share"] = lost,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Score on learned rows, on new rows, and of a constant", "", metric.Title, [new PlotSeries("score", [], [learned, score, trivial])]) { Labels = ["learned rows", "new rows", "constant"] }.ToJson(),
            },
            Cause = "The model has more freedom than the rows can fix: trees too deep, too little regularisation, too many features for the rows, ids or rare levels among them, or trained too long.",
            Fix = "Limit depth or leaves, raise regularisation, stop early, drop columns that identify rows, or collect more rows.",
            Verify = "The gap shrinks while the score on new rows rises (or at least stays).",
        };
    }
}
