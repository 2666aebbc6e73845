namespace Roux.Tracking.Reproduction;

/// <summary>A metric of a run beside the same of its repetition.</summary>
/// <param name="Metric">Its name; those of parts of the run have the part's name before it: <c>fold 1 › loss</c>.</param>
/// <param name="First">Latest value in the first run; null where it has none.</param>
/// <param name="Again">Latest value in the repetition; null where it has none.</param>
/// <param name="Points">Points of the first run's series.</param>
/// <param name="Equal">Whether all steps are equal within the tolerance; true also where the metric is not compared.</param>
/// <param name="Tolerance">The tolerance.</param>
/// <param name="Source">Where the tolerance comes from.</param>
/// <param name="Note">Where a series first differs; empty for nothing to say.</param>
public sealed record MetricCheck(string Metric, double? First, double? Again, int Points, bool Equal, string Tolerance, string Source, string Note)
{
    /// <summary>Whether it was compared.</summary>
    public bool IsCompared => Tolerance != "ignore";
}
