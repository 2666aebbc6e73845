using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether scores vary more over folds than chance in the rows explains.</summary>
public sealed class UnstableFolds : Check<ModelSubject>
{
    private static readonly Threshold Ratio = new("variance-ratio", 4, "variance of the fold scores over what chance in the rows explains: at least", "twice the standard deviation expected; folds share training rows, which lowers rather than raises it (Bengio and Grandvalet 2004)");

    /// <inheritdoc/>
    public override string Name => "unstable-folds";

    /// <inheritdoc/>
    public override string Definition => "The variance of the scores over folds exceeds that of resampled rows (bootstrap on the evaluation rows, scaled to the size of a fold) beyond chance (chi-square tail below 0.001).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var scores = subject.FoldScores;
        if (scores.Count < 3 || !(subject.FoldRows > 0) || scores.Any(score => !double.IsFinite(score)))
        {
            yield break;
        }

        var error = StandardErrors.Of(subject.Metric, subject.Evaluation.Answers, subject.Evaluation.Predictions, context.Seed) * Math.Sqrt(subject.Evaluation.Count / subject.FoldRows);
        var mean = scores.Average();
        var variance = scores.Sum(score => (score - mean) * (score - mean)) / (scores.Count - 1);
        var ratio = variance / (error * error);
        if (!(error > 0) || !(ratio >= context.Value(Name, Ratio)) || Tails.ChiSquare(ratio * (scores.Count - 1), scores.Count - 1) >= 0.001)
        {
            yield break;
        }

        var worst = Enumerable.Range(0, scores.Count).OrderBy(i => ModelScores.Better(subject.Metric, scores[i], 0)).First();
        yield return new Finding(Name, Severity.Medium,
            $"Scores differ over folds more than chance explains: from {DevelopVerdict.Figure(scores.Min())} to {DevelopVerdict.Figure(scores.Max())} {subject.Metric.Title}, where about ±{DevelopVerdict.Figure(error)} is to be expected; fold {worst + 1} is the worst.")
        {
            Evidence = new JsonObject
            {
                ["scores"] = new JsonArray([.. scores.Select(score => (JsonNode)JsonValue.Create(score))]),
                ["standard_deviation"] = Math.Sqrt(variance),
                ["expected"] = error,
                ["worst_fold"] = worst + 1,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Score of each fold", "fold", subject.Metric.Title, [new PlotSeries("score", [], [.. scores.Take(100)])]) { Labels = [.. scores.Take(100).Select((_, i) => $"{i + 1}")], Reference = mean }.ToJson(),
            },
            Cause = "Folds differ in kind (time, source, groups), training is unstable and sometimes fails, or a few rows decide the metric.",
            Fix = $"Look at the rows of fold {worst + 1}: do they come from another time or source? Split by it (--group, --time). Train the fold again with other seeds.",
            Verify = "With a split that follows the use of the model, scores vary as chance lets expect.",
        };
    }
}

/// <summary>Whether scores depend on the seed as much as on the rows.</summary>
public sealed class UnstableSeeds : Check<ModelSubject>
{
    private static readonly Threshold Share = new("share", 1, "standard deviation over seeds, over the standard error from the rows: at least", "the seed then decides as much as the data; comparisons of single runs mean nothing (Bouthillier et al. 2021)");
    private static readonly Threshold Gain = new("gain-share", 0.05, "standard deviation over seeds, over the gain above a constant: at least", "5%: smaller differences seldom decide anything");

    /// <inheritdoc/>
    public override string Name => "unstable-seeds";

    /// <inheritdoc/>
    public override string Definition => "Models that differ in their seed alone score differently by as much as other rows would make them (Dodge et al. 2020).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Gain];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var scores = subject.SeedScores;
        if (scores.Count < 3)
        {
            yield break;
        }

        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Count - 1));
        var error = StandardErrors.Of(subject.Metric, subject.Evaluation.Answers, subject.Evaluation.Predictions, context.Seed);
        var gain = Math.Abs(mean - ModelScores.Trivial(subject));
        if (!(deviation >= context.Value(Name, Share) * error) || !(deviation >= context.Value(Name, Gain) * gain))
        {
            yield break;
        }

        yield return new Finding(Name, Severity.Medium, $"The score depends on the seed: from {DevelopVerdict.Figure(scores.Min())} to {DevelopVerdict.Figure(scores.Max())} {subject.Metric.Title} over {scores.Count} seeds on the same rows.")
        {
            Evidence = new JsonObject
            {
                ["scores"] = new JsonArray([.. scores.Select(score => (JsonNode)JsonValue.Create(score))]),
                ["standard_deviation"] = deviation,
                ["standard_error_of_rows"] = error,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, "Score of each seed", "seed", subject.Metric.Title, [new PlotSeries("score", [], [.. scores.Take(100)])]) { Labels = [.. scores.Take(100).Select((_, i) => $"{i + 1}")], Reference = mean }.ToJson(),
            },
            Cause = "Training is unstable: a learning rate at the edge, too few rows or steps, a bad initialisation, or a model so free that chance decides what it learns.",
            Fix = "Lower the learning rate or warm up, train longer, average several seeds, and compare models by several seeds each.",
            Verify = "The spread over seeds falls well below the standard error of the score.",
        };
    }
}
