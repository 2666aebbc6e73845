using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>Decides which configuration is tried next. A sampler serves one study and is called by one thread at a time.</summary>
public abstract class Sampler
{
    /// <summary>Short and unique, such as <c>tpe</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The point of the unit cube to try next.</summary>
    internal abstract double[] Suggest(History history, Rng random);
}
