using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// Linear support vector machine, one class against the rest, trained by dual coordinate descent (see <see cref="DualCoordinateDescent"/>).
/// Probabilities come from decision values of rows held out in three folds: Platt's sigmoid for two classes, one temperature for more,
/// which leaves the class of the largest decision value the most probable.
/// Hyperparameters: <c>C</c> (default 1), <c>loss</c> (squared_hinge, hinge), <c>class_weight</c>, <c>tol</c> (1e-2), <c>max_iter</c> (300).
/// </summary>
public sealed class LinearSvmLearner : Learner
{
    private const int CalibrationFolds = 3;

    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "linear-svm", "svm", 12, Interpretability.Additive,
        ["a plane separates the classes, with few rows on the wrong side", "features are on comparable scales (they are standardised)"],
        ["among the best on text", "indifferent to rows far from the boundary", "one weight a feature and class"],
        ["probabilities are an afterthought", "sees no interactions or curves unless features spell them out"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task is TaskKind.Binary or TaskKind.Multiclass;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(
        new FloatParameter("C", 1e-3, 1e2, Log: true), new CategoricalParameter("loss", ["squared_hinge", "hinge"]), RowWeights.ClassWeight);

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("C", 0.3), ("class_weight", "balanced")), Configuration.Of(("C", 0.03))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Linear;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        DesignMatrix.RequireFinite(training.X);
        return PresentClasses.Fit(training, weights, (present, presentWeights) => FitPresent(present, presentWeights, configuration, context));
    }

    private static LinearModel FitPresent(TrainingSet training, double[] weights, Configuration configuration, FitContext context)
    {
        var c = configuration.Float("C", 1);
        var loss = configuration.Choice("loss", "squared_hinge");
        if (!(c > 0) || double.IsInfinity(c))
        {
            throw new LearnerException($"C is {c}; it is a finite number above 0");
        }

        if (loss is not "squared_hinge" and not "hinge")
        {
            throw new LearnerException($"loss is '{loss}'; allowed are squared_hinge and hinge");
        }

        double[] costs = [.. weights.Select(weight => c * weight)];
        var labels = training.Y.Labels;
        var classes = training.Y.Classes.Length;
        var outputs = classes == 2 ? 1 : classes;
        var fold = MarginCalibration.Folds(labels, classes, CalibrationFolds, SplitMix64.For(context.Seed, -1));
        var squared = loss == "squared_hinge";
        var tolerance = configuration.Float("tol", 1e-2);
        var passes = configuration.Int("max_iter", 300);
        var machines = new double[outputs * (CalibrationFolds + 1)][];
        Loops.For(machines.Length, context.Threads, context.Cancellation, machine =>
        {
            var (held, output) = (machine / outputs - 1, machine % outputs); // held is -1 for the machine that is kept
            var target = outputs == 1 ? 1 : output;
            bool[] positive = [.. labels.Select(label => label == target)];
            var some = held < 0 ? costs : [.. costs.Select((cost, row) => fold[row] == held ? 0 : cost)];
            machines[machine] = DualCoordinateDescent.Train(
                training.X, positive, some, squared, held < 0 ? tolerance : Math.Max(tolerance, 0.1), held < 0 ? passes : Math.Min(passes, 50), SplitMix64.For(context.Seed, machine), context.Cancellation);
        });
        var margins = new double[labels.Length * outputs];
        for (var held = 0; held < CalibrationFolds; held++)
        {
            var rows = Enumerable.Range(0, labels.Length).Where(row => fold[row] == held).ToArray();
            var (w, b) = Lay(machines.AsSpan((held + 1) * outputs, outputs), training.X.Columns);
            var scores = LinearModel.Scores(training.X.Take(rows), w, b);
            for (var i = 0; i < rows.Length; i++)
            {
                scores.AsSpan(i * outputs, outputs).CopyTo(margins.AsSpan(rows[i] * outputs));
            }
        }

        var (scale, shift) = outputs == 1
            ? MarginCalibration.Platt(margins, labels, weights)
            : (MarginCalibration.Temperature(margins, labels, weights, classes), 0.0);
        var (coefficients, intercepts) = Lay(machines.AsSpan(0, outputs), training.X.Columns);
        for (var i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] *= scale;
        }

        for (var k = 0; k < outputs; k++)
        {
            intercepts[k] = intercepts[k] * scale + shift;
        }

        return new LinearModel(ModelHead.Of(training), outputs == 1 ? Link.Logistic : Link.Softmax, coefficients, intercepts, LinearModel.Spreads(training.X));
    }

    /// <summary>Machines' weights feature by feature, and their intercepts.</summary>
    private static (double[] Weights, double[] Intercepts) Lay(ReadOnlySpan<double[]> machines, int columns)
    {
        var weights = new double[columns * machines.Length];
        var intercepts = new double[machines.Length];
        for (var k = 0; k < machines.Length; k++)
        {
            for (var j = 0; j < columns; j++)
            {
                weights[j * machines.Length + k] = machines[k][j];
            }

            intercepts[k] = machines[k][columns];
        }

        return (weights, intercepts);
    }
}
