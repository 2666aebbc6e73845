namespace Roux.Learning.Evaluation.Calibration;

/// <summary>Logistic regression on two or three features, by Newton's method with backtracking (Lin, Lin and Weng 2007, "A note on Platt's probabilistic outputs for support vector machines").</summary>
internal static class LogisticNewton
{
    private const int MaxIterations = 100;
    private const double Ridge = 1e-12;

    /// <summary>The weights that make the cross-entropy least.</summary>
    /// <param name="x">Rows x features, row-major.</param>
    /// <param name="targets">One per row, from 0 to 1.</param>
    /// <param name="start">One weight per feature to begin with.</param>
    public static double[] Fit(double[] x, double[] targets, double[] start)
    {
        var weights = (double[])start.Clone();
        var loss = Loss(x, targets, weights);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var (gradient, hessian) = Derivatives(x, targets, weights);
            if (gradient.Max(Math.Abs) < 1e-10 * targets.Length || Solve(hessian, gradient) is not { } step)
            {
                break;
            }

            var slope = gradient.Zip(step, (g, s) => g * s).Sum();
            var (size, improved) = (1.0, false);
            for (; size > 1e-10 && !improved; size /= 2)
            {
                var next = weights.Select((weight, j) => weight - size * step[j]).ToArray();
                var lower = Loss(x, targets, next);
                if (lower <= loss - 1e-4 * size * slope)
                {
                    improved = lower < loss;
                    (weights, loss) = (next, lower);
                    break;
                }
            }

            if (!improved)
            {
                break;
            }
        }

        return weights;
    }

    /// <summary>ln(1 + exp(z)) - t z, summed, without overflow.</summary>
    private static double Loss(double[] x, double[] targets, double[] weights)
    {
        var sum = 0.0;
        for (var row = 0; row < targets.Length; row++)
        {
            var z = Score(x, row, weights);
            sum += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - targets[row] * z;
        }

        return sum;
    }

    private static (double[] Gradient, double[] Hessian) Derivatives(double[] x, double[] targets, double[] weights)
    {
        var d = weights.Length;
        var gradient = new double[d];
        var hessian = new double[d * d];
        for (var row = 0; row < targets.Length; row++)
        {
            var p = Learners.Probabilities.Logistic(Score(x, row, weights)).One;
            var (error, curvature) = (p - targets[row], p * (1 - p));
            for (var i = 0; i < d; i++)
            {
                gradient[i] += error * x[row * d + i];
                for (var j = 0; j <= i; j++)
                {
                    hessian[i * d + j] += curvature * x[row * d + i] * x[row * d + j];
                }
            }
        }

        for (var i = 0; i < d; i++)
        {
            hessian[i * d + i] += Ridge * (targets.Length + hessian[i * d + i]);
        }

        return (gradient, hessian);
    }

    private static double Score(double[] x, int row, double[] weights)
    {
        var z = 0.0;
        for (var j = 0; j < weights.Length; j++)
        {
            z += weights[j] * x[row * weights.Length + j];
        }

        return z;
    }

    /// <summary>Solves a small positive definite system given by its lower half, by Cholesky; <c>null</c> where it is singular.</summary>
    private static double[]? Solve(double[] lower, double[] right)
    {
        var d = right.Length;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = lower[i * d + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= lower[i * d + k] * lower[j * d + k];
                }

                if (i == j && !(sum > 0))
                {
                    return null;
                }

                lower[i * d + j] = i == j ? Math.Sqrt(sum) : sum / lower[j * d + j];
            }
        }

        var solution = (double[])right.Clone();
        for (var i = 0; i < d; i++)
        {
            for (var k = 0; k < i; k++)
            {
                solution[i] -= lower[i * d + k] * solution[k];
            }

            solution[i] /= lower[i * d + i];
        }

        for (var i = d - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < d; k++)
            {
                solution[i] -= lower[k * d + i] * solution[k];
            }

            solution[i] /= lower[i * d + i];
        }

        return solution;
    }
}
