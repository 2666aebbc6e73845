using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Nothing is learned.</summary>
public sealed class LossNotDecreasingCheck : TrainingCheck
{
    private static readonly Threshold Least = new("least", 0.01, "share of the starting loss by which it must have fallen", "SageMaker Debugger's LossNotDecreasing asks for 0.1% per 10 steps; over a whole training one percent is less than that.");

    // Where single values are this uncertain, as a share of the level, a fall at the very beginning would not be seen.
    private const double Unsure = 0.4;

    /// <inheritdoc/>
    public override string Name => "loss-not-decreasing";

    /// <inheritdoc/>
    public override string Definition => "Over the whole run the training loss has no downward trend (Mann-Kendall, p > 0.01) and ends within noise of where it began. A plateau with a fall after it is none; runs of fewer than 5 epochs or 30 steps are not judged.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Least];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["at-chance", "underfit"];

    /// <inheritdoc/>
    protected override string Cause => "No useful gradient reaches the weights: a learning rate far off, parameters that the optimiser was not given, a dead or saturated layer, weights that start at zero, or labels that have nothing to do with the inputs.";

    /// <inheritdoc/>
    protected override string Fix => "Overfit one small batch first; then look at gradient norms and update ratios by layer (watch/LAYER/…), and find a learning rate by a range test.";

    /// <inheritdoc/>
    protected override string Verify => "The same run shows a falling loss (one-sided Mann-Kendall p < 0.01).";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.Loss is not { } series || !LongEnough(series.Finite()))
        {
            yield break;
        }

        var curve = new LossCurve(series);
        var error = 3 * curve.Noise / Math.Sqrt(series.Count >= 50 ? 5 : series.Count >= 20 ? 3 : 1);
        if (error > Unsure * Math.Abs(curve.Start))
        {
            yield break;
        }

        var fell = curve.Start - curve.End > Math.Max(context.Value(Name, Least) * Math.Abs(curve.Start), error);
        var settled = curve.Start - Robust.Median(curve.Points.Part(0.1, 1)) > Math.Max(context.Value(Name, Least) * Math.Abs(curve.Start), error);
        if (fell || settled || curve.Trend.FallP < 0.01)
        {
            yield break;
        }

        // What is well trained from its first step on has nowhere to fall to.
        var good = subject.Facts.IsPretrained || subject.Facts.Chance is { } chance && curve.Start < 0.5 * chance || subject.Signals.Accuracy?.Median(0.9) > 0.9;
        yield return Found(
            good ? Severity.Low : Severity.High,
            $"The loss does not fall: {Text(curve.Start)} at the start, {Text(curve.End)} after {Text(series.Steps[^1] - series.Steps[0] + 1)} steps.",
            TrainingPlots.Curves("Training loss", "loss", curve.Start, ("loss", curve.Points)),
            ("start", Number(curve.Start)), ("end", Number(curve.End)), ("fall_p", curve.Trend.FallP), ("noise", Number(curve.Noise)));
    }

    // Few points are epochs: a step number of a thousand between them tells as much.
    private static bool LongEnough(SignalSeries series) => series.Count >= 30 || series.Count >= 5 && series.Steps[^1] - series.Steps[0] >= 30 || series.Count is >= 5 and < 30 && series.Steps[^1] - series.Steps[0] < 2 * series.Count;
}
