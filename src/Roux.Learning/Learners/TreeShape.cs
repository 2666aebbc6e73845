using Roux.Learning.Learners.Boosting;
using Roux.Learning.Learners.Trees;

namespace Roux.Learning.Learners;

/// <summary>How large the trees of a model are.</summary>
/// <param name="Trees">Number of trees.</param>
/// <param name="Depth">Most splits from a root to a leaf.</param>
/// <param name="Leaves">Leaves of all trees.</param>
/// <param name="LeafRows">Median weight of the training rows in a leaf (their number, where rows are not weighted).</param>
public sealed record TreeShape(int Trees, int Depth, int Leaves, double LeafRows)
{
    /// <summary>The shape of a model's trees; <c>null</c> where it has none, or is of a file too old to tell.</summary>
    public static TreeShape? Of(Model model)
    {
        try
        {
            return model switch
            {
                ForestModel { Walks: { } walk } => Of([walk]),
                BoostedTreesModel boosted when boosted.Walks() is { } walks => Of(walks),
                _ => null,
            };
        }
        catch (InvalidDataException)
        {
            return null; // trees that are none
        }
    }

    private static TreeShape Of<T>(IReadOnlyList<T> walks) where T : struct, ICoveredTrees
    {
        var (trees, depth) = (0, 0);
        var leaves = new List<double>();
        foreach (var walk in walks)
        {
            trees += walk.Trees;
            for (var tree = 0; tree < walk.Trees; tree++)
            {
                var open = new Stack<(int Node, int Depth)>([(walk.Root(tree), 0)]);
                while (open.TryPop(out var at))
                {
                    depth = Math.Max(depth, at.Depth);
                    if (walk.IsLeaf(at.Node))
                    {
                        leaves.Add(walk.Cover(at.Node));
                    }
                    else
                    {
                        open.Push((walk.Left(at.Node), at.Depth + 1));
                        open.Push((walk.Right(at.Node), at.Depth + 1));
                    }
                }
            }
        }

        leaves.Sort();
        return new TreeShape(trees, depth, leaves.Count, leaves.Count == 0 ? 0 : leaves[leaves.Count / 2]);
    }
}
