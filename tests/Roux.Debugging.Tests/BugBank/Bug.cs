using Roux.Tracking;

namespace Roux.Debugging.Tests.BugBank;

/// <summary>Something that is wrong on purpose.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="Expected">The checks of which any names it rightly.</param>
/// <param name="Findings">What is found with a seed, ranked and merged.</param>
public sealed record Bug(string Name, IReadOnlyList<string> Expected, Func<int, IReadOnlyList<Finding>> Findings)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Something that is as it should be.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Findings">What is found with a seed, ranked and merged.</param>
public sealed record Healthy(string Name, Func<int, IReadOnlyList<Finding>> Findings)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
