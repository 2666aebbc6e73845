using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Boosting;

/// <summary>
/// A sum of binary decision trees in flat arrays, with its own traversal: a stored model can be scored where no native library is,
/// from any number of threads, and a damaged one can at worst be refused.
/// </summary>
internal sealed partial class TreeEnsemble
{
    private const uint CategoricalBit = 1u << 31;
    private const uint DefaultLeftBit = 1u << 30;
    private const int MissingShift = 28;
    private const uint FeatureMask = (1u << MissingShift) - 1;
    private const int RowsPerBlock = 64;

    private readonly Node[] nodes;
    private readonly int[] roots;
    private readonly double[] leaves;
    private readonly int[] bitsetStarts;
    private readonly uint[] bitsets;
    private readonly double[] gains;
    private readonly double[]? splitCovers;
    private readonly double[]? leafCovers;

    private TreeEnsemble(
        int features, int outputs, double[] bias, Node[] nodes, int[] roots, double[] leaves, int[] bitsetStarts, uint[] bitsets, double[] gains, double[]? splitCovers, double[]? leafCovers)
    {
        (Features, Outputs, Bias) = (features, outputs, bias);
        (this.nodes, this.roots, this.leaves, this.bitsetStarts, this.bitsets, this.gains) = (nodes, roots, leaves, bitsetStarts, bitsets, gains);
        (this.splitCovers, this.leafCovers) = (splitCovers, leafCovers);
    }

    /// <summary>Number of features a row must have.</summary>
    public int Features { get; }

    /// <summary>Raw scores per row; tree t adds to output t mod Outputs.</summary>
    public int Outputs { get; }

    /// <summary>What each output starts from.</summary>
    public double[] Bias { get; }

    /// <summary>Number of trees.</summary>
    public int Trees => roots.Length;

    /// <summary>Number of leaves of all trees.</summary>
    public int Leaves => leaves.Length;

    /// <summary>Number of splits of all trees.</summary>
    public int Splits => nodes.Length;

    /// <summary>Total gain of the splits on each feature.</summary>
    public double[] GainByFeature()
    {
        var total = new double[Features];
        for (var i = 0; i < nodes.Length; i++)
        {
            total[nodes[i].Packed & FeatureMask] += Math.Max(0, gains[i]);
        }

        return total;
    }

    /// <summary>Adds <paramref name="weight"/> times the raw scores of rows to <paramref name="scores"/>.</summary>
    /// <param name="rows">Rows x Features, row-major; NaN is missing.</param>
    /// <param name="scores">Rows x Outputs, row-major.</param>
    /// <param name="weight">Factor on every score, such as one over the number of averaged ensembles.</param>
    public void AddScores(ReadOnlySpan<float> rows, Span<double> scores, double weight)
    {
        var count = scores.Length / Outputs;
        Span<double> sums = stackalloc double[RowsPerBlock];
        for (var start = 0; start < count; start += RowsPerBlock)
        {
            var size = Math.Min(RowsPerBlock, count - start);
            var block = rows.Slice(start * Features, size * Features);
            for (var output = 0; output < Outputs; output++)
            {
                // One tree stays in the cache while a block of rows walks it. Each row sums its trees in order, so the result does not depend on the block.
                sums[..size].Fill(Bias[output]);
                for (var tree = output; tree < roots.Length; tree += Outputs)
                {
                    for (var row = 0; row < size; row++)
                    {
                        sums[row] += leaves[~Leaf(roots[tree], block.Slice(row * Features, Features))];
                    }
                }

                for (var row = 0; row < size; row++)
                {
                    scores[(start + row) * Outputs + output] += weight * sums[row];
                }
            }
        }
    }

    private int Leaf(int node, ReadOnlySpan<float> row)
    {
        while (node >= 0)
        {
            ref readonly var split = ref nodes[node];
            node = IsLeft(split, row) ? split.Left : split.Right;
        }

        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsLeft(in Node split, ReadOnlySpan<float> row)
    {
        var value = row[(int)(split.Packed & FeatureMask)];
        return split.Packed >= CategoricalBit || (split.Packed >> MissingShift & 3) == (uint)MissingKind.Zero || float.IsNaN(value)
            ? IsLeftUnusual(split, value)
            : value <= split.Threshold;
    }

    /// <summary>A split on a set of categories, or a missing value.</summary>
    private bool IsLeftUnusual(in Node split, float value)
    {
        var defaultLeft = (split.Packed & DefaultLeftBit) != 0;
        var missing = (MissingKind)(split.Packed >> MissingShift & 3);
        if (split.Packed >= CategoricalBit)
        {
            if (float.IsNaN(value) || value < 0)
            {
                return defaultLeft;
            }

            var set = BitConverter.SingleToInt32Bits(split.Threshold);
            var word = (long)value / 32;
            var start = bitsetStarts[set];
            return word < bitsetStarts[set + 1] - start && (bitsets[start + (int)word] >> (int)((long)value % 32) & 1) != 0;
        }

        return missing switch
        {
            MissingKind.NaN when float.IsNaN(value) => defaultLeft,
            MissingKind.Zero when float.IsNaN(value) || Math.Abs(value) <= 1e-35f => defaultLeft,
            _ => (float.IsNaN(value) ? 0 : value) <= split.Threshold,
        };
    }

    /// <summary>What counts as missing at a split.</summary>
    internal enum MissingKind
    {
        /// <summary>Nothing: NaN is read as 0.</summary>
        None,

        /// <summary>Zero and NaN take the default side.</summary>
        Zero,

        /// <summary>NaN takes the default side.</summary>
        NaN,
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Node(float threshold, uint packed, int left, int right)
    {
        /// <summary>Values up to this go left; for a set of categories the bits of its number.</summary>
        public readonly float Threshold = threshold;

        /// <summary>Feature and flags.</summary>
        public readonly uint Packed = packed;

        /// <summary>Index of a node, or the complement of the index of a leaf.</summary>
        public readonly int Left = left;

        /// <summary>As <see cref="Left"/>.</summary>
        public readonly int Right = right;
    }

    /// <summary>Collects trees from an untrusted description and checks that every walk ends in a leaf.</summary>
    internal sealed class Builder
    {
        private readonly int features;
        private readonly int outputs;
        private readonly List<Node> nodes = [];
        private readonly List<int> roots = [];
        private readonly List<double> leaves = [];
        private readonly List<int> bitsetStarts = [0];
        private readonly List<uint> bitsets = [];
        private readonly List<double> gains = [];
        private readonly List<double> splitCovers = [];
        private readonly List<double> leafCovers = [];
        private int treeNodes;
        private int treeLeaves;

        /// <exception cref="InvalidDataException">Out of range.</exception>
        public Builder(int features, int outputs)
        {
            if (features is < 1 or > (int)FeatureMask || outputs is < 1 or > 1_000_000)
            {
                throw new InvalidDataException($"a tree ensemble of {features} features and {outputs} outputs is not possible");
            }

            (this.features, this.outputs) = (features, outputs);
        }

        /// <summary>Starts a tree of so many splits and one leaf more. Node 0 is the root; children are named by their node, or by the complement of their leaf.</summary>
        public void BeginTree(int splitCount)
        {
            (treeNodes, treeLeaves) = (nodes.Count, leaves.Count);
            roots.Add(splitCount > 0 ? treeNodes : ~treeLeaves);
        }

        /// <summary>Adds the value of the next leaf of this tree.</summary>
        public void AddLeaf(double value)
        {
            if (!double.IsFinite(value))
            {
                throw new InvalidDataException($"tree {roots.Count - 1} has a leaf of value {value}");
            }

            leaves.Add(value);
        }

        /// <summary>Adds a split at a threshold: values up to it go left.</summary>
        public void AddThresholdSplit(int feature, double threshold, MissingKind missing, bool defaultLeft, int left, int right, double gain)
        {
            if (double.IsNaN(threshold))
            {
                throw new InvalidDataException($"tree {roots.Count - 1} splits at NaN");
            }

            // For a float x: x <= t exactly when x <= (the largest float not above t).
            var floor = (float)threshold;
            if (floor > threshold)
            {
                floor = MathF.BitDecrement(floor);
            }

            Add(floor, feature, (uint)missing << MissingShift | (defaultLeft ? DefaultLeftBit : 0), left, right, gain);
        }

        /// <summary>Adds a split by category: members of the set go left, missing values to the default side.</summary>
        /// <param name="feature">The feature.</param>
        /// <param name="set">Bit c % 32 of word c / 32 is set for the members c.</param>
        /// <param name="defaultLeft">Where missing values go.</param>
        /// <param name="left">Child.</param>
        /// <param name="right">Child.</param>
        /// <param name="gain">What the split won.</param>
        public void AddCategorySplit(int feature, ReadOnlySpan<uint> set, bool defaultLeft, int left, int right, double gain)
        {
            bitsets.AddRange(set);
            bitsetStarts.Add(bitsets.Count);
            Add(BitConverter.Int32BitsToSingle(bitsetStarts.Count - 2), feature, CategoricalBit | (defaultLeft ? DefaultLeftBit : 0), left, right, gain);
        }

        private void Add(float threshold, int feature, uint flags, int left, int right, double gain)
        {
            if ((uint)feature >= (uint)features)
            {
                throw new InvalidDataException($"tree {roots.Count - 1} splits on feature {feature} of {features}");
            }

            nodes.Add(new Node(threshold, flags | (uint)feature, Globalise(left), Globalise(right)));
            gains.Add(double.IsFinite(gain) ? gain : 0);
        }

        private int Globalise(int child) => child >= 0 ? checked(treeNodes + child) : ~checked(treeLeaves + ~child);

        /// <summary>Adds how much training weight reached the splits and leaves of this tree, in their order; for all trees or for none.</summary>
        public void AddCovers(ReadOnlySpan<double> splits, ReadOnlySpan<double> leaves)
        {
            foreach (var cover in splits)
            {
                splitCovers.Add(double.IsFinite(cover) && cover >= 0 ? cover : throw new InvalidDataException($"tree {roots.Count - 1} has a split of cover {cover}"));
            }

            foreach (var cover in leaves)
            {
                leafCovers.Add(double.IsFinite(cover) && cover >= 0 ? cover : throw new InvalidDataException($"tree {roots.Count - 1} has a leaf of cover {cover}"));
            }
        }

        /// <summary>Ends a tree.</summary>
        /// <exception cref="InvalidDataException">It is not a tree: a child is missing, or is the child of two.</exception>
        public void EndTree()
        {
            var nodeCount = nodes.Count - treeNodes;
            var leafCount = leaves.Count - treeLeaves;
            var seenNodes = new bool[nodeCount];
            var seenLeaves = new bool[leafCount];
            var pending = new Stack<int>();
            pending.Push(roots[^1]);
            var reached = 0;
            while (pending.TryPop(out var next))
            {
                var seen = next >= 0 ? seenNodes : seenLeaves;
                var index = next >= 0 ? next - treeNodes : ~next - treeLeaves;
                if ((uint)index >= (uint)seen.Length || seen[index])
                {
                    throw new InvalidDataException($"tree {roots.Count - 1} is not a tree: {(next >= 0 ? "node" : "leaf")} {index} is {((uint)index >= (uint)seen.Length ? "missing" : "reached twice")}");
                }

                seen[index] = true;
                reached++;
                if (next >= 0)
                {
                    pending.Push(nodes[next].Right);
                    pending.Push(nodes[next].Left);
                }
            }

            if (reached != nodeCount + leafCount)
            {
                throw new InvalidDataException($"tree {roots.Count - 1} has {nodeCount + leafCount - reached} parts that nothing leads to");
            }
        }

        /// <summary>The finished ensemble.</summary>
        /// <param name="bias">What each output starts from.</param>
        public TreeEnsemble Build(double[] bias)
        {
            if (bias.Length != outputs || !bias.All(double.IsFinite))
            {
                throw new InvalidDataException($"a tree ensemble of {outputs} outputs needs as many finite starting scores");
            }

            if (roots.Count % outputs != 0)
            {
                throw new InvalidDataException($"{roots.Count} trees do not divide among {outputs} outputs");
            }

            var covered = splitCovers.Count == nodes.Count && leafCovers.Count == leaves.Count;
            return new TreeEnsemble(
                features, outputs, bias, [.. nodes], [.. roots], [.. leaves], [.. bitsetStarts], [.. bitsets], [.. gains],
                covered ? [.. splitCovers] : null, covered ? [.. leafCovers] : null);
        }
    }
}
