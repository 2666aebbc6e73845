using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// Gradient boosted trees by LightGBM (Ke and others, LightGBM: A Highly Efficient Gradient Boosting Decision Tree, NeurIPS 2017), with early
/// stopping on rows held out of the training rows. Hyperparameters carry LightGBM's own names; besides: <c>class_weight</c> (none, balanced),
/// <c>target_transform</c> (none, log; not in the search space, since AutoML searches it for every learner), <c>rounds</c> (a fixed number instead of early stopping), <c>max_rounds</c>,
/// <c>early_stopping_rounds</c>, <c>bags</c> (models averaged, each with its own sampling).
/// </summary>
public sealed class LightGbmLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "lightgbm", "boosting", 70, Interpretability.Opaque,
        ["Rows are exchangeable: early stopping holds out random rows", "What matters shows in thresholds and combinations of features"],
        ["Best single family on most tables", "Interactions, skewed scales, missing values and categories need no preparation", "Fast on many rows"],
        ["Does not extrapolate beyond the training answers", "Overfits tiny data unless held back", "Long texts are better served by linear models"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task != TaskKind.Multilabel && LightGbmLibrary.Unavailable is null;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Trees;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
    [
        new IntParameter("num_leaves", 4, 255, Log: true),
        new FloatParameter("learning_rate", 0.02, 0.2, Log: true),
        new IntParameter("min_data_in_leaf", 1, 100, Log: true),
        new FloatParameter("feature_fraction", 0.2, 1.0),
        new FloatParameter("bagging_fraction", 0.5, 1.0),
        new FloatParameter("lambda_l1", 1e-3, 10, Log: true),
        new FloatParameter("lambda_l2", 1e-3, 100, Log: true),
        new CategoricalParameter("max_bin", [63L, 127L, 255L, 511L]),
        new FloatParameter("cat_smooth", 1, 100, Log: true),
        new FloatParameter("cat_l2", 1, 100, Log: true),
        new FloatParameter("path_smooth", 1e-2, 30, Log: true),
        new CategoricalParameter("extra_trees", [false, true]),
        .. task == TaskKind.Regression ? [] : BoostingOptions.ClassWeightSpace,
    ]);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
    [
        Configuration.Empty,
        Configuration.Of(("num_leaves", 127), ("min_data_in_leaf", 2), ("lambda_l2", 5.0), ("feature_fraction", 0.5)),
        Configuration.Of(("num_leaves", 15), ("learning_rate", 0.03), ("feature_fraction", 0.4)),
        Configuration.Of(("extra_trees", true), ("num_leaves", 63)),
        Configuration.Of(("num_leaves", 7), ("feature_fraction", 0.3), ("bagging_fraction", 0.7), ("lambda_l2", 20.0)),
    ];

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        if (LightGbmLibrary.Unavailable is { } problem)
        {
            throw new LearnerException(problem);
        }

        BoostingOptions.Check(training);
        var settings = new LightGbmSettings(training, configuration);
        var weights = BoostingOptions.Weights(training, configuration);
        var scale = BoostingOptions.Scale(training.Y, weights, configuration);
        var labels = BoostingOptions.Labels(training.Y, scale);
        using var lease = LightGbmLibrary.Lease(OpenMp.ThreadsFor(training.X.Values?.LongLength ?? training.X.Dense!.LongLength, context.Threads));
        var backend = new Backend(training.X, labels, weights, settings, lease.Threads);
        return new BoostingFit(backend, training.Y, weights, scale, settings.Plan, context).Run();
    }

    private sealed class Backend(FeatureMatrix x, float[] labels, float[]? weights, LightGbmSettings settings, int threads) : IBoostingBackend
    {
        public BoostingFormat Format => BoostingFormat.LightGbm;

        public FeatureMatrix Features => x;

        public bool ZeroIsMissing => false;

        public IBooster Start(int[] trainingRows, int[]? validationRows, ValidationLoss? loss, int seed)
        {
            var training = LightGbmData.Create(x, trainingRows, labels, weights, settings.Binning, threads);
            LightGbmDatasetHandle? validation = null;
            try
            {
                validation = validationRows is null ? null : LightGbmData.Create(x, validationRows, labels, weights, settings.Binning, threads);
                return new LightGbmBooster(training, validation, loss, settings.Training(seed, threads));
            }
            catch
            {
                validation?.Dispose();
                training.Dispose();
                throw;
            }
        }
    }
}
