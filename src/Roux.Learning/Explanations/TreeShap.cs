using Roux.Learning.Learners;

namespace Roux.Learning.Explanations;

/// <summary>
/// Exact Shapley values of tree models with path-dependent feature perturbation: absent features take both branches in proportion to the training rows
/// that took them (Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, Algorithm 2; Lundberg et al. 2020).
/// Time for a row grows with leaves times the square of the different features on a path.
/// </summary>
/// <typeparam name="T">How the trees are stored.</typeparam>
internal sealed class TreeShap<T> where T : struct, ICoveredTrees
{
    /// <summary>Deepest tree that is walked by recursion.</summary>
    private const int MostDepth = 2000;

    private readonly T trees;
    private readonly int depth;
    private readonly int path;

    /// <param name="trees">The trees.</param>
    /// <exception cref="InvalidDataException">They are not trees (a node is reached twice), or deeper than 2,000 splits.</exception>
    public TreeShap(T trees)
    {
        this.trees = trees;
        Expectation = [.. Enumerable.Range(0, trees.Outputs).Select(trees.Bias)];
        var seen = new HashSet<int>();
        for (var tree = 0; tree < trees.Trees; tree++)
        {
            seen.Clear();
            var (leaves, deepest) = Survey(tree, seen);
            depth = Math.Max(depth, deepest);
            var different = Math.Min(deepest, trees.Features) + 1.0;
            Cost += leaves * different * different;
        }

        path = Math.Min(depth, trees.Features) + 2;
    }

    /// <summary>The mean output over the training rows, as the covers tell it: one per output.</summary>
    public double[] Expectation { get; }

    /// <summary>About how many steps a row takes.</summary>
    public double Cost { get; }

    /// <summary>Adds the contributions of a row to <paramref name="contributions"/>.</summary>
    /// <param name="row">Its features; NaN is missing.</param>
    /// <param name="contributions">Features x outputs, feature by feature.</param>
    /// <param name="working">From <see cref="Working"/>; one per thread.</param>
    public void Add(ReadOnlySpan<float> row, Span<double> contributions, Element[] working)
    {
        for (var tree = 0; tree < trees.Trees; tree++)
        {
            Walk(new Place(tree, trees.Root(tree), 0, 0, 1, 1, -1), row, contributions, working);
        }
    }

    /// <summary>Memory for one thread.</summary>
    public Element[] Working() => new Element[(depth + 2) * path];

    private (int Leaves, int Depth) Survey(int tree, HashSet<int> seen)
    {
        var (leaves, deepest) = (0, 0);
        var open = new Stack<(int Node, int Depth, double Share)>();
        open.Push((trees.Root(tree), 0, 1));
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next.Node) || next.Depth > MostDepth)
            {
                throw new InvalidDataException(next.Depth > MostDepth ? $"tree {tree} is deeper than {MostDepth} splits" : $"tree {tree} is not a tree: a node is reached twice");
            }

            if (trees.IsLeaf(next.Node))
            {
                leaves++;
                deepest = Math.Max(deepest, next.Depth);
                trees.AddLeaf(tree, next.Node, next.Share, Expectation);
                continue;
            }

            var left = LeftShare(next.Node);
            open.Push((trees.Right(next.Node), next.Depth + 1, next.Share * (1 - left)));
            open.Push((trees.Left(next.Node), next.Depth + 1, next.Share * left));
        }

        return (leaves, deepest);
    }

    /// <summary>Share of a split's training weight that went left; kept off 0 and 1, where the formulas divide by it.</summary>
    private double LeftShare(int node)
    {
        var (left, right) = (trees.Cover(trees.Left(node)), trees.Cover(trees.Right(node)));
        return left + right > 0 ? Math.Clamp(left / (left + right), 1e-9, 1 - 1e-9) : 0.5;
    }

    private void Walk(Place at, ReadOnlySpan<float> row, Span<double> contributions, Element[] working)
    {
        // Each level of the recursion has its own copy of the path, behind its parent's.
        var level = working.AsSpan(at.Level * path, path);
        if (at.Level > 0)
        {
            working.AsSpan((at.Level - 1) * path, at.Length).CopyTo(level);
        }

        var length = at.Length;
        Extend(level, length, at.Zero, at.One, at.Feature);
        if (trees.IsLeaf(at.Node))
        {
            for (var i = 1; i <= length; i++)
            {
                var weight = UnwoundSum(level, length, i) * (level[i].One - level[i].Zero);
                trees.AddLeaf(at.Tree, at.Node, weight, contributions.Slice(level[i].Feature * Expectation.Length, Expectation.Length));
            }

            return;
        }

        var (zero, one) = (1.0, 1.0);
        var feature = trees.Feature(at.Node);
        for (var i = 1; i <= length; i++)
        {
            if (level[i].Feature == feature)
            {
                // The feature was split on before: its two splits become one.
                (zero, one) = (level[i].Zero, level[i].One);
                Unwind(level, length, i);
                length--;
                break;
            }
        }

        var left = LeftShare(at.Node);
        var goesLeft = trees.GoesLeft(at.Node, row);
        Walk(new Place(at.Tree, trees.Left(at.Node), at.Level + 1, length + 1, zero * left, goesLeft ? one : 0, feature), row, contributions, working);
        Walk(new Place(at.Tree, trees.Right(at.Node), at.Level + 1, length + 1, zero * (1 - left), goesLeft ? 0 : one, feature), row, contributions, working);
    }

    /// <summary>EXTEND of the paper: adds a feature to the path; <paramref name="length"/> is the index that it gets.</summary>
    private static void Extend(Span<Element> level, int length, double zero, double one, int feature)
    {
        level[length] = new Element { Feature = feature, Zero = zero, One = one, Weight = length == 0 ? 1 : 0 };
        for (var i = length - 1; i >= 0; i--)
        {
            level[i + 1].Weight += one * level[i].Weight * (i + 1) / (length + 1);
            level[i].Weight = zero * level[i].Weight * (length - i) / (length + 1);
        }
    }

    /// <summary>UNWIND of the paper: takes a feature out again.</summary>
    private static void Unwind(Span<Element> level, int length, int index)
    {
        var (zero, one) = (level[index].Zero, level[index].One);
        var next = level[length].Weight;
        for (var i = length - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var kept = level[i].Weight;
                level[i].Weight = next * (length + 1) / ((i + 1) * one);
                next = kept - level[i].Weight * zero * (length - i) / (length + 1);
            }
            else
            {
                level[i].Weight = level[i].Weight * (length + 1) / (zero * (length - i));
            }
        }

        for (var i = index; i < length; i++)
        {
            (level[i].Feature, level[i].Zero, level[i].One) = (level[i + 1].Feature, level[i + 1].Zero, level[i + 1].One);
        }
    }

    /// <summary>The sum of the weights that <see cref="Unwind"/> would leave.</summary>
    private static double UnwoundSum(Span<Element> level, int length, int index)
    {
        var (zero, one) = (level[index].Zero, level[index].One);
        var next = level[length].Weight;
        var total = 0.0;
        for (var i = length - 1; i >= 0; i--)
        {
            if (one != 0)
            {
                var part = next * (length + 1) / ((i + 1) * one);
                total += part;
                next = level[i].Weight - part * zero * (length - i) / (length + 1);
            }
            else
            {
                total += level[i].Weight * (length + 1) / (zero * (length - i));
            }
        }

        return total;
    }

    /// <summary>A feature on the path: the share of absent rows that flow on, whether the row itself flows on, and the weight of subsets of that size.</summary>
    internal struct Element
    {
        public int Feature;
        public double Zero;
        public double One;
        public double Weight;
    }

    private readonly record struct Place(int Tree, int Node, int Level, int Length, double Zero, double One, int Feature);
}
