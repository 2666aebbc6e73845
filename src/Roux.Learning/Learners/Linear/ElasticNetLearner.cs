using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Tuning;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// Elastic net (Zou and Hastie 2005) by coordinate descent (Friedman, Hastie and Tibshirani 2010, section 2): minimises half the (weighted) mean squared error plus
/// alpha (l1_ratio |w| + (1 - l1_ratio) / 2 w^2), the objective of scikit-learn's ElasticNet, for a target scaled to variance 1, as in glmnet, and with <c>alpha</c>
/// given as a share of the smallest one that makes every weight 0: so the same value suits any scale of the target.
/// Hyperparameters: <c>alpha</c> (default 0.01), <c>l1_ratio</c> (default 0.5; 1 is the lasso), <c>tol</c> (1e-7), <c>max_iter</c> (1000).
/// </summary>
public sealed class ElasticNetLearner : Learner
{
    /// <inheritdoc/>
    public override LearnerCard Card { get; } = new(
        "elastic-net", "linear", 10, Interpretability.Additive,
        ["the answer is a weighted sum of a few of the features", "features are on comparable scales (they are standardised)"],
        ["sets the weights of useless features to 0: it selects", "stable with correlated features"],
        ["pulled by outliers", "sees no interactions or curves unless features spell them out"]);

    /// <inheritdoc/>
    public override bool Supports(TaskKind task) => task == TaskKind.Regression;

    /// <inheritdoc/>
    public override SearchSpace Space(TaskKind task) => new(new FloatParameter("alpha", 1e-5, 0.5, Log: true), new FloatParameter("l1_ratio", 0.05, 1));

    /// <inheritdoc/>
    public override IReadOnlyList<Configuration> Portfolio(TaskKind task) =>
        [Configuration.Empty, Configuration.Of(("alpha", 1e-3)), Configuration.Of(("alpha", 0.05), ("l1_ratio", 1.0))];

    /// <inheritdoc/>
    public override FeatureForm Form(TaskKind task, Configuration configuration) => FeatureForm.Linear;

    /// <inheritdoc/>
    public override Model Fit(TrainingSet training, Configuration configuration, FitContext context)
    {
        var weights = RowWeights.Of(training, configuration);
        var (alpha, ratio) = (configuration.Float("alpha", 0.01), configuration.Float("l1_ratio", 0.5));
        if (!(alpha >= 0) || !(ratio is >= 0 and <= 1) || double.IsInfinity(alpha))
        {
            throw new LearnerException($"alpha is {alpha} and l1_ratio {ratio}; alpha is a finite number, not negative, and l1_ratio between 0 and 1");
        }

        DesignMatrix.RequireFinite(training.X);
        var (coefficients, intercept) = new CoordinateDescent(training.X, training.Y.Values, weights, context)
            .Solve(alpha, ratio, configuration.Float("tol", 1e-7), configuration.Int("max_iter", 1000));
        return new LinearModel(ModelHead.Of(training), Link.Identity, coefficients, [intercept], LinearModel.Spreads(training.X));
    }
}

/// <summary>Cyclic coordinate descent over columns, centred without being stored so: sparse columns stay sparse.</summary>
internal sealed class CoordinateDescent
{
    private readonly FitContext context;
    private readonly int[] starts;
    private readonly int[] rows;
    private readonly float[] values;
    private readonly double[] means;
    private readonly double[] squares;
    private readonly double[] shares;
    private readonly double[] residual;
    private readonly double mean;
    private readonly double scale;
    private double offset;

    public CoordinateDescent(FeatureMatrix x, double[] y, double[] weights, FitContext context)
    {
        this.context = context;
        (starts, rows, values) = x.IsSparse ? DesignMatrix.Transpose(x) : Columns(x);
        var total = weights.Sum();
        shares = [.. weights.Select(weight => weight / total)];
        mean = Vectors.Dot(y, shares);
        residual = [.. y.Select(value => value - mean)];
        scale = Math.Sqrt(Enumerable.Range(0, y.Length).Sum(row => shares[row] * residual[row] * residual[row]));
        scale = scale > 0 ? scale : 1;
        for (var row = 0; row < y.Length; row++)
        {
            residual[row] /= scale;
        }

        means = LeastSquares.Means(x, weights, total);
        squares = new double[x.Columns];
        for (var j = 0; j < x.Columns; j++)
        {
            var seen = 0.0;
            for (var e = starts[j]; e < starts[j + 1]; e++)
            {
                var distance = values[e] - means[j];
                squares[j] += shares[rows[e]] * distance * distance;
                seen += shares[rows[e]];
            }

            squares[j] += Math.Max(0, 1 - seen) * means[j] * means[j];
        }
    }

    public (double[] Weights, double Intercept) Solve(double share, double ratio, double tolerance, int maxIterations)
    {
        var w = new double[means.Length];
        var largest = 0.0;
        for (var j = 0; j < w.Length; j++)
        {
            largest = Math.Max(largest, Math.Abs(Slope(j)));
        }

        var alpha = share * largest / Math.Max(ratio, 1e-3); // at share 1 every weight is 0
        for (var iteration = 1; iteration <= maxIterations; iteration++)
        {
            var (change, size) = (0.0, 0.0);
            for (var j = 0; j < w.Length; j++)
            {
                if ((j & 63) == 0)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                }

                if (squares[j] <= 1e-14)
                {
                    continue; // constant
                }

                var pull = Slope(j) + squares[j] * w[j];
                var next = Math.Sign(pull) * Math.Max(0, Math.Abs(pull) - alpha * ratio) / (squares[j] + alpha * (1 - ratio));
                if (next != w[j])
                {
                    Step(j, next - w[j]);
                    change = Math.Max(change, Math.Abs(next - w[j]) * Math.Sqrt(squares[j]));
                    w[j] = next;
                }

                size = Math.Max(size, Math.Abs(w[j]) * Math.Sqrt(squares[j]));
            }

            context.Progress?.Invoke(iteration, change);
            if (change <= tolerance * size)
            {
                break;
            }
        }

        for (var j = 0; j < w.Length; j++)
        {
            w[j] *= scale;
        }

        return (w, mean - Vectors.Dot(means, w));
    }

    /// <summary>Weighted mean of centred x[j] times the residual. The residual's own mean is 0, so centring x changes nothing but the stored offset's part.</summary>
    private double Slope(int j)
    {
        var sum = 0.0;
        for (var e = starts[j]; e < starts[j + 1]; e++)
        {
            sum += shares[rows[e]] * values[e] * residual[rows[e]];
        }

        return sum + offset * means[j];
    }

    private void Step(int j, double change)
    {
        for (var e = starts[j]; e < starts[j + 1]; e++)
        {
            residual[rows[e]] -= change * values[e];
        }

        offset += change * means[j]; // to be added to every residual
    }

    private static (int[] Starts, int[] Rows, float[] Values) Columns(FeatureMatrix x)
    {
        var starts = new int[x.Columns + 1];
        var rows = new int[x.Dense!.Length];
        var values = new float[x.Dense.Length];
        for (var j = 0; j < x.Columns; j++)
        {
            starts[j + 1] = (j + 1) * x.Rows;
            for (var row = 0; row < x.Rows; row++)
            {
                rows[j * x.Rows + row] = row;
                values[j * x.Rows + row] = x.Dense[row * x.Columns + j];
            }
        }

        return (starts, rows, values);
    }
}
