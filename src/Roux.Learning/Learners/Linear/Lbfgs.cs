namespace Roux.Learning.Learners.Linear;

/// <summary>A smooth function to minimise, and how it runs along a line.</summary>
internal interface ISmoothFunction
{
    /// <summary>Number of variables.</summary>
    int Length { get; }

    /// <summary>Value at <paramref name="point"/>; writes the gradient. This point becomes the start of the next line.</summary>
    double Evaluate(double[] point, double[] gradient);

    /// <summary>Sets the direction of the line from the point last evaluated or moved to.</summary>
    void Aim(double[] direction);

    /// <summary>Value and slope at <paramref name="step"/> along the line.</summary>
    (double Value, double Slope) Along(double step);

    /// <summary>Moves to the step last looked at: updates the point and writes the gradient there.</summary>
    void Move(double step, double[] point, double[] gradient);
}

/// <summary>
/// Limited-memory BFGS. Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989), algorithm 2.1,
/// with a line search for the strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 3.5 and 3.6).
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;

    /// <summary>Minimises from <paramref name="point"/>, in place.</summary>
    /// <param name="function">What to minimise.</param>
    /// <param name="point">Start; afterwards the minimum.</param>
    /// <param name="scale">Per variable about the inverse of the function's curvature along it: what the approximation starts from.</param>
    /// <param name="tolerance">Stops when no component of the gradient is larger.</param>
    /// <param name="maxIterations">Most steps.</param>
    /// <param name="context">Told (iteration, value); cancelling throws.</param>
    /// <returns>Largest component of the gradient at the end.</returns>
    public static double Minimise(ISmoothFunction function, double[] point, double[] scale, double tolerance, int maxIterations, FitContext context)
    {
        var n = function.Length;
        var gradient = new double[n];
        var value = function.Evaluate(point, gradient);
        var history = new List<(double[] S, double[] Y, double Rho)>();
        var direction = new double[n];
        for (var iteration = 1; iteration <= maxIterations && Vectors.Largest(gradient) > tolerance; iteration++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Direction(gradient, history, scale, direction);
            var slope = Vectors.Dot(gradient, direction);
            if (!(slope < 0))
            {
                // Rounding has used up the curvature pairs: start again from steepest descent.
                history.Clear();
                Direction(gradient, history, scale, direction);
                slope = Vectors.Dot(gradient, direction);
            }

            function.Aim(direction);
            var (step, next) = Search(function, value, slope, 1);
            if (step == 0)
            {
                break; // no further decrease in double precision
            }

            var (s, y) = history.Count == Memory ? (history[0].S, history[0].Y) : (new double[n], new double[n]);
            if (history.Count == Memory)
            {
                history.RemoveAt(0);
            }

            point.CopyTo(s, 0);
            gradient.CopyTo(y, 0);
            function.Move(step, point, gradient);
            Vectors.SubtractFrom(point, s);
            Vectors.SubtractFrom(gradient, y);
            var sy = Vectors.Dot(s, y);
            if (sy > 1e-300)
            {
                history.Add((s, y, 1 / sy));
            }

            value = next;
            context.Progress?.Invoke(iteration, value);
        }

        return Vectors.Largest(gradient);
    }

    /// <summary>The two-loop recursion: minus the approximate inverse Hessian times the gradient.</summary>
    private static void Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> history, double[] scale, double[] direction)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            direction[i] = -gradient[i];
        }

        Span<double> alpha = stackalloc double[Memory];
        for (var h = history.Count - 1; h >= 0; h--)
        {
            alpha[h] = history[h].Rho * Vectors.Dot(history[h].S, direction);
            Vectors.AddScaled(direction, history[h].Y, -alpha[h]);
        }

        var factor = 1.0;
        if (history.Count > 0)
        {
            var (_, y, rho) = history[^1];
            var square = 0.0;
            for (var i = 0; i < y.Length; i++)
            {
                square += y[i] * y[i] * scale[i];
            }

            factor = 1 / (rho * square);
        }

        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] *= factor * scale[i];
        }

        for (var h = 0; h < history.Count; h++)
        {
            var beta = history[h].Rho * Vectors.Dot(history[h].Y, direction);
            Vectors.AddScaled(direction, history[h].S, alpha[h] - beta);
        }
    }

    private static (double Step, double Value) Search(ISmoothFunction function, double value0, double slope0, double first)
    {
        var (previous, previousValue, previousSlope) = (0.0, value0, slope0);
        var step = first;
        for (var i = 0; i < 30; i++)
        {
            var (value, slope) = function.Along(step);
            if (!double.IsFinite(value))
            {
                step = previous + (step - previous) / 10;
                continue;
            }

            if (value > value0 + Decrease * step * slope0 || (i > 0 && value >= previousValue))
            {
                return Zoom(function, value0, slope0, (previous, previousValue, previousSlope), (step, value, slope));
            }

            if (Math.Abs(slope) <= -Curvature * slope0)
            {
                return (step, value);
            }

            if (slope >= 0)
            {
                return Zoom(function, value0, slope0, (step, value, slope), (previous, previousValue, previousSlope));
            }

            (previous, previousValue, previousSlope) = (step, value, slope);
            step *= 2.5;
        }

        return (previous, previousValue);
    }

    private static (double Step, double Value) Zoom(
        ISmoothFunction function, double value0, double slope0, (double Step, double Value, double Slope) low, (double Step, double Value, double Slope) high)
    {
        for (var i = 0; i < 30; i++)
        {
            var step = Cubic(low, high);
            var (value, slope) = function.Along(step);
            if (value > value0 + Decrease * step * slope0 || value >= low.Value)
            {
                high = (step, value, slope);
            }
            else
            {
                if (Math.Abs(slope) <= -Curvature * slope0)
                {
                    return (step, value);
                }

                if (slope * (high.Step - low.Step) >= 0)
                {
                    high = low;
                }

                low = (step, value, slope);
            }

            if (Math.Abs(high.Step - low.Step) <= 1e-14 * Math.Max(1, Math.Abs(low.Step)))
            {
                break;
            }
        }

        // The caller moves to the step last looked at.
        var (last, _) = function.Along(low.Step);
        return (low.Step, last);
    }

    /// <summary>Minimum of the cubic through two points and slopes, kept away from the ends of the interval.</summary>
    private static double Cubic((double Step, double Value, double Slope) a, (double Step, double Value, double Slope) b)
    {
        var d1 = a.Slope + b.Slope - 3 * (a.Value - b.Value) / (a.Step - b.Step);
        var d2 = Math.Sign(b.Step - a.Step) * Math.Sqrt(d1 * d1 - a.Slope * b.Slope);
        var step = b.Step - (b.Step - a.Step) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2);
        var (left, right) = (Math.Min(a.Step, b.Step), Math.Max(a.Step, b.Step));
        var margin = 0.1 * (right - left);
        return double.IsFinite(step) ? Math.Clamp(step, left + margin, right - margin) : (left + right) / 2;
    }
}
