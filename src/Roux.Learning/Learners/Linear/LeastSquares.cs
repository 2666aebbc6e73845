using MathNet.Numerics.LinearAlgebra;
using Roux.Learning.Features;

namespace Roux.Learning.Learners.Linear;

/// <summary>Weighted least squares with an L2 penalty on the weights and none on the intercept.</summary>
internal static class LeastSquares
{
    /// <summary>Most features for which the normal equations are formed.</summary>
    private const int MaxDirect = 2000;

    /// <summary>Minimises the weighted squared error plus alpha times the squared weights. Without a unique minimum (alpha 0, dependent features): the one of smallest weights.</summary>
    /// <returns>One weight a feature, and the intercept.</returns>
    public static (double[] Weights, double Intercept) Solve(FeatureMatrix x, double[] y, double[] weights, double alpha, FitContext context)
    {
        DesignMatrix.RequireFinite(x);
        var total = weights.Sum();
        var means = Means(x, weights, total);
        var mean = Vectors.Dot(y, weights) / total;
        var direct = !x.IsSparse && x.Columns <= MaxDirect && (x.Columns <= x.Rows || x.Columns <= 500);
        var coefficients = direct
            ? Direct(x, y, weights, alpha, means, mean, context)
            : Iterative(x, y, weights, alpha, means, mean, context);
        return (coefficients, mean - Vectors.Dot(means, coefficients));
    }

    /// <summary>Weighted mean of each feature.</summary>
    public static double[] Means(FeatureMatrix x, double[] weights, double total)
    {
        var means = new double[x.Columns];
        for (var row = 0; row < x.Rows; row++)
        {
            if (x.Dense is { } dense)
            {
                DesignMatrix.AddScaled(dense.AsSpan(row * x.Columns, x.Columns), weights[row] / total, means);
                continue;
            }

            for (var e = x.RowStarts![row]; e < x.RowStarts[row + 1]; e++)
            {
                means[x.Indices![e]] += weights[row] / total * x.Values![e];
            }
        }

        return means;
    }

    /// <summary>Weighted, centred X'X and X'y.</summary>
    public static (double[][] Gram, double[] Cross) Normal(
        FeatureMatrix x, double[] y, double[] weights, double[] means, double mean, FitContext context)
    {
        const int Tile = 16;
        var d = x.Columns;
        var gram = new double[d][];
        var cross = new double[d];
        Loops.Blocks(d, Tile, context.Threads, context.Cancellation, (first, end, _) =>
        {
            for (var j = first; j < end; j++)
            {
                gram[j] = new double[d];
            }

            var centred = new double[d - first];
            for (var row = 0; row < x.Rows; row++)
            {
                if (weights[row] == 0)
                {
                    continue;
                }

                if ((row & 1023) == 0)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                }

                var values = x.Dense.AsSpan(row * d + first, d - first);
                for (var j = 0; j < values.Length; j++)
                {
                    centred[j] = values[j] - means[first + j];
                }

                for (var j = first; j < end; j++)
                {
                    var scaled = weights[row] * centred[j - first];
                    Vectors.AddScaled(gram[j].AsSpan(j), centred.AsSpan(j - first), scaled);
                    cross[j] += scaled * (y[row] - mean);
                }
            }
        });
        for (var j = 0; j < d; j++)
        {
            for (var i = 0; i < j; i++)
            {
                gram[j][i] = gram[i][j];
            }
        }

        return (gram, cross);
    }

    private static double[] Direct(FeatureMatrix x, double[] y, double[] weights, double alpha, double[] means, double mean, FitContext context)
    {
        var (gram, cross) = Normal(x, y, weights, means, mean, context);
        for (var j = 0; j < gram.Length; j++)
        {
            gram[j][j] += alpha;
        }

        if (Cholesky(gram, context) is { } factor)
        {
            return Back(factor, cross);
        }

        // Dependent features without a penalty: the solution of smallest norm.
        return x.Columns <= 500 ? SmallestNorm(gram, cross) : Iterative(x, y, weights, alpha, means, mean, context);
    }

    /// <summary>Lower triangle L of L L' = a, or null where a is not safely positive definite.</summary>
    private static double[][]? Cholesky(double[][] a, FitContext context)
    {
        var largest = 0.0;
        for (var j = 0; j < a.Length; j++)
        {
            largest = Math.Max(largest, a[j][j]);
        }

        var factor = new double[a.Length][];
        for (var i = 0; i < a.Length; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            factor[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var sum = a[i][j] - Vectors.Dot(factor[i].AsSpan(0, j), factor[j].AsSpan(0, j));
                if (i != j)
                {
                    factor[i][j] = sum / factor[j][j];
                }
                else if (sum <= 1e-11 * Math.Max(a[i][i], 1e-3 * largest))
                {
                    return null;
                }
                else
                {
                    factor[i][i] = Math.Sqrt(sum);
                }
            }
        }

        return factor;
    }

    private static double[] Back(double[][] factor, double[] b)
    {
        var solution = new double[b.Length];
        for (var i = 0; i < b.Length; i++)
        {
            solution[i] = (b[i] - Vectors.Dot(factor[i].AsSpan(0, i), solution.AsSpan(0, i))) / factor[i][i];
        }

        for (var i = b.Length - 1; i >= 0; i--)
        {
            solution[i] /= factor[i][i];
            Vectors.AddScaled(solution.AsSpan(0, i), factor[i].AsSpan(0, i), -solution[i]);
        }

        return solution;
    }

    private static double[] SmallestNorm(double[][] gram, double[] cross)
    {
        var evd = Matrix<double>.Build.DenseOfRowArrays(gram).Evd(Symmetricity.Symmetric);
        var vectors = evd.EigenVectors;
        var largest = evd.EigenValues.Max(value => value.Real);
        var solution = Vector<double>.Build.Dense(cross.Length);
        var right = Vector<double>.Build.Dense(cross);
        for (var i = 0; i < cross.Length; i++)
        {
            if (evd.EigenValues[i].Real > 1e-10 * largest)
            {
                var column = vectors.Column(i);
                solution += column * (column.DotProduct(right) / evd.EigenValues[i].Real);
            }
        }

        return solution.ToArray();
    }

    /// <summary>
    /// Conjugate gradients on the centred least-squares problem (CGLS; Björck, "Numerical Methods for Least Squares Problems", 1996, algorithm 7.4.1),
    /// without ever forming a centred matrix. From zero it runs to the solution of smallest norm.
    /// </summary>
    private static double[] Iterative(FeatureMatrix x, double[] y, double[] weights, double alpha, double[] means, double mean, FitContext context)
    {
        var design = new DesignMatrix(x, context);
        var solution = new double[x.Columns];
        var residual = new double[x.Rows];
        var product = new double[x.Rows];
        var gradient = new double[x.Columns];
        for (var row = 0; row < x.Rows; row++)
        {
            residual[row] = weights[row] * (y[row] - mean); // kept multiplied by the row weights
        }

        Gradient();
        double[] direction = [.. gradient];
        var norm = Vectors.Dot(gradient, gradient);
        var stop = norm * 1e-20;
        for (var iteration = 1; iteration <= 2000 && norm > stop && norm > 0; iteration++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            design.Multiply(direction, product, 1);
            var shift = Vectors.Dot(means, direction);
            var curvature = alpha * Vectors.Dot(direction, direction);
            for (var row = 0; row < product.Length; row++)
            {
                product[row] -= shift;
                curvature += weights[row] * product[row] * product[row];
                product[row] *= weights[row];
            }

            if (curvature <= 0)
            {
                break;
            }

            var step = norm / curvature;
            Vectors.AddScaled(solution, direction, step);
            Vectors.AddScaled(residual, product, -step);
            Gradient();
            var next = Vectors.Dot(gradient, gradient);
            for (var j = 0; j < direction.Length; j++)
            {
                direction[j] = gradient[j] + next / norm * direction[j];
            }

            norm = next;
            context.Progress?.Invoke(iteration, Math.Sqrt(norm));
        }

        return solution;

        void Gradient()
        {
            design.MultiplyTransposed(residual, gradient, 1);
            Vectors.AddScaled(gradient, means, -residual.Sum());
            Vectors.AddScaled(gradient, solution, -alpha);
        }
    }
}
