namespace Roux.Learning.Learners;

/// <summary>Trees that know how much training weight reached each node: what exact attributions of tree models need.</summary>
internal interface ICoveredTrees
{
    /// <summary>Number of trees.</summary>
    int Trees { get; }

    /// <summary>Features of a row.</summary>
    int Features { get; }

    /// <summary>Outputs of the model.</summary>
    int Outputs { get; }

    /// <summary>What an output starts from, before any tree.</summary>
    double Bias(int output);

    /// <summary>The root of a tree. What numbers name nodes is the implementation's own.</summary>
    int Root(int tree);

    /// <summary>Whether a node has no children.</summary>
    bool IsLeaf(int node);

    /// <summary>The feature that a node splits on.</summary>
    int Feature(int node);

    /// <summary>A child.</summary>
    int Left(int node);

    /// <summary>A child.</summary>
    int Right(int node);

    /// <summary>Whether a row goes left at a split.</summary>
    bool GoesLeft(int node, ReadOnlySpan<float> row);

    /// <summary>Weight of the training rows that reached a node, not negative.</summary>
    double Cover(int node);

    /// <summary>Adds <paramref name="weight"/> times what a leaf of a tree adds to the model's outputs.</summary>
    void AddLeaf(int tree, int node, double weight, Span<double> outputs);
}
