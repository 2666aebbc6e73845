using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Decides which configuration is tried next. A sampler serves one study and is called by one thread at a time.</summary>
public abstract class Sampler
{
    /// <summary>Short and unique, such as <c>tpe</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Names of the samplers there are.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["auto", "random", "sobol", "lhs", "grid", "tpe", "gp", "gp-ei", "gp-ucb", "gp-pi", "gp-nei", "forest", "cmaes", "de", "nsga2", "turbo", "evolution"];

    /// <summary>A sampler by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Sampler Of(string name) => name switch
    {
        "auto" => new AutoSampler(),
        "random" => new RandomSampler(),
        "sobol" => new SobolSampler(),
        "lhs" => new LatinHypercubeSampler(),
        "grid" => new GridSampler(),
        "tpe" => new TpeSampler(),
        "gp" => new GaussianProcessSampler(),
        "gp-ei" => new GaussianProcessSampler(AcquisitionFunction.LogExpectedImprovement),
        "gp-ucb" => new GaussianProcessSampler(AcquisitionFunction.UpperConfidenceBound),
        "gp-pi" => new GaussianProcessSampler(AcquisitionFunction.ProbabilityOfImprovement),
        "gp-nei" => new GaussianProcessSampler(AcquisitionFunction.NoisyExpectedImprovement),
        "forest" => new ForestSampler(),
        "cmaes" => new CmaEsSampler(),
        "de" => new DifferentialEvolutionSampler(),
        "nsga2" => new NsgaSampler(),
        "turbo" => new TrustRegionSampler(),
        "evolution" => new EvolutionSampler(),
        _ => throw new ArgumentException($"sampler '{name}': no such sampler; there are: {string.Join(", ", Names)}", nameof(name)),
    };

    /// <summary>The point of the unit cube to try next.</summary>
    internal abstract double[] Suggest(History history, Rng random);
}
