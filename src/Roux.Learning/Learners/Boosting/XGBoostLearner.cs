using System.Globalization;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// Gradient boosted trees by XGBoost (Chen and Guestrin, XGBoost: A Scalable Tree Boosting System, KDD 2016), histogram method, with early
/// stopping on rows held out of the training rows. Needs XGBoost's shared library: see <see cref="XGBoostLibrary"/>. Hyperparameters carry
/// XGBoost's own names; besides, those that <see cref="LightGbmLearner"/> names too: <c>class_weight</c>, <c>target_transform</c>,
/// <c>rounds</c>, <c>max_rounds</c>, <c>early_stopping_rounds</c>, <c>bags</c>.
/// </summary>
/// <remarks>Models can differ in the last bits between numbers of threads, since sums over rows are formed per thread; the same number gives the same model.</remarks>
public sealed class XGBoostLearner : Learner
{
    private static readonly string[] Objectives = ["squarederror", "absoluteerror", "pseudohubererror"];

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "xgboost", "boosting", 72, Interpretability.Opaque,
        ["Rows are exchangeable: early stopping holds out random rows", "What matters shows in thresholds and combinations of features"],
        ["As accurate as LightGBM, often on other data", "Trees grown level by level are steadier on few rows"],
        ["Does not extrapolate beyond the training answers", "Overfits tiny data unless held back", "Slower than LightGBM on wide data"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task != TaskKind.Multilabel && XGBoostLibrary.Unavailable is null;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) =>
        FeatureForm.Trees with { Categories = task == TaskKind.Multiclass ? CategoryEncoding.OneHot : CategoryEncoding.TargetMean };

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
    [
        new IntParameter("max_depth", 2, 10),
        new FloatParameter("learning_rate", 0.01, 0.3, Log: true),
        new FloatParameter("min_child_weight", 0.1, 50, Log: true),
        new FloatParameter("subsample", 0.5, 1.0),
        new FloatParameter("colsample_bytree", 0.3, 1.0),
        new FloatParameter("colsample_bylevel", 0.5, 1.0),
        new FloatParameter("reg_alpha", 1e-3, 10, Log: true),
        new FloatParameter("reg_lambda", 1e-2, 100, Log: true),
        new FloatParameter("gamma", 1e-3, 10, Log: true),
        new CategoricalParameter("max_bin", [64L, 256L, 512L]),
        .. task == TaskKind.Regression ? [] : BoostingOptions.ClassWeightSpace,
    ]);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
    [
        Configuration.Empty,
        Configuration.Of(("max_depth", 9), ("learning_rate", 0.03), ("colsample_bytree", 0.6)),
        Configuration.Of(("max_depth", 3), ("learning_rate", 0.08)),
        Configuration.Of(("reg_lambda", 20.0), ("min_child_weight", 10.0), ("colsample_bytree", 0.5)),
    ];

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        if (XGBoostLibrary.Unavailable is { } problem)
        {
            throw new LearnerException(problem);
        }

        BoostingOptions.Check(training);
        var y = training.Y;
        var weights = BoostingOptions.Weights(training, configuration);
        var scale = BoostingOptions.Scale(y, weights, configuration);
        var objective = y.Task == TaskKind.Regression ? BoostingOptions.OneOf(configuration, "objective", Objectives) : "";
        var rate = configuration.Float("learning_rate", BoostingOptions.DefaultLearningRate(y));
        var threads = OpenMp.ThreadsFor(training.X.Values?.LongLength ?? training.X.Dense!.LongLength, context.Threads);
        var backend = new Backend(training.X, BoostingOptions.Labels(y, scale), weights, threads, seed => Parameters(training, weights, configuration, objective, rate, threads, seed));
        return new BoostingFit(backend, y, weights, scale, BoostingOptions.Plan(configuration, y, rate, objective == "absoluteerror"), context).Run();
    }

    private static IEnumerable<(string Name, string Value)> Parameters(
        TrainingSet training, float[]? weights, Configuration configuration, string objective, double rate, int threads, int seed)
    {
        var y = training.Y;
        var wide = training.X.Columns >= BoostingOptions.WideColumns;
        var parameters = new List<(string Name, object Value)>
        {
            ("verbosity", 0),
            ("nthread", threads),
            ("seed", seed & int.MaxValue),
            ("seed_per_iteration", true), // else boosters that take turns on one thread would share one stream of random numbers
            ("tree_method", "hist"),
            ("objective", y.Task switch { TaskKind.Binary => "binary:logistic", TaskKind.Multiclass => "multi:softprob", _ => $"reg:{objective}" }),
            ("base_score", y.Task == TaskKind.Binary ? Prior(y, weights) : 0.0),
            ("learning_rate", rate),
            ("max_depth", configuration.Int("max_depth", wide ? 4 : 6)),
            ("min_child_weight", configuration.Float("min_child_weight", 1)),
            ("subsample", configuration.Float("subsample", 0.9)),
            ("colsample_bytree", configuration.Float("colsample_bytree", BoostingOptions.DefaultFeatureFraction(training.X.Columns))),
            ("colsample_bylevel", configuration.Float("colsample_bylevel", 1)),
            ("reg_alpha", configuration.Float("reg_alpha", 0)),
            ("reg_lambda", configuration.Float("reg_lambda", 1)),
            ("gamma", configuration.Float("gamma", 0)),
            ("max_bin", configuration.Int("max_bin", wide ? 64 : 256)),
        };
        if (y.Task == TaskKind.Multiclass)
        {
            parameters.Add(("num_class", y.Classes.Length));
        }

        return parameters.Select(p => (p.Name, p.Value is bool flag ? (flag ? "1" : "0") : string.Create(CultureInfo.InvariantCulture, $"{p.Value}")));
    }

    /// <summary>The share of class 1, from which boosting starts; kept off 0 and 1, whose logarithm of odds is infinite.</summary>
    private static double Prior(Target y, float[]? weights)
    {
        double positive = 0, total = 0;
        for (var row = 0; row < y.Count; row++)
        {
            positive += y.Labels[row] * (weights?[row] ?? 1.0);
            total += weights?[row] ?? 1.0;
        }

        return Math.Clamp(positive / total, 1e-6, 1 - 1e-6);
    }

    private sealed class Backend(
        FeatureMatrix x, float[] labels, float[]? weights, int threads, Func<int, IEnumerable<(string Name, string Value)>> parameters) : IBoostingBackend
    {
        public BoostingFormat Format => BoostingFormat.XGBoost;

        public FeatureMatrix Features => x;

        public bool ZeroIsMissing => x.IsSparse;

        public IBooster Start(int[] trainingRows, int[]? validationRows, ValidationLoss? loss, int seed)
        {
            var training = XGBoostBooster.Matrix(x, trainingRows, labels, weights, threads);
            XGBoostMatrixHandle? validation = null;
            try
            {
                validation = validationRows is null ? null : XGBoostBooster.Matrix(x, validationRows, labels, weights, threads);
                return new XGBoostBooster(training, validation, loss, parameters(seed));
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
