using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// The logarithm of expected improvement where values are noisy (Letham et al. 2019, "Constrained Bayesian optimization with noisy
/// experiments"): averaged over draws of the function itself at the trials, each with a best of its own.
/// </summary>
internal sealed class NoisyImprovement : Acquisition
{
    private const int Draws = 8;

    private readonly GaussianProcess process;
    private readonly double[][] alphas;
    private readonly double[] bests;

    public NoisyImprovement(GaussianProcess noisy, Rng random)
    {
        (process, var values) = noisy.WithoutNoise(Draws, random);
        alphas = Array.ConvertAll(values, process.Weights);
        bests = Array.ConvertAll(values, draw => draw.Min());
    }

    public override double At(ReadOnlySpan<double> x)
    {
        Span<double> means = stackalloc double[Draws];
        var variance = process.Predict(x, alphas, means);
        var deviation = Math.Sqrt(variance);
        Span<double> logs = stackalloc double[Draws];
        for (var k = 0; k < Draws; k++)
        {
            logs[k] = NormalDistribution.LogImprovement((bests[k] - means[k]) / deviation).Value;
        }

        return Math.Log(deviation) + LogSpace.Sum(logs) - Math.Log(Draws);
    }

    public override double At(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var (varianceSlope, meanSlopes) = (new double[x.Length], new double[Draws * x.Length]);
        Span<double> means = stackalloc double[Draws];
        var variance = process.Predict(x, alphas, means, meanSlopes, varianceSlope);
        var deviation = Math.Sqrt(variance);
        Span<double> logs = stackalloc double[Draws];
        Span<double> slopes = stackalloc double[Draws];
        for (var k = 0; k < Draws; k++)
        {
            (logs[k], slopes[k]) = NormalDistribution.LogImprovement((bests[k] - means[k]) / deviation);
        }

        var sum = LogSpace.Sum(logs);
        for (var i = 0; i < gradient.Length; i++)
        {
            var deviationSlope = varianceSlope[i] / (2 * deviation);
            gradient[i] = deviationSlope / deviation;
            for (var k = 0; k < Draws; k++)
            {
                var z = (bests[k] - means[k]) / deviation;
                gradient[i] += Math.Exp(logs[k] - sum) * slopes[k] * (-meanSlopes[k * x.Length + i] - z * deviationSlope) / deviation;
            }
        }

        return Math.Log(deviation) + sum - Math.Log(Draws);
    }
}
