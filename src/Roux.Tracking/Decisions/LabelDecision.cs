namespace Roux.Tracking;

/// <summary>What the label of a row is, as somebody has seen for themselves.</summary>
/// <param name="Row">Place of the row in the data, from 1.</param>
/// <param name="Given">The label that the data have.</param>
/// <param name="Decided">The label that holds: <paramref name="Given"/> where it was right.</param>
/// <param name="Actor">Who says so.</param>
/// <param name="Time">When.</param>
public sealed record LabelDecision(long Row, string Given, string Decided, string Actor, DateTimeOffset Time)
{
    /// <summary>Whether the label is to be changed.</summary>
    public bool IsCorrection => Given != Decided;
}
