namespace Roux.Tuning.Surrogates;

/// <summary>
/// Minus the lower end of an interval for an objective to be minimised (Srinivas et al. 2010, "Gaussian process optimization in the
/// bandit setting", who call it the upper confidence bound of the negative); the width of two standard deviations is their practical choice.
/// </summary>
internal sealed class ConfidenceBound(GaussianProcess process) : Acquisition
{
    private const double Deviations = 2;

    public override double At(ReadOnlySpan<double> x)
    {
        var (mean, variance) = process.Predict(x);
        return Deviations * Math.Sqrt(variance) - mean;
    }

    public override double At(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var varianceSlope = new double[x.Length];
        var (mean, variance) = process.Predict(x, gradient, varianceSlope);
        var deviation = Math.Sqrt(variance);
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = Deviations * varianceSlope[i] / (2 * deviation) - gradient[i];
        }

        return Deviations * deviation - mean;
    }
}
