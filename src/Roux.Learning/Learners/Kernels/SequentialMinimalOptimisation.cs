namespace Roux.Learning.Learners.Kernels;

/// <summary>
/// Trains a support vector machine with a kernel in its dual, two rows at a time. Source: Platt, "Fast training of support vector machines using sequential
/// minimal optimization" (1998), with the working set chosen by second-order information: Fan, Chen and Lin,
/// "Working set selection using second order information for training support vector machines" (2005), section 2 (WSS 2); the intercept as in section 4.1.5 of
/// Chang and Lin, "LIBSVM" (2011).
/// </summary>
internal static class SequentialMinimalOptimisation
{
    private const double Tiny = 1e-12;

    /// <summary>Minimises 1/2 a'Qa - sum a under 0 &lt;= a[i] &lt;= cost[i] and sum of sign[i] a[i] = 0, where Q[i, j] = sign[i] sign[j] K[i, j].</summary>
    /// <param name="kernel">Rows x rows of kernel values, row-major.</param>
    /// <param name="signs">1 or -1 a row.</param>
    /// <param name="costs">C times the weight of each row; a row of cost 0 stays out.</param>
    /// <param name="tolerance">Stops when no pair violates its condition by more.</param>
    /// <param name="cancellation">Asks to stop; throws.</param>
    /// <returns>Per row sign times a, and the intercept; the decision value is sum of these times K plus the intercept.</returns>
    public static (double[] Coefficients, double Intercept) Train(float[] kernel, sbyte[] signs, double[] costs, double tolerance, CancellationToken cancellation)
    {
        var n = signs.Length;
        var alpha = new double[n];
        var gradient = new double[n];
        Array.Fill(gradient, -1);
        var maxIterations = Math.Max(1_000_000, 100 * n);
        for (var iteration = 0; iteration < maxIterations; iteration++)
        {
            if ((iteration & 1023) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var (i, j) = Pick(kernel, signs, costs, alpha, gradient, tolerance);
            if (j < 0)
            {
                break;
            }

            var rowI = kernel.AsSpan(i * n, n);
            var rowJ = kernel.AsSpan(j * n, n);
            var (oldI, oldJ) = (alpha[i], alpha[j]);
            var curvature = Math.Max(rowI[i] + rowJ[j] - 2.0 * rowI[j], Tiny);
            // Move along the line that keeps the sum: sign[i] a[i] grows by step, sign[j] a[j] shrinks by it.
            var step = (-signs[i] * gradient[i] + signs[j] * gradient[j]) / curvature;
            step = Math.Min(step, signs[i] > 0 ? costs[i] - oldI : oldI);
            step = Math.Min(step, signs[j] > 0 ? oldJ : costs[j] - oldJ);
            alpha[i] = Snap(oldI + signs[i] * step, costs[i]);
            alpha[j] = Snap(oldJ - signs[j] * step, costs[j]);
            var (deltaI, deltaJ) = ((alpha[i] - oldI) * signs[i], (alpha[j] - oldJ) * signs[j]);
            for (var t = 0; t < n; t++)
            {
                gradient[t] += signs[t] * (deltaI * rowI[t] + deltaJ * rowJ[t]);
            }
        }

        var coefficients = new double[n];
        for (var t = 0; t < n; t++)
        {
            coefficients[t] = signs[t] * alpha[t];
        }

        return (coefficients, Intercept(signs, costs, alpha, gradient));
    }

    private static double Snap(double value, double cost) => value < 1e-12 * cost ? 0 : value > cost * (1 - 1e-12) ? cost : value;

    private static (int I, int J) Pick(float[] kernel, sbyte[] signs, double[] costs, double[] alpha, double[] gradient, double tolerance)
    {
        var n = signs.Length;
        var (i, most) = (-1, double.NegativeInfinity);
        for (var t = 0; t < n; t++)
        {
            var canGrow = signs[t] > 0 ? alpha[t] < costs[t] : alpha[t] > 0;
            var value = -signs[t] * gradient[t];
            if (canGrow && value > most)
            {
                (i, most) = (t, value);
            }
        }

        if (i < 0)
        {
            return (-1, -1);
        }

        var (j, best, least) = (-1, double.PositiveInfinity, double.PositiveInfinity);
        var row = kernel.AsSpan(i * n, n);
        var own = row[i];
        for (var t = 0; t < n; t++)
        {
            var canShrink = signs[t] > 0 ? alpha[t] > 0 : alpha[t] < costs[t];
            if (!canShrink)
            {
                continue;
            }

            var value = -signs[t] * gradient[t];
            least = Math.Min(least, value);
            var gap = most - value;
            if (gap > 0)
            {
                var curvature = Math.Max(own + kernel[t * n + t] - 2.0 * row[t], Tiny);
                var decrease = -gap * gap / curvature;
                if (decrease < best)
                {
                    (j, best) = (t, decrease);
                }
            }
        }

        return most - least < tolerance ? (i, -1) : (i, j);
    }

    private static double Intercept(sbyte[] signs, double[] costs, double[] alpha, double[] gradient)
    {
        var (sum, free) = (0.0, 0);
        var (upper, lower) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var t = 0; t < signs.Length; t++)
        {
            if (costs[t] <= 0)
            {
                continue;
            }

            var value = signs[t] * gradient[t];
            if (alpha[t] > 0 && alpha[t] < costs[t])
            {
                sum += value;
                free++;
            }
            else if ((alpha[t] == 0) == (signs[t] > 0))
            {
                upper = Math.Min(upper, value);
            }
            else
            {
                lower = Math.Max(lower, value);
            }
        }

        return -(free > 0 ? sum / free : double.IsInfinity(upper) ? lower : double.IsInfinity(lower) ? upper : (upper + lower) / 2);
    }
}
