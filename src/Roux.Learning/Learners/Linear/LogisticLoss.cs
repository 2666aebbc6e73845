using Roux.Learning.Data;

namespace Roux.Learning.Learners.Linear;

/// <summary>
/// The weighted mean cross-entropy of a linear model plus lambda / 2 times the squared weights, intercepts unpenalised.
/// Binary: one output through the logistic function. More classes: one output a class through softmax.
/// Variables: weights laid out as in <see cref="DesignMatrix.At"/>, then one intercept per output.
/// Along a line the scores are linear too, so each iteration needs one product with X and one with its transpose, however long the line search.
/// </summary>
internal sealed class LogisticLoss : ISmoothFunction
{
    private const int RowBlock = 1024;

    private readonly DesignMatrix x;
    private readonly int[] labels;
    private readonly double[] weights;
    private readonly double lambda;
    private readonly int outputs;
    private readonly int weightCount;
    private readonly FitContext context;
    private readonly double[] scores;
    private readonly double[] slopes;
    private readonly double[] residuals;
    private readonly double[] blockLoss;
    private readonly double[] blockSlope;
    private double[] direction = [];
    private double[] start = [];
    private double squared;
    private double cross;
    private double directionSquared;

    /// <param name="x">Rows of features.</param>
    /// <param name="y">Binary or multiclass.</param>
    /// <param name="weights">One per row.</param>
    /// <param name="c">Inverse of the strength of the penalty, against the sum of the losses (as in scikit-learn).</param>
    /// <param name="context">Threads and cancellation.</param>
    public LogisticLoss(DesignMatrix x, Target y, double[] weights, double c, FitContext context)
    {
        this.x = x;
        this.context = context;
        labels = y.Labels;
        var total = weights.Sum();
        this.weights = [.. weights.Select(weight => weight / total)];
        lambda = 1 / (c * total);
        outputs = y.Classes.Length == 2 ? 1 : y.Classes.Length;
        weightCount = x.Columns * outputs;
        scores = new double[x.Rows * outputs];
        slopes = new double[scores.Length];
        residuals = new double[scores.Length];
        blockLoss = new double[(x.Rows + RowBlock - 1) / RowBlock];
        blockSlope = new double[blockLoss.Length];
    }

    public int Outputs => outputs;

    public int Length => weightCount + outputs;

    public double Evaluate(double[] point, double[] gradient)
    {
        start = point;
        Scores(point, scores);
        squared = Vectors.Dot(point.AsSpan(0, weightCount), point.AsSpan(0, weightCount));
        var (loss, _) = Losses(0);
        Gradient(point, gradient);
        return loss + lambda / 2 * squared;
    }

    public void Aim(double[] direction)
    {
        this.direction = direction;
        Scores(direction, slopes);
        cross = Vectors.Dot(start.AsSpan(0, weightCount), direction.AsSpan(0, weightCount));
        directionSquared = Vectors.Dot(direction.AsSpan(0, weightCount), direction.AsSpan(0, weightCount));
    }

    public (double Value, double Slope) Along(double step)
    {
        var (loss, slope) = Losses(step);
        return (loss + lambda / 2 * (squared + 2 * step * cross + step * step * directionSquared), slope + lambda * (cross + step * directionSquared));
    }

    public void Move(double step, double[] point, double[] gradient)
    {
        Vectors.AddScaled(point, direction, step);
        Vectors.AddScaled(scores, slopes, step);
        squared = Vectors.Dot(point.AsSpan(0, weightCount), point.AsSpan(0, weightCount));
        start = point;
        Gradient(point, gradient); // residuals are those of the step last looked at
    }

    /// <summary>Per variable the inverse of the curvature along it where every row has the probabilities of the class shares: a diagonal to start from.</summary>
    public double[] Scale()
    {
        var shares = new double[outputs];
        for (var row = 0; row < labels.Length; row++)
        {
            var k = outputs == 1 ? labels[row] - 1 : labels[row]; // binary: only class 1 counts
            if (k >= 0)
            {
                shares[k] += weights[row];
            }
        }

        var squares = x.Squares(weights);
        var scale = new double[Length];
        for (var k = 0; k < outputs; k++)
        {
            var spread = Math.Max(shares[k] * (1 - shares[k]), 1e-6);
            for (var j = 0; j < x.Columns; j++)
            {
                scale[x.At(j, k, outputs)] = 1 / (lambda + spread * squares[j]);
            }

            scale[weightCount + k] = 1 / spread;
        }

        return scale;
    }

    private void Scores(double[] point, double[] target)
    {
        x.Multiply(point, target, outputs);
        for (var i = 0; i < target.Length; i += outputs)
        {
            for (var k = 0; k < outputs; k++)
            {
                target[i + k] += point[weightCount + k];
            }
        }
    }

    private void Gradient(double[] point, double[] gradient)
    {
        var product = new double[weightCount];
        x.MultiplyTransposed(residuals, product, outputs);
        for (var i = 0; i < weightCount; i++)
        {
            gradient[i] = product[i] + lambda * point[i];
        }

        Array.Clear(gradient, weightCount, outputs);
        for (var i = 0; i < residuals.Length; i += outputs)
        {
            for (var k = 0; k < outputs; k++)
            {
                gradient[weightCount + k] += residuals[i + k];
            }
        }
    }

    /// <summary>Mean loss and its slope at a step along the line; leaves the residuals there.</summary>
    private (double Loss, double Slope) Losses(double step)
    {
        var threads = scores.Length < 8192 ? 1 : context.Threads;
        Loops.Blocks(x.Rows, RowBlock, threads, context.Cancellation, (first, end, block) =>
        {
            var (loss, slope) = (0.0, 0.0);
            for (var row = first; row < end; row++)
            {
                if (outputs == 1)
                {
                    var z = scores[row] + step * slopes[row];
                    var sign = labels[row] == 1 ? 1 : -1;
                    var e = Math.Exp(-Math.Abs(z)); // never overflows
                    loss += weights[row] * (Math.Max(0, -sign * z) + double.LogP1(e));
                    var p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
                    residuals[row] = weights[row] * (p - (sign > 0 ? 1 : 0));
                    slope += residuals[row] * slopes[row];
                }
                else
                {
                    loss += Softmax(row, step, ref slope);
                }
            }

            blockLoss[block] = loss;
            blockSlope[block] = slope;
        });
        return (blockLoss.Sum(), blockSlope.Sum());
    }

    private double Softmax(int row, double step, ref double slope)
    {
        var at = row * outputs;
        var residual = residuals.AsSpan(at, outputs);
        var largest = double.NegativeInfinity;
        for (var k = 0; k < outputs; k++)
        {
            residual[k] = scores[at + k] + step * slopes[at + k];
            largest = Math.Max(largest, residual[k]);
        }

        var own = residual[labels[row]] - largest;
        var sum = 0.0;
        for (var k = 0; k < outputs; k++)
        {
            residual[k] = Math.Exp(residual[k] - largest);
            sum += residual[k];
        }

        for (var k = 0; k < outputs; k++)
        {
            residual[k] = weights[row] * (residual[k] / sum - (k == labels[row] ? 1 : 0));
            slope += residual[k] * slopes[at + k];
        }

        return weights[row] * (Math.Log(sum) - own);
    }
}
