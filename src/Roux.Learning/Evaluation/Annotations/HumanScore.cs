namespace Roux.Learning.Evaluation.Annotations;

/// <summary>How well people do the task.</summary>
/// <param name="Metric">What they are measured by.</param>
/// <param name="Score">The mean over annotators, weighted by their items, with the 95% interval over annotators; it holds for another annotator of the same kind.</param>
/// <param name="Annotators">Each annotator's own score, in the order of the set; NaN for one who shares no item with the reference.</param>
/// <param name="Reference">What their answers were compared with.</param>
public sealed record HumanScore(Metric Metric, Interval Score, IReadOnlyList<AnnotatorScore> Annotators, string Reference)
{
    /// <summary>The error that goes with the score, lower is better: 1 less the score for metrics that are best at 1, else the score itself.</summary>
    public Interval Error => Metric.HigherIsBetter ? new Interval(1 - Score.Estimate, 1 - Score.High, 1 - Score.Low, Score.Method) : Score;
}

/// <summary>How well one annotator does the task.</summary>
/// <param name="Annotator">Who.</param>
/// <param name="Items">Number of items compared.</param>
/// <param name="Score">In the metric; NaN without an item.</param>
public sealed record AnnotatorScore(string Annotator, int Items, double Score);
