using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The loss stopped falling early and for good, far above zero, at an unchanged learning rate.</summary>
public sealed class PlateauCheck : TrainingCheck
{
    private static readonly Threshold Share = new("share", 0.6, "share of the run without progress", "SageMaker Debugger's LossNotDecreasing and Keras' ReduceLROnPlateau act after 10 steps or epochs without progress; more than half of a run is a waste by any standard.");

    /// <inheritdoc/>
    public override string Name => "plateau";

    /// <inheritdoc/>
    public override string Definition => "Over the last 60% of the run the training loss shows no fall (Mann-Kendall, p > 0.05) though most of the loss is left (at least half of the start).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    protected override string Cause => "The network has learned all it can at this learning rate: it is too high to settle, or too small a network, or the rest is noise.";

    /// <inheritdoc/>
    protected override string Fix => "Let the learning rate decay (cosine, or by ten on a plateau); end runs earlier; compare with a baseline to see whether there is more to gain.";

    /// <inheritdoc/>
    protected override string Verify => "After the learning rate drops the loss falls further, or the run is stopped without loss.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.Loss is not { } series || series.Finite().Count < 30)
        {
            yield break;
        }

        var curve = new LossCurve(series);
        var tail = curve.TrendFrom(1 - context.Value(Name, Share));
        if (curve.Progress is > 0.05 and < 0.5 && tail.FallP > 0.05 && Math.Abs(tail.Change) < 0.02 * Math.Abs(curve.Start))
        {
            yield return Found(Severity.Info, $"The loss has not fallen over the last {100 * context.Value(Name, Share):0}% of the run; it stays at {Text(curve.End)}.",
                TrainingPlots.Curves("Training loss", "loss", null, ("loss", curve.Points)), ("level", Number(curve.End)), ("fall_p", tail.FallP));
        }
    }
}
