using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// Bayesian optimisation with a Gaussian process (Snoek et al. 2012, "Practical Bayesian optimization of machine learning
/// algorithms"): Matérn 5/2 with relevance determination, joint and additive, the logarithm of expected improvement, trials that are
/// running believed to come out as predicted (Ginsbourger et al. 2010, "Kriging is well-suited to parallelize optimization"). Several
/// objectives are weighed anew for each trial by the augmented Chebyshev norm (Knowles 2006, ParEGO).
/// </summary>
public sealed class GaussianProcessSampler : Sampler
{
    private readonly InitialDesign initial = new();
    private readonly GlobalSearch search = new();

    /// <inheritdoc/>
    public override string Name => "gp";

    internal override double[] Suggest(History history, Rng random)
    {
        if (history.Observations.Count < InitialDesign.Size(history.Space) || history.Space.Dimensions == 0)
        {
            return initial.Suggest(history);
        }

        return search.Suggest(history, Scalarization.Of(history, random), random);
    }
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
