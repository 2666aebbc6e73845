using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether there are enough rows to tell how good a model is.</summary>
public sealed class SmallTestSet : Check<ModelSubject>
{
    private static readonly Threshold Width = new("half-width", 0.1, "half the 95% interval of the score over its gain above a constant: at least", "what is claimed may be a tenth off either way");

    /// <inheritdoc/>
    public override string Name => "test-set-too-small";

    /// <inheritdoc/>
    public override string Definition => "The 95% interval of the score is wide against what the model gains over a constant (Card et al. 2020, on power).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Width];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        var score = ModelScores.Score(subject, context);
        var gain = ModelScores.Better(subject.Metric, score.Estimate, ModelScores.Trivial(subject));
        var half = (score.High - score.Low) / 2;
        if (!(gain > 0) || !(half / gain >= context.Value(Name, Width)))
        {
            yield break;
        }

        var needed = subject.Evaluation.Count * Math.Pow(half / gain / context.Value(Name, Width), 2);
        yield return new Finding(Name, Severity.Low,
            $"{subject.Evaluation.Count:N0} rows do not tell how good the model is: {DevelopVerdict.Figure(score.Estimate)} {subject.Metric.Title} may be {DevelopVerdict.Figure(score.Low)} to {DevelopVerdict.Figure(score.High)}.")
        {
            Evidence = new JsonObject { ["rows"] = subject.Evaluation.Count, ["score"] = score.Estimate, ["low"] = score.Low, ["high"] = score.High, ["rows_needed"] = Math.Round(needed) },
            Cause = "Few rows (or few of a rare class) to score on.",
            Fix = $"Score on about {needed:N0} rows, or report cross-validation over several repeats with its interval.",
            Verify = "The interval is narrower than a tenth of the gain.",
        };
    }
}
