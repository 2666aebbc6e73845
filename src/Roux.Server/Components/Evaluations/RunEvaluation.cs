using Roux.Learning.Evaluation.Stored;

namespace Roux.Server.Components.Evaluations;

/// <summary>A run's stored predictions.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Name">Its name.</param>
/// <param name="Predictions">The predictions.</param>
/// <param name="Kind">What rows they are of, in words.</param>
/// <param name="Path">Where they lie among the artifacts.</param>
/// <param name="DataDigest">Digest of the data that the rows are of; empty where nothing tells.</param>
/// <param name="Omitted">Rows that were predicted and not stored.</param>
public sealed record RunEvaluation(string RunId, string Name, StoredPredictions Predictions, string Kind, string Path, string DataDigest, int Omitted)
{
    /// <summary>Values of some rows.</summary>
    public ExampleRows Examples { get; init; } = ExampleRows.None;
}
