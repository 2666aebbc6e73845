namespace Roux.Learning.Learners.Trees;

/// <summary>Minimal cost-complexity pruning. Source: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984), chapter 3.</summary>
internal static class CostComplexity
{
    /// <summary>The smallest subtree that minimises risk plus penalty times the number of leaves.</summary>
    /// <param name="tree">A grown tree.</param>
    /// <param name="risks">Per node: its impurity times its weight.</param>
    /// <param name="leaf">Makes a leaf of an inner node: gets its index and the list of leaf values to add to.</param>
    /// <param name="penalty">In the unit of the risks.</param>
    public static Tree Prune(Tree tree, IReadOnlyList<double> risks, Func<int, List<double>, Node> leaf, double penalty)
    {
        var nodes = tree.Nodes;
        var cost = new double[nodes.Length];
        var cut = new bool[nodes.Length];
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            cost[i] = risks[i] + penalty;
            if (nodes[i].Feature >= 0)
            {
                // Children come after their parents, so theirs is known.
                var below = cost[nodes[i].Child] + cost[nodes[i].Child + 1];
                cut[i] = cost[i] <= below + 1e-12 * risks[0];
                cost[i] = Math.Min(cost[i], below);
            }
        }

        var gains = new double[tree.Gains.Length];
        var (kept, leaves, covers) = (new List<Node> { default }, new List<double>(), new List<float> { tree.Covers[0] });
        var open = new Stack<(int From, int To)>([(0, 0)]);
        while (open.TryPop(out var next))
        {
            var node = nodes[next.From];
            if (node.Feature < 0 || cut[next.From])
            {
                kept[next.To] = leaf(next.From, leaves);
                continue;
            }

            var child = kept.Count;
            kept[next.To] = node with { Child = child };
            kept.Add(default);
            kept.Add(default);
            covers.Add(tree.Covers[node.Child]);
            covers.Add(tree.Covers[node.Child + 1]);
            gains[node.Feature & ~Node.MissingLeft] += Math.Max(0, risks[next.From] - risks[node.Child] - risks[node.Child + 1]);
            open.Push((node.Child + 1, child + 1));
            open.Push((node.Child, child));
        }

        return new Tree([.. kept], [.. leaves], gains, [.. covers]);
    }
}
