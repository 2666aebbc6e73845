using Roux.Debugging.Checks;
using Roux.Debugging.Findings;

namespace Roux.Debugging.Sessions;

/// <summary>How a debugging session goes about it, whatever it looks at.</summary>
public sealed record SessionOptions
{
    /// <summary>Seed, threads, thresholds, and whether to stop.</summary>
    public CheckContext Context { get; init; } = new();

    /// <summary>Time for all of it; what finds none is told in the notes.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is known and put up with.</summary>
    public Suppressions Suppressions { get; init; } = Suppressions.None;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Is told what is being looked at.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
