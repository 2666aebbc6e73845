using System.Numerics.Tensors;

namespace Roux.Tuning.Numerics;

/// <summary>
/// Minimises a smooth function in a box: limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.4) on the free coordinates, steps
/// projected onto the box (Bertsekas 1982), with backtracking until the decrease is sufficient (Armijo 1966).
/// </summary>
internal static class Lbfgs
{
    /// <summary>Value of a function at a point; writes its gradient.</summary>
    public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

    private const int Memory = 8;

    /// <summary>Minimises from a start, which is overwritten by the best point found; returns its value.</summary>
    /// <param name="objective">Smooth; a value that is not finite is avoided.</param>
    /// <param name="x">Start inside the box.</param>
    /// <param name="low">Lower ends.</param>
    /// <param name="high">Upper ends.</param>
    /// <param name="evaluations">Most evaluations of the objective.</param>
    /// <param name="tolerance">Ends when a step gains less than this.</param>
    public static double Minimize(Objective objective, double[] x, double[] low, double[] high, int evaluations, double tolerance = 1e-6)
    {
        var n = x.Length;
        var (gradient, nextGradient, direction, next) = (new double[n], new double[n], new double[n], new double[n]);
        var steps = new List<(double[] S, double[] Y, double Rho)>();
        var value = objective(x, gradient);
        for (evaluations--; evaluations > 0;)
        {
            Direction(gradient, steps, direction, x, low, high);
            var slope = TensorPrimitives.Dot<double>(gradient, direction);
            var length = steps.Count == 0 ? Math.Min(1, 0.25 / Math.Max(1e-12, MaxMagnitude(direction))) : 1.0;
            var nextValue = double.NaN;
            var accepted = false;
            while (slope < 0 && evaluations > 0 && length > 1e-8)
            {
                for (var i = 0; i < n; i++)
                {
                    next[i] = Math.Clamp(x[i] + length * direction[i], low[i], high[i]);
                }

                nextValue = objective(next, nextGradient);
                evaluations--;
                if (nextValue <= value + 1e-4 * Gain(gradient, x, next))
                {
                    accepted = true;
                    break;
                }

                length *= 0.4;
            }

            if (!accepted)
            {
                if (steps.Count == 0)
                {
                    return value;
                }

                steps.Clear(); // the edge of the box bent the way: begin anew with the steepest descent
                continue;
            }

            Remember(steps, x, next, gradient, nextGradient);
            var gain = value - nextValue;
            value = nextValue;
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            if (gain < tolerance)
            {
                return value;
            }
        }

        return value;
    }

    /// <summary>The change that the gradient foretells for a step.</summary>
    private static double Gain(double[] gradient, double[] from, double[] to)
    {
        var sum = 0.0;
        for (var i = 0; i < gradient.Length; i++)
        {
            sum += gradient[i] * (to[i] - from[i]);
        }

        return sum;
    }

    private static void Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> steps, double[] direction, double[] x, double[] low, double[] high)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            // A coordinate at the edge that wants out stays there.
            direction[i] = (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0) ? 0 : -gradient[i];
        }

        Span<double> alpha = stackalloc double[Memory];
        for (var k = steps.Count - 1; k >= 0; k--)
        {
            alpha[k] = steps[k].Rho * TensorPrimitives.Dot<double>(steps[k].S, direction);
            TensorPrimitives.MultiplyAdd(steps[k].Y, -alpha[k], direction, direction);
        }

        if (steps.Count > 0)
        {
            var (_, y, rho) = steps[^1];
            TensorPrimitives.Multiply(direction, 1 / (rho * TensorPrimitives.SumOfSquares<double>(y)), direction);
        }

        for (var k = 0; k < steps.Count; k++)
        {
            var beta = steps[k].Rho * TensorPrimitives.Dot<double>(steps[k].Y, direction);
            TensorPrimitives.MultiplyAdd(steps[k].S, alpha[k] - beta, direction, direction);
        }

        for (var i = 0; i < gradient.Length; i++)
        {
            if ((x[i] <= low[i] && direction[i] < 0) || (x[i] >= high[i] && direction[i] > 0))
            {
                direction[i] = 0;
            }
        }
    }

    private static void Remember(List<(double[] S, double[] Y, double Rho)> steps, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        var (s, y) = (new double[x.Length], new double[x.Length]);
        TensorPrimitives.Subtract(next, x, s);
        TensorPrimitives.Subtract(nextGradient, gradient, y);
        for (var i = 0; i < s.Length; i++)
        {
            // A coordinate that the box holds fast tells nothing of the curvature of the others.
            y[i] = s[i] == 0 ? 0 : y[i];
        }

        var curvature = TensorPrimitives.Dot<double>(s, y);
        if (curvature <= 1e-10 * TensorPrimitives.Norm<double>(s) * TensorPrimitives.Norm<double>(y))
        {
            return;
        }

        if (steps.Count == Memory)
        {
            steps.RemoveAt(0);
        }

        steps.Add((s, y, 1 / curvature));
    }

    private static double MaxMagnitude(double[] values) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));
}
