using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>How much a trial at a point promises: the search takes the point of the largest value.</summary>
internal abstract class Acquisition
{
    /// <summary>The value at a point.</summary>
    public abstract double At(ReadOnlySpan<double> x);

    /// <summary>The value, and its gradient with respect to the point.</summary>
    public abstract double At(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>
    /// The acquisition function of a process for one objective.
    /// </summary>
    /// <param name="kind">Which one.</param>
    /// <param name="process">Fitted to the values, to be minimised.</param>
    /// <param name="best">The least value so far.</param>
    /// <param name="random">Draws what noisy improvement is averaged over.</param>
    public static Acquisition Of(AcquisitionFunction kind, GaussianProcess process, double best, Rng random) => kind switch
    {
        AcquisitionFunction.UpperConfidenceBound => new ConfidenceBound(process),
        AcquisitionFunction.ProbabilityOfImprovement => new ImprovementProbability(process, best),
        AcquisitionFunction.NoisyExpectedImprovement => new NoisyImprovement(process, random),
        _ => new Improvement(process, best),
    };
}
