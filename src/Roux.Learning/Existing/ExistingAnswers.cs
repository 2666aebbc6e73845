using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>What an existing system said of some rows.</summary>
/// <param name="Predictions">One per row, in their order. Labels become certain: probability 1.</param>
/// <param name="Missing">Rows without an answer, scored as the default.</param>
/// <param name="Unknown">Rows answered with a class that the target does not have, scored as the default.</param>
/// <param name="LabelsOnly">Whether there were labels alone, so that metrics of probabilities say little.</param>
/// <param name="Latency">How long answers took; <c>null</c> for a file.</param>
public sealed record ExistingAnswers(Predictions Predictions, int Missing, int Unknown, bool LabelsOnly, ExistingLatency? Latency)
{
    /// <summary>What a reader should know, one line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
