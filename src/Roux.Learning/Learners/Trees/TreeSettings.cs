namespace Roux.Learning.Learners.Trees;

/// <summary>What a split makes smaller.</summary>
internal enum Impurity
{
    /// <summary>1 minus the sum of squared class shares (Breiman et al. 1984).</summary>
    Gini,

    /// <summary>Minus the sum of share times log share (Quinlan 1986).</summary>
    Entropy,

    /// <summary>Mean squared distance from the mean.</summary>
    SquaredError,
}

/// <summary>How one tree grows.</summary>
/// <param name="Impurity">What a split makes smaller.</param>
/// <param name="MaxDepth">Most splits from the root to a leaf.</param>
/// <param name="MinLeaf">Fewest rows in a leaf.</param>
/// <param name="Features">How many features are looked at for each split.</param>
/// <param name="RandomOrder">Whether features are looked at in random order; needed where not all are.</param>
/// <param name="RandomThresholds">One random threshold a feature instead of the best (Geurts et al. 2006).</param>
/// <param name="Smoothing">Class tasks: this much weight, spread as at the root, is added to each leaf.</param>
internal sealed record TreeSettings(Impurity Impurity, int MaxDepth, int MinLeaf, int Features, bool RandomOrder, bool RandomThresholds, double Smoothing = 0);

/// <summary>
/// One node. A split has Feature >= 0 (with <see cref="MissingLeft"/> set where missing values go left): rows whose value is at most Threshold go to
/// node Child, the others to Child + 1. A leaf has Feature -1 and its outputs start at Child among the leaf values, or Feature -2 and is certain of class Child.
/// </summary>
internal struct Node
{
    public const int MissingLeft = 1 << 30;
    public const int Leaf = -1;
    public const int Certain = -2;

    public int Feature;
    public float Threshold;
    public int Child;
}

/// <summary>A grown tree.</summary>
/// <param name="Nodes">The root first; children after their parents.</param>
/// <param name="Leaves">Outputs of the leaves.</param>
/// <param name="Gains">Per feature: the total (weighted) impurity that its splits took away.</param>
/// <param name="Covers">Per node: the weight of the training rows that reached it.</param>
internal sealed record Tree(Node[] Nodes, double[] Leaves, double[] Gains, float[] Covers);
