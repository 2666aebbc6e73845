using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Models;

/// <summary>Whether the trees of a model are grown down to single rows.</summary>
public sealed class TreeDepth : Check<ModelSubject>
{
    private static readonly Threshold LeafRows = new("leaf-rows", 5, "median rows in a leaf of a single tree: below", "CART's and scikit-learn's advice for regression trees; a share estimated from fewer rows is off by 20 points or more");
    private static readonly Threshold BoostedDepth = new("boosted-depth", 12, "depth of boosted trees: above", "boosting wants weak learners: 4 to 8 leaves (Hastie, Tibshirani and Friedman 2009, section 10.11); depth 12 allows 4,096");

    /// <inheritdoc/>
    public override string Name => "tree-depth";

    /// <inheritdoc/>
    public override string Definition => "A single tree whose leaves hold a handful of rows, or boosted trees that are very deep and lose much of their score on new rows (after SageMaker Debugger's TreeDepth).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit-gap", "worse-than-baseline", "miscalibrated", "noise-sensitivity"];

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [LeafRows, BoostedDepth];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(ModelSubject subject, CheckContext context)
    {
        if (subject.Pipeline is not { Members: [{ Model: var model }] } || TreeShape.Of(model) is not { } shape)
        {
            yield break;
        }

        var single = shape.Trees == 1 && shape.LeafRows < context.Value(Name, LeafRows) && shape.Leaves > 50;
        var boosted = model.Kind is "lightgbm" or "xgboost" && shape.Depth > context.Value(Name, BoostedDepth) && shape.LeafRows < 20 && LosesMuch(subject);
        if (single || boosted)
        {
            yield return new Finding(Name, single ? Severity.Medium : Severity.Low, single
                ? $"The tree has {shape.Leaves:N0} leaves in {shape.Depth} levels, half of them with {shape.LeafRows:0.#} rows or fewer: it has learned rows, not rules."
                : $"The boosted trees are up to {shape.Depth} levels deep, half of their leaves hold {shape.LeafRows:0.#} rows or fewer, and much of the score is lost on new rows.")
            {
                Evidence = new JsonObject { ["trees"] = shape.Trees, ["depth"] = shape.Depth, ["leaves"] = shape.Leaves, ["leaf_rows"] = shape.LeafRows },
                Cause = "No limit on depth, leaves or rows of a leaf.",
                Fix = single ? "Limit the depth (max_depth), ask for more rows in a leaf (min_samples_leaf) or prune (ccp_alpha); or take a forest." : "Limit leaves or depth, raise the rows of a leaf, and let more trees do the work.",
                Verify = "Leaves hold more rows, and the score on new rows rises.",
            };
        }
    }

    private static bool LosesMuch(ModelSubject subject)
    {
        if (subject.Training is not { } training)
        {
            return false;
        }

        var learned = subject.Metric.Compute(training.Answers, training.Predictions);
        var score = subject.Metric.Compute(subject.Evaluation.Answers, subject.Evaluation.Predictions);
        return ModelScores.Better(subject.Metric, learned, score) > 0.3 * ModelScores.Better(subject.Metric, learned, ModelScores.Trivial(subject));
    }
}
