using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// Logistic regression, binary or multinomial, with an L2 penalty on the weights and none on the intercepts, solved by L-BFGS to the unique optimum:
/// minimises C times the summed (weighted) log loss plus half the squared weights, as scikit-learn's does.
/// Hyperparameters: <c>C</c> (default 1), <c>class_weight</c>, <c>tol</c> (largest component of the gradient of the mean loss, default 1e-4, as in scikit-learn), <c>max_iter</c> (default 500).
/// </summary>
public sealed class LogisticRegressionLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "logistic-regression", "linear", 10, Interpretability.Additive,
        ["the log odds are a weighted sum of the features", "features are on comparable scales (they are standardised)"],
        ["fast and hard to overfit", "one weight a feature and class: it can be explained", "well calibrated when its assumption holds", "strong on text"],
        ["sees no interactions or curves unless features spell them out", "weights of correlated features share the credit arbitrarily"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(new FloatParameter("C", 1e-3, 1e3, Log: true), RowWeights.ClassWeight);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("C", 10.0)), Configuration.Of(("C", 0.1)), Configuration.Of(("C", 10.0), ("class_weight", "balanced"))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Linear;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        return PresentClasses.Fit(training, weights, (present, presentWeights) => FitPresent(present, presentWeights, configuration, context));
    }

    private static LinearModel FitPresent(TrainingSet training, double[] weights, Configuration configuration, FitContext context)
    {
        var c = configuration.Float("C", 1);
        if (!(c > 0) || double.IsInfinity(c))
        {
            throw new LearnerException($"C is {c}; it is a finite number above 0");
        }

        var x = new DesignMatrix(training.X, context);
        var loss = new LogisticLoss(x, training.Y, weights, c, context);
        var point = new double[loss.Length];
        Lbfgs.Minimise(loss, point, loss.Scale(), configuration.Float("tol", 1e-4), configuration.Int("max_iter", 500), context);
        var outputs = loss.Outputs;
        var coefficients = new double[x.Columns * outputs];
        for (var j = 0; j < x.Columns; j++)
        {
            for (var k = 0; k < outputs; k++)
            {
                coefficients[j * outputs + k] = point[x.At(j, k, outputs)];
            }
        }

        return new LinearModel(
            ModelHead.Of(training), outputs == 1 ? Link.Logistic : Link.Softmax, coefficients, point[(x.Columns * outputs)..], LinearModel.Spreads(training.X));
    }
}
