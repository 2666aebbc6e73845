using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>
/// A Gaussian process whose covariance is Matérn 5/2 in the point times (1 - ε)^(|t - t'| / 2) in time (Bogunovic, Scarlett and Cevher 2016,
/// "Time-varying Gaussian process bandit optimization"): what was seen long ago counts less. Length, ε and noise are the most probable of a grid.
/// </summary>
internal sealed class FadingProcess
{
    private static readonly double[] Lengths = [0.15, 0.4, 1, 2.5];
    private static readonly double[] Fadings = [0, 0.05, 0.25];
    private static readonly double[] Noises = [0.02, 0.3];

    private readonly double[][] points;
    private readonly double[] times;
    private readonly double[] scaled;
    private readonly double middle;
    private readonly double scale;
    private readonly (double Length, double Fading, double Noise) parameters;
    private readonly Cholesky factor;
    private readonly double[] alpha;

    private FadingProcess(double[][] points, double[] times, double[] scaled, double middle, double scale, (double Length, double Fading, double Noise) parameters)
    {
        (this.points, this.times, this.scaled, this.middle, this.scale, this.parameters) = (points, times, scaled, middle, scale, parameters);
        factor = Factor(points, times, parameters);
        alpha = (double[])scaled.Clone();
        factor.Solve(alpha);
        LogLikelihood = -factor.LogDiagonal;
        for (var i = 0; i < alpha.Length; i++)
        {
            LogLikelihood -= 0.5 * alpha[i] * scaled[i];
        }
    }

    /// <summary>The logarithm of the likelihood of the scaled values, less a constant.</summary>
    public double LogLikelihood { get; }

    /// <summary>The share of covariance lost in two units of time.</summary>
    public double Fading => parameters.Fading;

    public static FadingProcess Fit(double[][] points, double[] times, double[] y)
    {
        var middle = y.Average();
        var scale = Math.Max(Math.Sqrt(y.Average(value => (value - middle) * (value - middle))), 1e-12);
        double[] scaled = [.. y.Select(value => (value - middle) / scale)];
        return (from length in Lengths from fading in Fadings from noise in Noises select new FadingProcess(points, times, scaled, middle, scale, (length, fading, noise))).MaxBy(process => process.LogLikelihood)!;
    }

    /// <summary>This process as if a value had come out as expected: no surer of the mean, surer of the place.</summary>
    public FadingProcess Believing(double[] point, double time) =>
        new([.. points, point], [.. times, time], [.. scaled, (Predict(point, time).Mean - middle) / scale], middle, scale, parameters);

    /// <summary>Mean and variance, in the unit of the values.</summary>
    public (double Mean, double Variance) Predict(double[] point, double time)
    {
        var k = new double[points.Length];
        var mean = 0.0;
        for (var i = 0; i < k.Length; i++)
        {
            k[i] = Covariance(points[i], times[i], point, time, parameters);
            mean += k[i] * alpha[i];
        }

        factor.SolveLower(k);
        return (middle + scale * mean, scale * scale * Math.Max(1e-9, 1 - k.Sum(value => value * value)));
    }

    private static Cholesky Factor(double[][] points, double[] times, (double Length, double Fading, double Noise) parameters)
    {
        for (var jitter = 0.0; ; jitter = jitter == 0 ? 1e-8 : 10 * jitter)
        {
            var a = new double[points.Length * points.Length];
            for (var i = 0; i < points.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    a[i * points.Length + j] = Covariance(points[i], times[i], points[j], times[j], parameters);
                }

                a[i * points.Length + i] = 1 + parameters.Noise + jitter;
            }

            if (Cholesky.Factor(a, points.Length) is { } factor)
            {
                return factor;
            }
        }
    }

    private static double Covariance(double[] a, double timeA, double[] b, double timeB, (double Length, double Fading, double Noise) parameters)
    {
        var square = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            square += (a[i] - b[i]) * (a[i] - b[i]);
        }

        var r = Math.Sqrt(5 * square) / parameters.Length;
        return (1 + r + r * r / 3) * Math.Exp(-r) * Math.Pow(1 - parameters.Fading, Math.Abs(timeA - timeB) / 2);
    }
}
