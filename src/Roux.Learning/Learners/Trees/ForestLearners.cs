using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Trees;

/// <summary>What the two forests share: features, settings, search space.</summary>
public abstract class ForestLearner : Learner
{
    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass or TaskKind.Regression;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        new(CategoryEncoding.TargetMean, KeepMissing: true, Scaling.None, TextEncoding.Words, 500);

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task)
    {
        Parameter[] common = [new FloatParameter("max_features", 0.1, 1), new IntParameter("min_samples_leaf", 1, 20, Log: true)];
        return task == TaskKind.Regression
            ? new SearchSpace(common)
            : new SearchSpace([.. common, new CategoricalParameter("criterion", ["gini", "entropy"]), RowWeights.ClassWeight]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) => task == TaskKind.Regression
        ? [Configuration.Empty, Configuration.Of(("max_features", 0.6)), Configuration.Of(("max_features", 0.5), ("min_samples_leaf", 3))]
        : [Configuration.Empty, Configuration.Of(("min_samples_leaf", 3)), Configuration.Of(("max_features", 0.5), ("min_samples_leaf", 2))];

    private protected static ForestModel Grow(TrainingSet training, Configuration configuration, FitContext context, double? maxFeatures, bool bootstrap, bool randomThresholds)
    {
        var weights = RowWeights.Of(training, configuration);
        var settings = Forests.Settings(training.Y.Task, training.X.Columns, configuration, maxFeatures, minLeaf: 1) with { RandomThresholds = randomThresholds };
        var count = configuration.Int("n_estimators", Forests.DefaultTrees(training.X.Rows));
        return count is >= 1 and <= 100_000
            ? Forests.Grow(training, weights, settings, count, configuration.Flag("bootstrap", bootstrap), context)
            : throw new LearnerException($"n_estimators is {count}; it is between 1 and 100000");
    }
}

/// <summary>
/// Random forest. Source: Breiman, "Random forests" (2001): fully grown CART trees on bootstrap samples, each split looking at a random subset of the features;
/// probabilities and values averaged over the trees.
/// Hyperparameters: <c>n_estimators</c> (default 500 up to 10,000 rows, else 200), <c>max_features</c> (share; default the square root of their number for classes, a third for numbers),
/// <c>min_samples_leaf</c> (1), <c>max_depth</c> (0: no limit), <c>criterion</c> (gini, entropy), <c>bootstrap</c> (true), <c>class_weight</c>.
/// </summary>
public sealed class RandomForestLearner : ForestLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "random-forest", "forest", 50, Interpretability.Opaque,
        ["rows are exchangeable", "new rows look like training rows: it does not extrapolate"],
        ["good without tuning", "finds interactions and curves", "indifferent to scale, outliers and useless features", "hard to overfit by adding trees"],
        ["large in memory and slow to predict compared with boosting", "weak on sparse text", "probabilities shy away from 0 and 1"]);

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context) =>
        Grow(training, configuration, context, training.Y.Task == TaskKind.Regression ? 1.0 / 3 : null, bootstrap: true, randomThresholds: false);
}

/// <summary>
/// Extremely randomised trees. Source: Geurts, Ernst and Wehenkel, "Extremely randomized trees" (2006): as a random forest, but each feature's threshold is drawn at random
/// and every tree sees all rows. Hyperparameters as for the random forest (<c>bootstrap</c> is false).
/// </summary>
public sealed class ExtraTreesLearner : ForestLearner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "extra-trees", "forest", 51, Interpretability.Opaque,
        ["rows are exchangeable", "new rows look like training rows: it does not extrapolate"],
        ["often better than a random forest on smooth numeric data", "faster to grow", "indifferent to scale and outliers"],
        ["suffers more from useless features than a random forest", "large in memory", "weak on sparse text"]);

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context) =>
        Grow(training, configuration, context, training.Y.Task == TaskKind.Regression ? 1.0 / 3 : null, bootstrap: false, randomThresholds: true);
}
