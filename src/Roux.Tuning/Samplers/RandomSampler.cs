using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Independent uniform points (Bergstra and Bengio 2012, "Random search for hyper-parameter optimization").</summary>
public sealed class RandomSampler : Sampler
{
    /// <inheritdoc/>
    public override string Name => "random";

    internal override double[] Suggest(History history, Rng random) => history.Space.Draw(random);
}
