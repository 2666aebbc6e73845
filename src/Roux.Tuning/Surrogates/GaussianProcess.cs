using System.Numerics.Tensors;
using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// A Gaussian process (Rasmussen and Williams 2006) whose covariance is a Matérn 5/2 of all dimensions together, with a length scale
/// each, plus the mean of one-dimensional ones (Duvenaud et al. 2011, "Additive Gaussian processes", first order): most objectives
/// are part additive, and that part is learned from few trials. Two values of a nominal dimension lie one apart or are alike.
/// </summary>
internal sealed class GaussianProcess
{
    private const double Root5 = 2.2360679774997897;
    private const double QuietNoise = 1e-6;

    private readonly TrainingPoints points;
    private readonly KernelParameters parameters;
    private readonly Cholesky factor;
    private readonly double[] alpha;
    private readonly double[] weights;
    private readonly double[] additiveWeights;

    private GaussianProcess(TrainingPoints points, KernelParameters parameters, Cholesky factor, double[] alpha)
    {
        (this.points, this.parameters, this.factor, this.alpha) = (points, parameters, factor, alpha);
        weights = InverseSquares(parameters.LogLengths);
        additiveWeights = InverseSquares(parameters.LogAdditiveLengths);
        Prior = parameters.JointVariance + parameters.AdditiveVariance;
    }

    public KernelParameters Parameters => parameters;

    /// <summary>Variance far from all data.</summary>
    public double Prior { get; }

    /// <summary>The process of given parameters.</summary>
    public static GaussianProcess Condition(TrainingPoints points, double[] y, KernelParameters parameters)
    {
        var work = new Workspace(points);
        for (var jitter = 0.0; ; jitter = jitter == 0 ? 1e-9 : jitter * 10)
        {
            work.Covariances(parameters.Log);
            if (work.Factor(jitter) is { } factor)
            {
                var alpha = (double[])y.Clone();
                factor.Solve(alpha);
                return new GaussianProcess(points, parameters, factor, alpha);
            }
        }
    }

    /// <summary>The most probable parameters given the data (MAP), from a start, with so many evaluations of the likelihood at most.</summary>
    public static KernelParameters Fit(TrainingPoints points, double[] y, KernelParameters start, int evaluations)
    {
        var work = new Workspace(points);
        var fitted = new KernelParameters(start);
        var (low, high) = KernelParameters.Box(points.Dimensions);
        Lbfgs.Minimize((log, gradient) => work.NegativeLogPosterior(log, y, gradient), fitted.Log, low, high, evaluations, 1e-3);
        return fitted;
    }

    /// <summary>Minus the logarithm of likelihood times prior, with its gradient, for tests and model choice.</summary>
    public static double NegativeLogPosterior(TrainingPoints points, double[] y, ReadOnlySpan<double> log, Span<double> gradient) =>
        new Workspace(points).NegativeLogPosterior(log, y, gradient);

    /// <summary>Mean and variance (of the function, without noise) at a point.</summary>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> x)
    {
        Span<double> k = stackalloc double[points.Count];
        Covariance(x, k);
        var mean = TensorPrimitives.Dot<double>(k, alpha);
        factor.SolveLower(k);
        return (mean, Math.Max(1e-12, Prior - TensorPrimitives.SumOfSquares<double>(k)));
    }

    /// <summary>The same, with the gradients of mean and variance with respect to the point; those of nominal dimensions are 0.</summary>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> x, Span<double> meanGradient, Span<double> varianceGradient)
    {
        var (n, d) = (points.Count, points.Dimensions);
        Span<double> k = stackalloc double[n];
        var slopes = new double[n * d];
        CovarianceWithSlopes(x, k, slopes);
        var mean = TensorPrimitives.Dot<double>(k, alpha);
        meanGradient.Clear();
        for (var i = 0; i < n; i++)
        {
            TensorPrimitives.MultiplyAdd(slopes.AsSpan(i * d, d), alpha[i], meanGradient, meanGradient);
        }

        return (mean, Variance(k, slopes, varianceGradient));
    }

    /// <summary>
    /// Draws of the function at the training points, and the process of a function known there without noise. Its variance is that
    /// of all of them; their means follow from their <see cref="Weights"/>.
    /// </summary>
    public (GaussianProcess Process, double[][] Draws) WithoutNoise(int draws, Rng random)
    {
        var n = points.Count;
        var quiet = new KernelParameters(parameters);
        quiet.Log[^1] = Math.Log(QuietNoise);
        double[] mean = new double[n], covariance = new double[n * n], k = new double[n];
        var solved = new double[n][];
        for (var i = 0; i < n; i++)
        {
            Covariance(points.Row(i), k);
            mean[i] = TensorPrimitives.Dot<double>(k, alpha);
            k.CopyTo(covariance, i * n);
            factor.SolveLower(k);
            solved[i] = (double[])k.Clone();
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                covariance[i * n + j] = covariance[j * n + i] = covariance[i * n + j] - TensorPrimitives.Dot<double>(solved[i], solved[j]);
            }
        }

        var lower = Root(covariance, n);
        var sampled = new double[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            var z = new double[n];
            for (var i = 0; i < n; i++)
            {
                z[i] = random.Normal();
            }

            sampled[draw] = [.. Enumerable.Range(0, n).Select(i => mean[i] + TensorPrimitives.Dot<double>(lower.AsSpan(i * n, i + 1), z.AsSpan(0, i + 1)))];
        }

        return (Condition(points, mean, quiet), sampled);
    }

    /// <summary>What <see cref="Predict(ReadOnlySpan{double}, double[][], Span{double})"/> needs for other values at the same points.</summary>
    public double[] Weights(double[] values)
    {
        var solved = (double[])values.Clone();
        factor.Solve(solved);
        return solved;
    }

    /// <summary>Means for several sets of values at the training points; returns the variance, which is that of all.</summary>
    public double Predict(ReadOnlySpan<double> x, double[][] alphas, Span<double> means)
    {
        Span<double> k = stackalloc double[points.Count];
        Covariance(x, k);
        for (var set = 0; set < alphas.Length; set++)
        {
            means[set] = TensorPrimitives.Dot<double>(k, alphas[set]);
        }

        factor.SolveLower(k);
        return Math.Max(1e-12, Prior - TensorPrimitives.SumOfSquares<double>(k));
    }

    /// <summary>The same with gradients: those of the means one after the other.</summary>
    public double Predict(ReadOnlySpan<double> x, double[][] alphas, Span<double> means, Span<double> meanGradients, Span<double> varianceGradient)
    {
        var (n, d) = (points.Count, points.Dimensions);
        Span<double> k = stackalloc double[n];
        var slopes = new double[n * d];
        CovarianceWithSlopes(x, k, slopes);
        meanGradients.Clear();
        for (var set = 0; set < alphas.Length; set++)
        {
            means[set] = TensorPrimitives.Dot<double>(k, alphas[set]);
            var gradient = meanGradients.Slice(set * d, d);
            for (var i = 0; i < n; i++)
            {
                TensorPrimitives.MultiplyAdd(slopes.AsSpan(i * d, d), alphas[set][i], gradient, gradient);
            }
        }

        return Variance(k, slopes, varianceGradient);
    }

    /// <summary>The variance at a point whose covariances are k, which is overwritten, and its gradient.</summary>
    private double Variance(Span<double> k, double[] slopes, Span<double> gradient)
    {
        factor.SolveLower(k);
        var variance = Math.Max(1e-12, Prior - TensorPrimitives.SumOfSquares<double>(k));
        factor.SolveUpper(k);
        gradient.Clear();
        for (var i = 0; i < points.Count; i++)
        {
            TensorPrimitives.MultiplyAdd(slopes.AsSpan(i * points.Dimensions, points.Dimensions), -2 * k[i], gradient, gradient);
        }

        return variance;
    }

    /// <summary>A triangular root of a covariance that may be singular.</summary>
    private static double[] Root(double[] covariance, int n)
    {
        for (var jitter = 1e-10; ; jitter *= 10)
        {
            var lower = (double[])covariance.Clone();
            for (var i = 0; i < n; i++)
            {
                lower[i * n + i] += jitter;
            }

            if (Cholesky.Factor(lower, n) is not null)
            {
                return lower;
            }
        }
    }

    private void Covariance(ReadOnlySpan<double> x, Span<double> k)
    {
        var (n, d) = (points.Count, points.Dimensions);
        var (joint, additive) = (parameters.JointVariance, parameters.AdditiveVariance / d);
        Span<double> square = stackalloc double[n];
        Span<double> distance = stackalloc double[n];
        square.Clear();
        k.Clear();
        for (var i = 0; i < d; i++)
        {
            points.Distances(i, x[i], distance);
            TensorPrimitives.Multiply(distance, distance, distance);
            TensorPrimitives.MultiplyAdd(distance, weights[i], square, square);
            AddMatern(distance, additiveWeights[i], additive, k);
        }

        AddMatern(square, 1, joint, k);
    }

    /// <summary>Adds s² (1 + √5 r + 5/3 r²) exp(-√5 r) with r² = weight · square; square is overwritten.</summary>
    private static void AddMatern(Span<double> square, double weight, double variance, Span<double> k)
    {
        Span<double> r = stackalloc double[square.Length];
        TensorPrimitives.Multiply(square, 5 * weight, square);
        TensorPrimitives.Sqrt<double>(square, r);
        TensorPrimitives.MultiplyAdd(square, 1.0 / 3, r, square);
        TensorPrimitives.Add(square, 1, square);
        TensorPrimitives.Negate<double>(r, r);
        TensorPrimitives.Exp<double>(r, r);
        TensorPrimitives.Multiply(square, r, square);
        TensorPrimitives.MultiplyAdd(square, variance, k, k);
    }

    private void CovarianceWithSlopes(ReadOnlySpan<double> x, Span<double> k, double[] slopes)
    {
        var d = points.Dimensions;
        var (joint, additive) = (parameters.JointVariance, parameters.AdditiveVariance / d);
        for (var i = 0; i < points.Count; i++)
        {
            var row = points.Row(i);
            var slope = slopes.AsSpan(i * d, d);
            var (square, sum) = (0.0, 0.0);
            for (var j = 0; j < d; j++)
            {
                var difference = points.IsNominal(j) ? x[j] == row[j] ? 0 : 1 : x[j] - row[j];
                square += difference * difference * weights[j];
                var r = Root5 * Math.Abs(difference) * Math.Sqrt(additiveWeights[j]);
                var decay = Math.Exp(-r);
                sum += (1 + r + r * r / 3) * decay;
                slope[j] = points.IsNominal(j) ? 0 : -additive * 5.0 / 3 * (1 + r) * decay * additiveWeights[j] * difference;
            }

            var distance = Root5 * Math.Sqrt(square);
            var jointDecay = Math.Exp(-distance);
            k[i] = joint * (1 + distance + distance * distance / 3) * jointDecay + additive * sum;
            var common = -joint * 5.0 / 3 * (1 + distance) * jointDecay;
            for (var j = 0; j < d; j++)
            {
                slope[j] += points.IsNominal(j) ? 0 : common * weights[j] * (x[j] - row[j]);
            }
        }
    }

    private static double[] InverseSquares(ReadOnlySpan<double> logLengths)
    {
        var squares = new double[logLengths.Length];
        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = Math.Exp(-2 * logLengths[i]);
        }

        return squares;
    }

    /// <summary>Covariances of the training points with each other, and what a fit needs of them, over the pairs of different points.</summary>
    private sealed class Workspace(TrainingPoints points)
    {
        private readonly int n = points.Count;
        private readonly int d = points.Dimensions;
        private readonly double[][] squares = points.SquaredDifferences();
        private readonly double[] pair = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[] work = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[] scaled = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[] decay = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[] jointSlope = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[] jointPart = new double[points.Count * (points.Count - 1) / 2];
        private readonly double[][] additiveSlopes = [.. Enumerable.Range(0, points.Dimensions).Select(_ => new double[points.Count * (points.Count - 1) / 2])];
        private double diagonal;

        /// <summary>Fills the covariances of the pairs and their slopes for the given log parameters.</summary>
        public void Covariances(ReadOnlySpan<double> log)
        {
            var (joint, additive) = (Math.Exp(log[2 * d]), Math.Exp(log[2 * d + 1]) / d);
            diagonal = joint + additive * d + Math.Exp(log[2 * d + 2]);
            Array.Clear(work);
            for (var i = 0; i < d; i++)
            {
                TensorPrimitives.MultiplyAdd<double>(squares[i], Math.Exp(-2 * log[i]), work, work);
            }

            Matern(work, 1, joint, jointPart, jointSlope, timesSquare: false);
            jointPart.CopyTo(pair, 0);
            for (var i = 0; i < d; i++)
            {
                Matern(squares[i], Math.Exp(-2 * log[d + i]), additive, work, additiveSlopes[i], timesSquare: true);
                TensorPrimitives.Add<double>(pair, work, pair);
            }
        }

        public Cholesky? Factor(double jitter)
        {
            var a = new double[n * n];
            for (var (i, at) = (0, 0); i < n; at += i, i++)
            {
                pair.AsSpan(at, i).CopyTo(a.AsSpan(i * n, i));
                a[i * n + i] = diagonal * (1 + jitter);
            }

            return Cholesky.Factor(a, n);
        }

        public double NegativeLogPosterior(ReadOnlySpan<double> log, double[] y, Span<double> gradient)
        {
            gradient.Clear();
            Covariances(log);
            if (Factor(1e-10) is not { } factor)
            {
                return double.PositiveInfinity;
            }

            var alpha = (double[])y.Clone();
            factor.Solve(alpha);
            var value = 0.5 * TensorPrimitives.Dot<double>(y, alpha) + factor.LogDiagonal;

            // d(-log L)/dθ = ½ tr((K⁻¹ - ααᵀ) dK/dθ): twice the half over pairs, once over the diagonal.
            var inverse = factor.Inverse();
            var trace = 0.0;
            for (var (i, at) = (0, 0); i < n; at += i, i++)
            {
                var row = pair.AsSpan(at, i);
                TensorPrimitives.MultiplyAdd(alpha.AsSpan(0, i), -alpha[i], inverse.AsSpan(i * n, i), work.AsSpan(at, i));
                trace += inverse[i * n + i] - alpha[i] * alpha[i];
            }

            var (joint, additive, noise) = (Math.Exp(log[2 * d]), Math.Exp(log[2 * d + 1]), Math.Exp(log[2 * d + 2]));
            var jointSum = TensorPrimitives.Dot<double>(work, jointPart);
            var pairSum = TensorPrimitives.Dot<double>(work, pair);
            gradient[2 * d] = jointSum + 0.5 * trace * joint;
            gradient[2 * d + 1] = pairSum - jointSum + 0.5 * trace * additive;
            gradient[2 * d + 2] = 0.5 * trace * noise;
            for (var i = 0; i < d; i++)
            {
                gradient[d + i] = TensorPrimitives.Dot<double>(work, additiveSlopes[i]);
            }

            TensorPrimitives.Multiply<double>(work, jointSlope, work);
            for (var i = 0; i < d; i++)
            {
                gradient[i] = TensorPrimitives.Dot<double>(work, squares[i]) * Math.Exp(-2 * log[i]);
            }

            return value + KernelParameters.Prior(log, d, gradient);
        }

        /// <summary>
        /// part = s² M(r) with r² = weight · square, and slope = s² 5/3 (1 + √5 r) exp(-√5 r): times weight · square it is the
        /// derivative by the logarithm of the length scale.
        /// </summary>
        private void Matern(double[] square, double weight, double variance, double[] part, double[] slope, bool timesSquare)
        {
            TensorPrimitives.Multiply<double>(square, 5 * weight, scaled);
            TensorPrimitives.Sqrt<double>(scaled, part);
            TensorPrimitives.Negate<double>(part, decay);
            TensorPrimitives.Exp<double>(decay, decay);
            TensorPrimitives.Multiply<double>(decay, variance, decay);
            TensorPrimitives.Add<double>(part, 1, part);
            TensorPrimitives.Multiply<double>(scaled, 1.0 / 3, scaled);
            TensorPrimitives.Multiply<double>(part, decay, slope);
            if (timesSquare)
            {
                TensorPrimitives.Multiply<double>(slope, scaled, slope);
            }
            else
            {
                TensorPrimitives.Multiply<double>(slope, 5.0 / 3, slope);
            }

            TensorPrimitives.Add<double>(part, scaled, part);
            TensorPrimitives.Multiply<double>(part, decay, part);
        }
    }
}
