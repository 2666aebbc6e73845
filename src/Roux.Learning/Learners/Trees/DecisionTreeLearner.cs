using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Trees;

/// <summary>
/// One CART tree (Breiman et al. 1984). Hyperparameters: <c>max_depth</c> (0: no limit; default 8), <c>min_samples_leaf</c> (default 5),
/// <c>ccp_alpha</c> (cost-complexity pruning, as a share of the root's impurity, as in R's rpart; default 0), <c>criterion</c> (gini, entropy), <c>class_weight</c>,
/// <c>leaf_smoothing</c> (rows of the overall class shares added to each leaf, so that no class is impossible in a small one; default 1:
/// the m-estimate of Cestnik 1990).
/// </summary>
public sealed class DecisionTreeLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "decision-tree", "tree", 15, Interpretability.Readable,
        ["classes or levels are told apart by a few thresholds"],
        ["a small one can be read and drawn", "finds interactions and curves", "indifferent to scale and outliers, takes missing values"],
        ["changes a lot with small changes of the data", "coarse: its answers come in steps", "usually beaten by a forest or boosting of such trees"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass or TaskKind.Regression;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task)
    {
        Parameter[] common =
        [
            new IntParameter("max_depth", 2, 30, Log: true),
            new IntParameter("min_samples_leaf", 1, 100, Log: true),
            new FloatParameter("ccp_alpha", 1e-7, 1e-2, Log: true),
        ];
        return task == TaskKind.Regression
            ? new SearchSpace(common)
            : new SearchSpace([.. common, new CategoricalParameter("criterion", ["gini", "entropy"]), RowWeights.ClassWeight]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("max_depth", 4)), Configuration.Of(("max_depth", 0), ("min_samples_leaf", 10), ("ccp_alpha", 1e-4))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        new(CategoryEncoding.TargetMean, KeepMissing: true, Scaling.None, TextEncoding.Words, 500);

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var depth = configuration.Int("max_depth", 8);
        var settings = Forests.Settings(training.Y.Task, training.X.Columns, configuration.With(Configuration.Of(("max_depth", depth))), maxFeatures: 1, minLeaf: 5)
            with { RandomOrder = configuration.ContainsKey("max_features"), Smoothing = configuration.Float("leaf_smoothing", 1) };
        var alpha = configuration.Float("ccp_alpha", 0);
        if (!(alpha >= 0) || !(settings.Smoothing >= 0) || !double.IsFinite(alpha + settings.Smoothing))
        {
            throw new LearnerException($"ccp_alpha is {alpha} and leaf_smoothing {settings.Smoothing}; both are finite and not negative");
        }

        var grower = new TreeGrower(TreeData.From(training, weights, context), settings, context.Cancellation);
        var tree = grower.Grow(SplitMix64.For(context.Seed, 0), bootstrap: false) ?? throw new OperationCanceledException(context.Cancellation);
        if (alpha > 0)
        {
            tree = CostComplexity.Prune(tree, grower.Risks, grower.Leaf, alpha * grower.Risks[0]);
        }

        return ForestModel.Of(ModelHead.Of(training), [tree]);
    }
}
