using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>The logarithm of expected improvement (Jones et al. 1998, "Efficient global optimization"; in the logarithm Ament et al. 2023, "Unexpected improvements to expected improvement").</summary>
internal sealed class Improvement(GaussianProcess process, double best) : Acquisition
{
    public override double At(ReadOnlySpan<double> x)
    {
        var (mean, variance) = process.Predict(x);
        var deviation = Math.Sqrt(variance);
        return Math.Log(deviation) + NormalDistribution.LogImprovement((best - mean) / deviation).Value;
    }

    public override double At(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var varianceSlope = new double[x.Length];
        var (mean, variance) = process.Predict(x, gradient, varianceSlope);
        var deviation = Math.Sqrt(variance);
        var z = (best - mean) / deviation;
        var (log, slope) = NormalDistribution.LogImprovement(z);
        for (var i = 0; i < gradient.Length; i++)
        {
            var deviationSlope = varianceSlope[i] / (2 * deviation);
            gradient[i] = deviationSlope / deviation + slope * (-gradient[i] - z * deviationSlope) / deviation;
        }

        return Math.Log(deviation) + log;
    }
}
