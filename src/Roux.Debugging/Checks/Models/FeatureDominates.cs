using System.Text.Json.Nodes;
using Roux.Debugging.Findings;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether one column decides nearly everything.</summary>
public sealed class FeatureDominates : Check<ModelSubject>
{
    private const int Rows = 1_000;
    private const int MostColumns = 60;
    private static readonly Threshold Share = new("share", 0.9, "share of one column in the losses of score when columns are shuffled: at least", "SageMaker Debugger's FeatureImportanceOverweight speaks where the largest importances sum to 0.9");
    private static readonly Threshold Perfect = new("perfect", 0.98, "score, scaled so that a constant is 0 and perfect is 1, from which a dominating column is of medium severity", "a single column that answers nearly every row is likelier a leak than a discovery (Kaufman et al. 2012)");

    /// <inheritdoc/>
    public override string Name => "feature-dominates";

    /// <inheritdoc/>
    public override string Definition => "Of what shuffling columns one by one costs in score (permutation importance, Breiman 2001), one column makes up nearly all, among three columns or more.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Perfect];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Predict is not { } predict || subject.Evaluation.Table is null || subject.Columns.Count is < 3 or > MostColumns)
        {
            yield break;
        }

        var sample = subject.Evaluation.AtMost(Rows);
        var trivial = ModelScores.Trivial(subject);
        var score = subject.Metric.Compute(sample.Answers, sample.Predictions);
        if (!(ModelScores.Better(subject.Metric, score, trivial) > 0))
        {
            yield break; // where nothing was learned nothing can dominate
        }

        var importances = PermutationImportance.Compute(predict, sample.Table!, sample.Answers, subject.Metric, [.. subject.Columns.Select(column => column.Name)], repeats: 2, seed: context.Seed, cancellation: context.Cancellation);
        var total = importances.Sum(importance => Math.Max(0, importance.Drop.Estimate));
        var share = importances[0].Drop.Estimate / total;
        if (!(total > 0) || share < context.Value(Name, Share) || !(importances[0].Drop.Low > 0))
        {
            yield break;
        }

        var (low, high) = subject.Metric.Range;
        var best = subject.Metric.HigherIsBetter ? high : double.IsInfinity(low) ? 0 : low;
        var reached = (score - trivial) / (best - trivial);
        var isPerfect = double.IsFinite(reached) && reached >= context.Value(Name, Perfect);
        yield return new Finding(Name, isPerfect ? Severity.Medium : Severity.Low,
            $"'{importances[0].Column}' decides nearly everything: {100 * share:0}% of what the model knows{(isPerfect ? $", and it is nearly perfect ({DevelopVerdict.Figure(score)} {subject.Metric.Title})" : "")}.")
        {
            Columns = [importances[0].Column],
            Evidence = new JsonObject
            {
                ["share"] = share,
                ["drop"] = importances[0].Drop.Estimate,
                ["score"] = score,
                [EvidencePlot.Key] = new EvidencePlot(PlotKind.Bar, $"Loss of {subject.Metric.Title} when a column is shuffled", "column", "loss", [new PlotSeries("loss", [], [.. importances.Take(15).Select(importance => importance.Drop.Estimate)])]) { Labels = [.. importances.Take(15).Select(importance => importance.Column)] }.ToJson(),
            },
            Cause = isPerfect ? "The column is made from the answer, or is known only after it." : "The other columns say little beside it, or the model was stopped before it could use them.",
            Fix = "Ask when the column's value is known. If after the answer: drop it. If not: see what the model is worth without it, and whether a rule on this column alone would do.",
            Verify = "Fit again without the column: an honest model loses some of its score, one that lived off a leak nearly all.",
        };
    }
}
