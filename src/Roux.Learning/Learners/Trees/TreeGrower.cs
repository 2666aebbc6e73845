using System.Runtime.InteropServices;

namespace Roux.Learning.Learners.Trees;

/// <summary>
/// Grows trees over the same data, one at a time, from the root down: CART (Breiman, Friedman, Olshen and Stone 1984),
/// with random subsets of features (Breiman 2001) and random thresholds (Geurts, Ernst and Wehenkel 2006) as the settings say.
/// A grower has its own working memory: one per thread.
/// </summary>
internal sealed class TreeGrower
{
    private readonly TreeData data;
    private readonly TreeSettings settings;
    private readonly CancellationToken cancellation;
    private readonly int[] rows;
    private readonly double[] rowWeights;
    private readonly int[] features;
    private readonly double[] classWeights;
    private readonly double[] rootShares;
    private readonly SplitSearch search;
    private readonly List<Node> nodes = [];
    private readonly List<double> leaves = [];
    private readonly List<double> risks = [];
    private readonly List<float> covers = [];
    private readonly List<double> answers = [];
    private readonly Stack<(int Node, int First, int End, int Depth)> open = [];
    private double[] gains = [];
    private SplitMix64 random;

    public TreeGrower(TreeData data, TreeSettings settings, CancellationToken cancellation)
    {
        this.data = data;
        this.settings = settings;
        this.cancellation = cancellation;
        rows = new int[data.Weights.Length];
        rowWeights = new double[data.Weights.Length];
        features = new int[data.Columns.Columns];
        classWeights = new double[Math.Max(1, data.Classes)];
        rootShares = new double[classWeights.Length];
        search = new SplitSearch(data, settings);
    }

    /// <summary>Impurity times weight of each node of the tree last grown, in the order of its nodes; pruning reads it.</summary>
    public IReadOnlyList<double> Risks => risks;

    /// <summary>Grows one tree.</summary>
    /// <param name="random">All its randomness.</param>
    /// <param name="bootstrap">Whether it sees as many rows drawn with replacement, or all rows once.</param>
    /// <returns><c>null</c> where it was asked to stop before the tree was done.</returns>
    public Tree? Grow(SplitMix64 random, bool bootstrap)
    {
        this.random = random;
        nodes.Clear();
        leaves.Clear();
        risks.Clear();
        covers.Clear();
        answers.Clear();
        open.Clear();
        gains = new double[data.Columns.Columns];
        for (var j = 0; j < features.Length; j++)
        {
            features[j] = j;
        }

        var count = Draw(bootstrap);
        Add();
        open.Push((0, 0, count, 0));
        var sinceLook = 0;
        while (open.TryPop(out var next))
        {
            sinceLook += next.End - next.First + 16;
            if (sinceLook > 20_000)
            {
                sinceLook = 0;
                if (cancellation.IsCancellationRequested)
                {
                    return null;
                }
            }

            Open(next.Node, next.First, next.End, next.Depth);
        }

        return new Tree([.. nodes], [.. leaves], gains, [.. covers]);
    }

    private int Draw(bool bootstrap)
    {
        if (bootstrap)
        {
            Array.Clear(rowWeights);
            for (var i = 0; i < rowWeights.Length; i++)
            {
                rowWeights[random.Next(rowWeights.Length)]++;
            }

            for (var row = 0; row < rowWeights.Length; row++)
            {
                rowWeights[row] *= data.Weights[row];
            }
        }
        else
        {
            data.Weights.CopyTo(rowWeights, 0);
        }

        var count = 0;
        for (var row = 0; row < rowWeights.Length; row++)
        {
            if (rowWeights[row] > 0)
            {
                rows[count++] = row;
            }
        }

        if (count == 0)
        {
            // A bootstrap sample of nothing but rows of weight zero: fall back on all rows.
            return Draw(bootstrap: false);
        }

        return count;
    }

    private void Open(int node, int first, int end, int depth)
    {
        var members = rows.AsSpan(first, end - first);
        var state = search.Enter(members, rowWeights, classWeights);
        if (node == 0)
        {
            for (var k = 0; k < rootShares.Length; k++)
            {
                rootShares[k] = classWeights[k] / state.Weight;
            }
        }

        risks[node] = state.Impurity * state.Weight;
        covers[node] = (float)state.Weight;
        Answer(node, state);
        if (depth >= settings.MaxDepth || members.Length < 2 * settings.MinLeaf || state.Pure || !Find(out var split))
        {
            nodes[node] = Leaf(node, leaves);
            return;
        }

        var middle = first + Partition(members, split);
        gains[split.Feature] += Math.Max(0, split.Gain);
        var child = nodes.Count;
        nodes[node] = new Node { Feature = split.Feature | (split.MissingLeft ? Node.MissingLeft : 0), Threshold = split.Threshold, Child = child };
        Add();
        Add();
        open.Push((child + 1, middle, end, depth + 1));
        open.Push((child, first, middle, depth + 1));
    }

    /// <summary>Looks at features until enough were seen and, if any can split at all, at least one split was found.</summary>
    private bool Find(out Split best)
    {
        best = Split.None;
        var wanted = Math.Min(settings.Features, features.Length);
        var useful = 0;
        for (var seen = 0; seen < features.Length && (seen < wanted || useful == 0); seen++)
        {
            if (settings.RandomOrder)
            {
                var pick = seen + random.Next(features.Length - seen);
                (features[seen], features[pick]) = (features[pick], features[seen]);
            }

            useful += search.Try(features[seen], ref random, ref best) ? 1 : 0;
        }

        return best.Feature >= 0;
    }

    private int Partition(Span<int> members, Split split)
    {
        var codes = data.Columns.Codes[split.Feature];
        var missing = data.Columns.Lows[split.Feature].Length;
        var (left, right) = (0, members.Length - 1);
        while (left <= right)
        {
            var code = codes[members[left]];
            if (code == missing ? split.MissingLeft : code <= split.Code)
            {
                left++;
            }
            else
            {
                (members[left], members[right]) = (members[right], members[left]);
                right--;
            }
        }

        return left;
    }

    /// <summary>Makes a leaf of any node of the tree last grown.</summary>
    /// <param name="node">Index of the node.</param>
    /// <param name="values">Receives the leaf's outputs.</param>
    public Node Leaf(int node, List<double> values)
    {
        var outputs = CollectionsMarshal.AsSpan(answers).Slice(node * classWeights.Length, classWeights.Length);
        if (data.Classes > 0)
        {
            var certain = outputs.IndexOf(1.0);
            if (certain >= 0)
            {
                return new Node { Feature = Node.Certain, Child = certain };
            }
        }

        var leaf = new Node { Feature = Node.Leaf, Child = values.Count };
        values.AddRange(outputs);
        return leaf;
    }

    private void Answer(int node, NodeState state)
    {
        var outputs = CollectionsMarshal.AsSpan(answers).Slice(node * classWeights.Length, classWeights.Length);
        for (var k = 0; k < outputs.Length; k++)
        {
            outputs[k] = data.Classes == 0 ? state.Mean : (classWeights[k] + settings.Smoothing * rootShares[k]) / (state.Weight + settings.Smoothing);
        }
    }

    private void Add()
    {
        nodes.Add(default);
        risks.Add(0);
        covers.Add(0);
        CollectionsMarshal.SetCount(answers, answers.Count + classWeights.Length);
    }
}
