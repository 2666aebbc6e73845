using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Chooses by itself.</summary>
public sealed class AutoSampler : Sampler
{
    private readonly GaussianProcessSampler process = new();

    /// <inheritdoc/>
    public override string Name => "auto";

    internal override double[] Suggest(History history, Rng random) => process.Suggest(history, random);
}
