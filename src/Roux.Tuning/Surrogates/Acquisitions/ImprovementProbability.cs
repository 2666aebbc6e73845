using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>The logarithm of the probability to be better than the best by a hundredth of the values' spread (Kushner 1964, "A new method of locating the maximum point of an arbitrary multipeak curve").</summary>
/// <param name="process">Of values with standard deviation 1.</param>
/// <param name="best">The least value.</param>
internal sealed class ImprovementProbability(GaussianProcess process, double best) : Acquisition
{
    private const double LeastGain = 0.01;

    public override double At(ReadOnlySpan<double> x)
    {
        var (mean, variance) = process.Predict(x);
        return NormalDistribution.LogCumulative((best - LeastGain - mean) / Math.Sqrt(variance)).Value;
    }

    public override double At(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var varianceSlope = new double[x.Length];
        var (mean, variance) = process.Predict(x, gradient, varianceSlope);
        var deviation = Math.Sqrt(variance);
        var z = (best - LeastGain - mean) / deviation;
        var (log, slope) = NormalDistribution.LogCumulative(z);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = slope * (-gradient[i] - z * varianceSlope[i] / (2 * deviation)) / deviation;
        }

        return log;
    }
}
