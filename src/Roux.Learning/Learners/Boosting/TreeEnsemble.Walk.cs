namespace Roux.Learning.Learners.Boosting;

internal sealed partial class TreeEnsemble
{
    /// <summary>The trees as what explains them walks over; <c>null</c> where covers were not read or are not stored.</summary>
    public Walk? Walks => splitCovers is null ? null : new Walk(this);

    /// <summary>A walk over the trees; leaves are named by the complement of their index.</summary>
    internal readonly struct Walk(TreeEnsemble ensemble) : ICoveredTrees
    {
        public int Trees => ensemble.roots.Length;

        public int Features => ensemble.Features;

        public int Outputs => ensemble.Outputs;

        public double Bias(int output) => ensemble.Bias[output];

        public int Root(int tree) => ensemble.roots[tree];

        public bool IsLeaf(int node) => node < 0;

        public int Feature(int node) => (int)(ensemble.nodes[node].Packed & FeatureMask);

        public int Left(int node) => ensemble.nodes[node].Left;

        public int Right(int node) => ensemble.nodes[node].Right;

        public double Cover(int node) => node < 0 ? ensemble.leafCovers![~node] : ensemble.splitCovers![node];

        public bool GoesLeft(int node, ReadOnlySpan<float> row) => ensemble.IsLeft(ensemble.nodes[node], row);

        public void AddLeaf(int tree, int node, double weight, Span<double> outputs) => outputs[tree % ensemble.Outputs] += weight * ensemble.leaves[~node];
    }
}
