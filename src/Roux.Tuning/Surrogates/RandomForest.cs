using Roux.Tuning.Numerics;

namespace Roux.Tuning.Surrogates;

/// <summary>
/// A forest of regression trees with split points drawn at random between neighbours (Hutter et al. 2011, SMAC; 2014 for the variance):
/// the mean over trees, and the spread within and between their leaves.
/// </summary>
internal sealed class RandomForest
{
    private readonly Node[] trees;

    private RandomForest(Node[] trees) => this.trees = trees;

    public static RandomForest Fit(UnitSpace space, IReadOnlyList<double[]> points, double[] y, Rng random, int count = 30)
    {
        var trees = new Node[count];
        for (var t = 0; t < count; t++)
        {
            var rows = new int[y.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = random.Below(rows.Length);
            }

            trees[t] = Grow(space, points, y, rows, random, 0);
        }

        return new RandomForest(trees);
    }

    public (double Mean, double Variance) Predict(ReadOnlySpan<double> x)
    {
        var (sum, squares, within) = (0.0, 0.0, 0.0);
        foreach (var tree in trees)
        {
            var leaf = tree;
            while (leaf.Left is not null)
            {
                leaf = leaf.GoesLeft(x) ? leaf.Left : leaf.Right!;
            }

            sum += leaf.Mean;
            squares += leaf.Mean * leaf.Mean;
            within += leaf.Variance;
        }

        var mean = sum / trees.Length;
        return (mean, Math.Max(1e-8, squares / trees.Length - mean * mean + within / trees.Length));
    }

    /// <summary>
    /// Share of the forest's variance over the unit cube that each dimension explains by itself: functional ANOVA (Hutter, Hoos and
    /// Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance"), the mean over trees.
    /// </summary>
    public double[] MainEffects(UnitSpace space)
    {
        var effects = new double[space.Dimensions];
        var counted = 0;
        foreach (var tree in trees)
        {
            var leaves = Leaves(tree, space);
            var mean = leaves.Sum(leaf => leaf.Volume * leaf.Mean);
            var variance = leaves.Sum(leaf => leaf.Volume * (leaf.Mean - mean) * (leaf.Mean - mean));
            if (variance < 1e-12)
            {
                continue;
            }

            counted++;
            for (var i = 0; i < effects.Length; i++)
            {
                effects[i] += MainEffect(leaves, i, mean) / variance;
            }
        }

        return Array.ConvertAll(effects, effect => counted == 0 ? 0 : effect / counted);
    }

    /// <summary>Variance of the mean over all other dimensions, along one.</summary>
    private static double MainEffect(List<Leaf> leaves, int dimension, double mean)
    {
        double[] cuts = [.. leaves.SelectMany(leaf => leaf.Parts[dimension]).SelectMany(part => new[] { part.Low, part.High }).Distinct().Order()];
        var variance = 0.0;
        for (var k = 0; k + 1 < cuts.Length; k++)
        {
            var middle = (cuts[k] + cuts[k + 1]) / 2;
            var marginal = 0.0;
            foreach (var leaf in leaves)
            {
                if (leaf.Parts[dimension].Exists(part => part.Low <= middle && middle <= part.High))
                {
                    marginal += leaf.Mean * leaf.Volume / leaf.Parts[dimension].Sum(part => part.High - part.Low);
                }
            }

            variance += (cuts[k + 1] - cuts[k]) * (marginal - mean) * (marginal - mean);
        }

        return variance;
    }

    private static List<Leaf> Leaves(Node root, UnitSpace space)
    {
        var leaves = new List<Leaf>();
        List<(double Low, double High)>[] whole = [.. Enumerable.Range(0, space.Dimensions).Select(i => space.Nominal[i]
            ? Enumerable.Range(0, (int)space.Levels[i]!.Value).Select(level => (level / (double)space.Levels[i]!.Value, (level + 1) / (double)space.Levels[i]!.Value)).ToList()
            : [(0.0, 1.0)])];
        Walk(root, whole);
        return leaves;

        void Walk(Node node, List<(double Low, double High)>[] parts)
        {
            if (node.Left is null)
            {
                var volume = parts.Aggregate(1.0, (product, dimension) => product * dimension.Sum(part => part.High - part.Low));
                if (volume > 0)
                {
                    leaves.Add(new Leaf(parts, volume, node.Mean));
                }

                return;
            }

            var (left, right) = ((List<(double Low, double High)>[])parts.Clone(), (List<(double Low, double High)>[])parts.Clone());
            var here = parts[node.Dimension];
            if (node.Levels is { } levels)
            {
                left[node.Dimension] = here.FindAll(part => levels.Any(level => part.Low < level && level < part.High));
                right[node.Dimension] = here.FindAll(part => !levels.Any(level => part.Low < level && level < part.High));
            }
            else
            {
                left[node.Dimension] = [.. here.Where(part => part.Low < node.Cut).Select(part => (part.Low, Math.Min(part.High, node.Cut)))];
                right[node.Dimension] = [.. here.Where(part => part.High > node.Cut).Select(part => (Math.Max(part.Low, node.Cut), part.High))];
            }

            Walk(node.Left, left);
            Walk(node.Right!, right);
        }
    }

    private sealed record Leaf(List<(double Low, double High)>[] Parts, double Volume, double Mean);

    private static Node Grow(UnitSpace space, IReadOnlyList<double[]> points, double[] y, int[] rows, Rng random, int depth)
    {
        var mean = rows.Average(row => y[row]);
        var variance = rows.Average(row => (y[row] - mean) * (y[row] - mean));
        if (rows.Length < 4 || variance < 1e-12 || depth > 30)
        {
            return new Node(mean, variance);
        }

        var (bestGain, bestDimension, bestCut, bestLevels) = (1e-12, -1, 0.0, default(HashSet<double>));
        int[] dimensions = [.. Enumerable.Range(0, space.Dimensions)];
        random.Shuffle<int>(dimensions);
        foreach (var dimension in dimensions.Take(Math.Max(1, (int)Math.Ceiling(dimensions.Length * 5 / 6.0))))
        {
            var (gain, cut, levels) = space.Nominal[dimension] ? SplitLevels(points, y, rows, dimension) : Split(points, y, rows, dimension, random);
            if (gain > bestGain)
            {
                (bestGain, bestDimension, bestCut, bestLevels) = (gain, dimension, cut, levels);
            }
        }

        if (bestDimension < 0)
        {
            return new Node(mean, variance);
        }

        var node = new Node(mean, variance) { Dimension = bestDimension, Cut = bestCut, Levels = bestLevels };
        var left = Array.FindAll(rows, row => node.GoesLeft(points[row]));
        var right = Array.FindAll(rows, row => !node.GoesLeft(points[row]));
        if (left.Length == 0 || right.Length == 0)
        {
            return new Node(mean, variance);
        }

        node.Left = Grow(space, points, y, left, random, depth + 1);
        node.Right = Grow(space, points, y, right, random, depth + 1);
        return node;
    }

    private static (double Gain, double Cut, HashSet<double>? Levels) Split(IReadOnlyList<double[]> points, double[] y, int[] rows, int dimension, Rng random)
    {
        int[] order = [.. rows.OrderBy(row => points[row][dimension])];
        var total = order.Sum(row => y[row]);
        var (sum, best, cut) = (0.0, double.NegativeInfinity, 0.0);
        for (var i = 0; i + 1 < order.Length; i++)
        {
            sum += y[order[i]];
            var (here, next) = (points[order[i]][dimension], points[order[i + 1]][dimension]);
            if (here == next)
            {
                continue;
            }

            var score = sum * sum / (i + 1) + (total - sum) * (total - sum) / (order.Length - i - 1);
            if (score > best)
            {
                (best, cut) = (score, here + random.Unit() * (next - here));
            }
        }

        return (best - total * total / order.Length, cut, null);
    }

    /// <summary>The best division of levels in two, which for squares is one of those in the order of their means (Fisher 1958).</summary>
    private static (double Gain, double Cut, HashSet<double>? Levels) SplitLevels(IReadOnlyList<double[]> points, double[] y, int[] rows, int dimension)
    {
        var levels = rows.GroupBy(row => points[row][dimension]).Select(group => (Level: group.Key, Sum: group.Sum(row => y[row]), Count: group.Count())).OrderBy(level => level.Sum / level.Count).ToArray();
        var (total, count) = (levels.Sum(level => level.Sum), rows.Length);
        var (sum, n, best, bestCount) = (0.0, 0, double.NegativeInfinity, 0);
        for (var i = 0; i + 1 < levels.Length; i++)
        {
            (sum, n) = (sum + levels[i].Sum, n + levels[i].Count);
            var score = sum * sum / n + (total - sum) * (total - sum) / (count - n);
            if (score > best)
            {
                (best, bestCount) = (score, i + 1);
            }
        }

        return (best - total * total / count, 0, [.. levels.Take(bestCount).Select(level => level.Level)]);
    }

    private sealed class Node(double mean, double variance)
    {
        public double Mean => mean;

        public double Variance => variance;

        public int Dimension { get; init; }

        public double Cut { get; init; }

        public HashSet<double>? Levels { get; init; }

        public Node? Left { get; set; }

        public Node? Right { get; set; }

        public bool GoesLeft(ReadOnlySpan<double> x) => Levels?.Contains(x[Dimension]) ?? x[Dimension] <= Cut;
    }
}
