using Roux.Learning.Data;

namespace Roux.Debugging.Checks;

/// <summary>Another model that the judged one can be held against.</summary>
/// <param name="Name">Such as <c>zero-rule</c> or <c>logistic-regression</c>.</param>
/// <param name="Trivial">Whether it looks at no column: what it scores is worth nothing.</param>
public sealed record RivalScores(string Name, bool Trivial)
{
    /// <summary>What it says of the evaluation rows, in their order; <c>null</c> where only fold scores are known.</summary>
    public Predictions? Predictions { get; init; }

    /// <summary>Its headline scores on the folds of <see cref="ModelSubject.FoldScores"/>; empty where not known.</summary>
    public IReadOnlyList<double> FoldScores { get; init; } = [];
}
