using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The loss still falls in a straight line when the run ends.</summary>
public sealed class LearningRateTooLowCheck : TrainingCheck
{
    private static readonly Threshold Gain = new("gain", 0.1, "share of the starting loss that was gained at most", "A tenth: a run of useful length gets further than that on a task that can be learned (cf. the flat left part of a range test, Smith 2017).");
    private static readonly Threshold Straight = new("straight", 0.3, "fall in the second half over that in the first half, at least", "1 for a straight line; an exponential approach whose time constant is 0.4 of the run or less, one that is nearly done, has 0.3 or less.");

    /// <inheritdoc/>
    public override string Name => "learning-rate-too-low";

    /// <inheritdoc/>
    public override string Definition => "The training loss falls significantly (Mann-Kendall, p < 0.001) but has gained less than a tenth, and in its second half still falls (p < 0.001) at three tenths of the speed of the first half or more.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gain, Straight];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["underfit", "at-chance", "update-ratio"];

    /// <inheritdoc/>
    protected override string Cause => "The learning rate is too low for the number of steps, or the run was stopped long before it had converged.";

    /// <inheritdoc/>
    protected override string Fix => "Raise the learning rate tenfold until the loss turns unstable, and take a third of that; Adam usually begins at 1e-3 (3e-5 for fine-tuning), SGD with momentum at 0.1 to 0.01.";

    /// <inheritdoc/>
    protected override string Verify => "The loss falls fast at first and levels off before the run ends.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Facts.IsPretrained || subject.Signals.Loss is not { } series || series.Finite().Count < 12 || WarmsUp(subject.Signals.LearningRate))
        {
            yield break;
        }

        var curve = new LossCurve(series);
        if (curve.Trend.FallP > 0.001 || curve.Trend.Change >= 0 || -curve.Trend.Change / Math.Max(Math.Abs(curve.Start), 1e-12) > context.Value(Name, Gain) || curve.Progress > context.Value(Name, Gain))
        {
            yield break;
        }

        var early = Robust.TrendOf(curve.Points.Part(0, 0.5)).Change;
        var late = curve.TrendFrom(0.5);
        if (late.FallP < 0.001 && late.Change < 0 && late.Change <= context.Value(Name, Straight) * early)
        {
            yield return Found(Severity.Medium, $"The loss falls in a straight line and has gained {Text(100 * curve.Progress)}% when the run ends.",
                TrainingPlots.Curves("Training loss", "loss", null, ("loss", curve.Points)),
                ("gained", Number(curve.Progress)), ("early_change", Number(early)), ("late_change", Number(late.Change)), ("lr", subject.Signals.LearningRate?.Median() ?? subject.Facts.LearningRate));
        }
    }

    // A rate that is still on its way up when the run ends is no rate to judge.
    private static bool WarmsUp(SignalSeries? rate) => rate is { Count: >= 4 } && rate.Last >= 0.95 * rate.Values.Max() && rate.Values[rate.Count / 2] < 0.7 * rate.Last;
}
