namespace Roux.Learning.Evaluation.Drift;

/// <summary>Shares of a column's values in the same bins in two versions of a data set.</summary>
/// <param name="Edges">Of numbers: the values themselves, or the inner borders of the bins, one fewer than there are bins; ascending. Dates are in days since 1970.</param>
/// <param name="EdgesAreValues">Whether each edge is a bin of its own.</param>
/// <param name="Levels">Of levels: their names; one bin more holds the rest.</param>
/// <param name="Then">Shares in the earlier version, summing to 1.</param>
/// <param name="Now">Shares in the later version.</param>
public sealed record ComparedShares(IReadOnlyList<double> Edges, bool EdgesAreValues, IReadOnlyList<string> Levels, double[] Then, double[] Now);
