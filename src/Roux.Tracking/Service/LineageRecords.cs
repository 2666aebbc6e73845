namespace Roux.Tracking.Service;

/// <summary>What a node of a lineage is.</summary>
internal enum LineageKind
{
    /// <summary>A version of a data set.</summary>
    Data,

    /// <summary>A run.</summary>
    Run,

    /// <summary>A version of a registered model.</summary>
    Model,
}

/// <summary>A thing in a lineage.</summary>
/// <param name="Id">Tells it from the others: <c>data:NAME@DIGEST</c>, <c>run:ID</c>, <c>model:NAME/VERSION</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name of the data set, the run or the model.</param>
/// <param name="Key">Digest, id of the run, or number of the version.</param>
/// <param name="Detail">A word or two more: rows, experiment, stage and aliases.</param>
internal sealed record LineageNode(string Id, LineageKind Kind, string Name, string Key, string Detail)
{
    /// <summary>How a run ended, or that it goes on.</summary>
    public RunStatus? Status { get; init; }
}

/// <summary>The one led to the other.</summary>
/// <param name="From">Id of the node that was there first.</param>
/// <param name="To">Id of the node that came of it.</param>
/// <param name="As">In which part: the context of data, <c>part</c>, <c>model</c>, <c>reproduction</c>, <c>registered</c>.</param>
internal sealed record LineageEdge(string From, string To, string As);

/// <summary>Neighbours of a node that are not in the graph.</summary>
/// <param name="Of">Id of the node.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Count">How many; 0: some.</param>
internal sealed record LineageGap(string Of, LineageKind Kind, long Count);

/// <summary>Where a thing came from and what came of it.</summary>
/// <param name="Start">Id of the node that was asked about.</param>
/// <param name="Nodes">All, the start first.</param>
/// <param name="Edges">All, each once.</param>
/// <param name="Gaps">What was left out.</param>
internal sealed record LineageGraph(string Start, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges, IReadOnlyList<LineageGap> Gaps);
