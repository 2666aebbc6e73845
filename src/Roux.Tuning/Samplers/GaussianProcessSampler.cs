using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Bayesian optimisation with a Gaussian process (Snoek et al. 2012, "Practical Bayesian optimization of machine learning
/// algorithms"): Matérn 5/2 with relevance determination, joint and additive, the logarithm of expected improvement, trials that are
/// running believed to come out as predicted (Ginsbourger et al. 2010, "Kriging is well-suited to parallelize optimization"). Two or
/// three objectives have a process each and are judged by the expected gain in hypervolume, in turn with one weighing of them by the
/// augmented Chebyshev norm (Knowles 2006, ParEGO), which alone serves more objectives, and constraints found out with the values.
/// </summary>
public sealed class GaussianProcessSampler : Sampler
{
    private readonly InitialDesign initial = new();
    private readonly AcquisitionFunction? acquisition;
    private readonly GlobalSearch search;
    private readonly ParetoAcquisition pareto;

    /// <summary>A sampler that maximises expected improvement, over an uncertain best where values turn out noisy.</summary>
    public GaussianProcessSampler()
        : this(null)
    {
    }

    /// <summary>A sampler that maximises another acquisition function (of one objective).</summary>
    public GaussianProcessSampler(AcquisitionFunction acquisition)
        : this((AcquisitionFunction?)acquisition)
    {
    }

    private GaussianProcessSampler(AcquisitionFunction? acquisition)
    {
        this.acquisition = acquisition;
        search = new GlobalSearch(acquisition: acquisition);
        pareto = new ParetoAcquisition(search);
    }

    /// <inheritdoc/>
    public override string Name => acquisition switch
    {
        AcquisitionFunction.UpperConfidenceBound => "gp-ucb",
        AcquisitionFunction.ProbabilityOfImprovement => "gp-pi",
        AcquisitionFunction.NoisyExpectedImprovement => "gp-nei",
        AcquisitionFunction.LogExpectedImprovement => "gp-ei",
        _ => "gp",
    };

    internal override double[] Suggest(History history, Rng random) =>
        history.Observations.Count < InitialDesign.Size(history.Space) || history.Space.Dimensions == 0 ? initial.Suggest(history)
        : history.Objectives > 1 ? pareto.Suggest(history, random)
        : search.Suggest(history, Scalarization.Of(history, random), random);
}

/// <summary>
/// Bayesian optimisation in a trust region around the best trial (Eriksson et al. 2019, TuRBO), for many dimensions and long studies.
/// </summary>
public sealed class TrustRegionSampler : Sampler
{
    private readonly InitialDesign initial = new();
    private readonly LocalSearch search = new();

    /// <inheritdoc/>
    public override string Name => "turbo";

    internal override double[] Suggest(History history, Rng random) =>
        history.Observations.Count < InitialDesign.Size(history.Space) || history.Space.Dimensions == 0 ? initial.Suggest(history) : search.Suggest(history, random);
}
