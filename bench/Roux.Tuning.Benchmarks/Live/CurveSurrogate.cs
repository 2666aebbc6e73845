using System.Numerics.Tensors;
using Roux.Tuning.Numerics;

namespace Roux.Tuning.Benchmarks.Live;

/// <summary>
/// Foretells the learning curve of any configuration from a table: a weighted mean of the curves evaluated, those of its neighbours under
/// extremely randomised trees (Geurts, Ernst and Wehenkel 2006; as neighbours: Lin and Jeon 2006). Trees grow until a leaf holds one
/// configuration, so an evaluated configuration gets its own curve. Between them the mean is smoother than the truth, and no
/// configuration is better than the best of the table.
/// </summary>
internal sealed class CurveSurrogate
{
    private const int Trees = 100;
    private const int Tries = 3;

    private readonly double[][] curves;
    private readonly Node[] trees;
    private readonly bool[] nominal;

    /// <param name="space">Of the points.</param>
    /// <param name="points">Evaluated configurations in the unit cube.</param>
    /// <param name="curves">Their curves.</param>
    public CurveSurrogate(UnitSpace space, IReadOnlyList<double[]> points, IReadOnlyList<double[]> curves)
    {
        this.curves = [.. curves];
        nominal = space.Nominal;

        // Splits look at ranks: how badly a bad configuration does must not decide where the good ones part.
        var ranks = new double[curves.Count];
        foreach (var (index, rank) in Enumerable.Range(0, curves.Count).OrderBy(i => curves[i][^1]).Select((index, rank) => (index, rank)))
        {
            ranks[index] = rank;
        }

        trees = [.. Enumerable.Range(0, Trees).Select(tree => Grow([.. Enumerable.Range(0, curves.Count)], points, ranks, new Rng(7, tree)))];
    }

    /// <summary>The curve at a point of the unit cube.</summary>
    public double[] Predict(double[] point)
    {
        var mean = new double[curves[0].Length];
        foreach (var tree in trees)
        {
            var node = tree;
            while (node.Left is not null)
            {
                node = GoesLeft(point[node.Dimension], node) ? node.Left : node.Right!;
            }

            foreach (var row in node.Rows)
            {
                TensorPrimitives.MultiplyAdd(curves[row], 1.0 / Trees / node.Rows.Length, mean, mean);
            }
        }

        return mean;
    }

    private bool GoesLeft(double value, Node node) => nominal[node.Dimension] ? Math.Abs(value - node.Cut) < 1e-9 : value <= node.Cut;

    private Node Grow(int[] rows, IReadOnlyList<double[]> points, double[] ranks, Rng random)
    {
        var (best, left, right, bestScore) = (new Node(rows), Array.Empty<int>(), Array.Empty<int>(), double.NegativeInfinity);
        for (var attempt = 0; attempt < 10 * Tries && rows.Length > 1 && (attempt < Tries || left.Length == 0); attempt++)
        {
            var dimension = random.Below(nominal.Length);
            var (low, high) = (rows.Min(row => points[row][dimension]), rows.Max(row => points[row][dimension]));
            var node = new Node(rows) { Dimension = dimension, Cut = nominal[dimension] ? points[rows[random.Below(rows.Length)]][dimension] : low + random.Unit() * (high - low) };
            var (a, b) = (Array.FindAll(rows, row => GoesLeft(points[row][dimension], node)), Array.FindAll(rows, row => !GoesLeft(points[row][dimension], node)));
            var score = a.Length == 0 || b.Length == 0 ? double.NegativeInfinity : Square(a.Average(row => ranks[row]), a.Length) + Square(b.Average(row => ranks[row]), b.Length);
            if (score > bestScore)
            {
                (best, left, right, bestScore) = (node, a, b, score);
            }
        }

        if (left.Length > 0)
        {
            (best.Left, best.Right) = (Grow(left, points, ranks, random), Grow(right, points, ranks, random));
        }

        return best;
    }

    private static double Square(double mean, int count) => mean * mean * count;

    private sealed class Node(int[] rows)
    {
        public int[] Rows { get; } = rows;

        public int Dimension { get; init; }

        public double Cut { get; init; }

        public Node? Left { get; set; }

        public Node? Right { get; set; }
    }
}
