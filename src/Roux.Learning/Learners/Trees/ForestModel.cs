using System.Runtime.InteropServices;
using Roux.Learning.Data;
using Roux.Learning.Features;
using Roux.Learning.Pipelines;

namespace Roux.Learning.Learners.Trees;

/// <summary>One tree or the mean of many, in flat arrays.</summary>
internal sealed partial class ForestModel : Model
{
    public const string KindName = "forest";

    private readonly ModelHead head;
    private readonly Node[] nodes;
    private readonly int[] roots;
    private readonly double[] leaves;
    private readonly double[] importance;
    private readonly float[]? covers;

    /// <param name="head">Task and shape.</param>
    /// <param name="nodes">All trees' nodes, tree after tree.</param>
    /// <param name="roots">Where each tree starts.</param>
    /// <param name="leaves">All leaves' outputs.</param>
    /// <param name="importance">One a feature.</param>
    /// <param name="covers">Per node: weight of the training rows that reached it; <c>null</c> where a file of an earlier version does not tell.</param>
    private ForestModel(ModelHead head, Node[] nodes, int[] roots, double[] leaves, double[] importance, float[]? covers) =>
        (this.head, this.nodes, this.roots, this.leaves, this.importance, this.covers) = (head, nodes, roots, leaves, importance, covers);

    public override string Kind => KindName;

    /// <summary>Feature, threshold of each split; outputs of each leaf.</summary>
    public override long ParameterCount => nodes.LongLength + leaves.LongLength;

    /// <summary>Share of the impurity taken away by each feature's splits, per tree scaled to sum to 1, then averaged (Breiman 2001, as in scikit-learn).</summary>
    public override double[] Importance => importance;

    /// <summary>Number of trees.</summary>
    public int Trees => roots.Length;

    /// <summary>Number of nodes of all trees.</summary>
    public int Nodes => nodes.Length;

    /// <summary>Puts trees together.</summary>
    /// <exception cref="LearnerException">More nodes than one array can hold.</exception>
    public static ForestModel Of(ModelHead head, IReadOnlyList<Tree> trees)
    {
        var nodeCount = trees.Sum(tree => tree.Nodes.LongLength);
        var leafCount = trees.Sum(tree => tree.Leaves.LongLength);
        if (nodeCount > 150_000_000 || leafCount > 150_000_000)
        {
            throw new LearnerException($"the forest has {nodeCount} nodes, too many to keep: ask for fewer trees (n_estimators) or larger leaves (min_samples_leaf)");
        }

        var nodes = new Node[nodeCount];
        var leaves = new double[leafCount];
        var covers = new float[nodeCount];
        var roots = new int[trees.Count];
        var importance = new double[head.Columns];
        var (node, leaf) = (0, 0);
        for (var t = 0; t < trees.Count; t++)
        {
            roots[t] = node;
            trees[t].Covers.CopyTo(covers, node);
            foreach (var part in trees[t].Nodes)
            {
                nodes[node++] = part with { Child = part.Child + (part.Feature >= 0 ? roots[t] : part.Feature == Node.Leaf ? leaf : 0) };
            }

            trees[t].Leaves.CopyTo(leaves, leaf);
            leaf += trees[t].Leaves.Length;
            var total = trees[t].Gains.Sum();
            for (var j = 0; j < importance.Length && total > 0; j++)
            {
                importance[j] += trees[t].Gains[j] / total / trees.Count;
            }
        }

        return new ForestModel(head, nodes, roots, leaves, importance, covers);
    }

    public override Predictions Predict(FeatureMatrix x)
    {
        head.Check(x);
        var values = new double[(long)x.Rows * head.Width];
        var threads = (long)x.Rows * roots.Length > 200_000 ? Environment.ProcessorCount : 1;
        Loops.Blocks(x.Rows, 256, threads, CancellationToken.None, (first, end, _) =>
        {
            var block = x.Dense is { } dense ? dense.AsSpan(first * x.Columns, (end - first) * x.Columns) : TreeData.Densify(x, first, end).Dense.AsSpan();
            var outputs = values.AsSpan(first * head.Width, (end - first) * head.Width);
            foreach (var root in roots)
            {
                for (var row = 0; row < end - first; row++)
                {
                    AddTree(root, block.Slice(row * x.Columns, x.Columns), outputs.Slice(row * head.Width, head.Width));
                }
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] /= roots.Length;
            }
        });
        return new Predictions(head.Task, head.Width, values);
    }

    public override void Write(ArchiveWriter archive)
    {
        var json = head.ToJson();
        json["trees"] = roots.Length;
        archive.WriteJson("model", json);
        var features = new int[nodes.Length];
        var thresholds = new float[nodes.Length];
        var children = new int[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            (features[i], thresholds[i], children[i]) = (nodes[i].Feature, nodes[i].Threshold, nodes[i].Child);
        }

        archive.WriteArray("feature", features);
        archive.WriteArray("threshold", thresholds);
        archive.WriteArray("child", children);
        archive.WriteArray("roots", roots);
        archive.WriteArray("leaves", leaves);
        archive.WriteArray("importance", importance);
        if (covers is not null)
        {
            archive.WriteArray("cover", covers);
        }
    }

    public static ForestModel Read(ArchiveReader archive)
    {
        var (head, _) = ModelHead.Read(archive);
        var features = archive.ReadInts("feature");
        var thresholds = StoredJson.Long(archive.ReadFloats("threshold"), features.Length, "threshold");
        var children = StoredJson.Long(archive.ReadInts("child"), features.Length, "child");
        var leaves = archive.ReadDoubles("leaves");
        var roots = archive.ReadInts("roots");
        var nodes = new Node[features.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new Node { Feature = features[i], Threshold = thresholds[i], Child = children[i] };
            var fits = features[i] switch
            {
                Node.Leaf => children[i] >= 0 && children[i] <= leaves.Length - head.Width,
                Node.Certain => head.Task != TaskKind.Regression && children[i] >= 0 && children[i] < head.Width,
                >= 0 => (features[i] & ~Node.MissingLeft) < head.Columns && children[i] > i && children[i] < nodes.Length - 1, // onwards only: no walk is endless
                _ => false,
            };
            if (!fits)
            {
                throw new InvalidDataException($"node {i} of the forest points outside it");
            }
        }

        if (roots.Length == 0 || roots.Any(root => root < 0 || root >= nodes.Length))
        {
            throw new InvalidDataException("roots.npy: a tree starts outside the forest");
        }

        var importance = StoredJson.Long(archive.ReadDoubles("importance"), head.Columns, "importance");
        return new ForestModel(head, nodes, roots, leaves, importance, ReadCovers(archive, nodes.Length));
    }

    private void AddTree(int at, ReadOnlySpan<float> row, Span<double> outputs)
    {
        ref var all = ref MemoryMarshal.GetArrayDataReference(nodes);
        while (true)
        {
            ref var node = ref System.Runtime.CompilerServices.Unsafe.Add(ref all, at); // in bounds: checked when grown or read
            if (node.Feature < 0)
            {
                if (node.Feature == Node.Certain)
                {
                    outputs[node.Child]++;
                }
                else
                {
                    for (var k = 0; k < outputs.Length; k++)
                    {
                        outputs[k] += leaves[node.Child + k];
                    }
                }

                return;
            }

            var value = row[node.Feature & ~Node.MissingLeft];
            var left = float.IsNaN(value) ? (node.Feature & Node.MissingLeft) != 0 : value <= node.Threshold;
            at = node.Child + (left ? 0 : 1);
        }
    }
}
