namespace Roux.Tuning.Surrogates;

/// <summary>
/// Parameters of the covariance, as logarithms in one array: the length scales of the joint part, one a dimension; those of the
/// additive part; the variances of the two parts; the variance of the noise. Lengths are in units of the search range.
/// </summary>
internal sealed class KernelParameters
{
    /// <summary>Where a fit begins.</summary>
    public KernelParameters(int dimensions)
    {
        Dimensions = dimensions;
        Log = new double[2 * dimensions + 3];
        for (var i = 0; i < dimensions; i++)
        {
            Log[i] = MeanLogLength(dimensions);
            Log[dimensions + i] = MeanLogAdditiveLength;
        }

        (Log[2 * dimensions], Log[2 * dimensions + 1], Log[2 * dimensions + 2]) = (Math.Log(0.7), Math.Log(0.3), Math.Log(1e-3));
    }

    public KernelParameters(KernelParameters other) => (Dimensions, Log) = (other.Dimensions, (double[])other.Log.Clone());

    public int Dimensions { get; }

    public double[] Log { get; }

    public ReadOnlySpan<double> LogLengths => Log.AsSpan(0, Dimensions);

    public ReadOnlySpan<double> LogAdditiveLengths => Log.AsSpan(Dimensions, Dimensions);

    public double JointVariance => Math.Exp(Log[2 * Dimensions]);

    public double AdditiveVariance => Math.Exp(Log[2 * Dimensions + 1]);

    public double Noise => Math.Exp(Log[2 * Dimensions + 2]);

    private static double MeanLogLength(int dimensions) => Math.Log(0.5) + 0.5 * Math.Log(dimensions);

    private const double MeanLogAdditiveLength = -0.7;

    /// <summary>
    /// Minus the logarithm of the prior density, and its gradient added to the given one: log-normal length scales that grow with
    /// the root of the number of dimensions (Hvarfner et al. 2024, "Vanilla Bayesian optimization performs great in high
    /// dimensions"), log-normal variances.
    /// </summary>
    public static double Prior(ReadOnlySpan<double> log, int dimensions, Span<double> gradient)
    {
        var sum = 0.0;
        for (var i = 0; i < log.Length; i++)
        {
            var (mean, deviation) = i < dimensions ? (MeanLogLength(dimensions), 1.0)
                : i < 2 * dimensions ? (MeanLogAdditiveLength, 1.0)
                : i == 2 * dimensions ? (Math.Log(0.7), 1.0)
                : i == 2 * dimensions + 1 ? (Math.Log(0.3), 1.5)
                : (Math.Log(1e-3), 2.5);
            var z = (log[i] - mean) / deviation;
            sum += 0.5 * z * z;
            gradient[i] += z / deviation;
        }

        return sum;
    }

    /// <summary>The box that fits stay in.</summary>
    public static (double[] Low, double[] High) Box(int dimensions)
    {
        var (low, high) = (new double[2 * dimensions + 3], new double[2 * dimensions + 3]);
        for (var i = 0; i < 2 * dimensions; i++)
        {
            (low[i], high[i]) = (Math.Log(0.02), Math.Log(50));
        }

        for (var i = 2 * dimensions; i < 2 * dimensions + 2; i++)
        {
            (low[i], high[i]) = (Math.Log(1e-4), Math.Log(50));
        }

        (low[^1], high[^1]) = (Math.Log(1e-7), Math.Log(1));
        return (low, high);
    }
}
