using Roux.Learning.Data;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Trees;

internal sealed partial class ForestModel
{
    /// <summary>The trees as what explains them walks over; <c>null</c> where the model does not know how many rows reached its nodes.</summary>
    public Walk? Walks => covers is null ? null : new Walk(this);

    /// <summary>The kind of task.</summary>
    public TaskKind Task => head.Task;

    /// <summary>Files of earlier versions have no covers; those models predict as ever and are explained by sampling.</summary>
    private static float[]? ReadCovers(ArchiveReader archive, int nodes)
    {
        if (!archive.Has("cover.npy"))
        {
            return null;
        }

        var covers = StoredJson.Long(archive.ReadFloats("cover"), nodes, "cover");
        return Array.TrueForAll(covers, cover => float.IsFinite(cover) && cover >= 0) ? covers : throw new InvalidDataException("cover.npy: a node has a weight below 0");
    }

    /// <summary>A walk over the trees of a forest; each tree adds its share of the mean.</summary>
    internal readonly struct Walk(ForestModel forest) : ICoveredTrees
    {
        public int Trees => forest.roots.Length;

        public int Features => forest.head.Columns;

        /// <summary>Of two classes, the probability of the second says all.</summary>
        public int Outputs => forest.head.Task == TaskKind.Binary ? 1 : forest.head.Width;

        public double Bias(int output) => 0;

        public int Root(int tree) => forest.roots[tree];

        public bool IsLeaf(int node) => forest.nodes[node].Feature < 0;

        public int Feature(int node) => forest.nodes[node].Feature & ~Node.MissingLeft;

        public int Left(int node) => forest.nodes[node].Child;

        public int Right(int node) => forest.nodes[node].Child + 1;

        public double Cover(int node) => forest.covers![node];

        public bool GoesLeft(int node, ReadOnlySpan<float> row)
        {
            ref readonly var split = ref forest.nodes[node];
            var value = row[split.Feature & ~Node.MissingLeft];
            return float.IsNaN(value) ? (split.Feature & Node.MissingLeft) != 0 : value <= split.Threshold;
        }

        public void AddLeaf(int tree, int node, double weight, Span<double> outputs)
        {
            ref readonly var leaf = ref forest.nodes[node];
            weight /= forest.roots.Length;
            var skipped = forest.head.Width - outputs.Length;
            if (leaf.Feature == Node.Certain)
            {
                if (leaf.Child >= skipped)
                {
                    outputs[leaf.Child - skipped] += weight;
                }

                return;
            }

            for (var k = 0; k < outputs.Length; k++)
            {
                outputs[k] += weight * forest.leaves[leaf.Child + skipped + k];
            }
        }
    }
}
