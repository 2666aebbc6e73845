using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Linear;

/// <summary>Ordinary least squares; where features depend on each other, the solution of smallest weights.</summary>
public sealed class LinearRegressionLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "linear-regression", "linear", 8, Interpretability.Additive,
        ["the answer is a weighted sum of the features plus noise of even spread"],
        ["no settings", "its weights can be read", "unbiased when its assumption holds"],
        ["no defence against noise when there are many features for the rows", "pulled by outliers", "sees no interactions or curves"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task == TaskKind.Regression;

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Linear;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context) => RidgeLearner.Solve(training, 0, configuration, context);
}

/// <summary>
/// Least squares with an L2 penalty (Hoerl and Kennard 1970): minimises the (weighted) squared error plus <c>alpha</c> times the squared weights, as scikit-learn's Ridge does.
/// Cholesky of the normal equations up to 2,000 dense features, conjugate gradients beyond and on sparse features. Hyperparameter: <c>alpha</c> (default 1).
/// </summary>
public sealed class RidgeLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "ridge", "linear", 9, Interpretability.Additive,
        ["the answer is a weighted sum of the features plus noise of even spread", "features are on comparable scales (they are standardised)"],
        ["stable with many or correlated features", "its weights can be read", "very fast"],
        ["pulled by outliers", "sees no interactions or curves unless features spell them out"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task == TaskKind.Regression;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(new FloatParameter("alpha", 1e-3, 1e4, Log: true));

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("alpha", 30.0)), Configuration.Of(("alpha", 300.0))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Linear;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var alpha = configuration.Float("alpha", 1);
        return alpha >= 0 && double.IsFinite(alpha) ? Solve(training, alpha, configuration, context)
            : throw new LearnerException($"alpha is {alpha}; it is a finite number, not negative");
    }

    internal static LinearModel Solve(TrainingSet training, double alpha, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var (coefficients, intercept) = LeastSquares.Solve(training.X, training.Y.Values, weights, alpha, context);
        return new LinearModel(ModelHead.Of(training), Link.Identity, coefficients, [intercept], LinearModel.Spreads(training.X));
    }
}
