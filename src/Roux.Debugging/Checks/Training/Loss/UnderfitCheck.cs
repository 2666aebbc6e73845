using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Little more is learned than a constant answer.</summary>
public sealed class UnderfitCheck : TrainingCheck
{
    private static readonly Threshold Gain = new("gain", 0.1, "share of a constant answer's loss by which training must be better", "McFadden's pseudo R² (1974): 0.2 and more is an excellent fit, below 0.1 a poor one.");

    /// <inheritdoc/>
    public override string Name => "underfit";

    /// <inheritdoc/>
    public override string Definition => "At the end the training loss is less than a tenth better than a constant answer, and has levelled off. That may be all the data holds: compare with a baseline.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gain];

    /// <inheritdoc/>
    protected override string Cause => "Too small a network, too strong regularisation, inputs that say little about the target, or noise that nobody can predict.";

    /// <inheritdoc/>
    protected override string Fix => "Run baselines on the same data (roux baseline): where they do better, enlarge the network or weaken regularisation; where they do no better, look for features.";

    /// <inheritdoc/>
    protected override string Verify => "Training loss comes near or below that of the best baseline.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Facts.Chance is not { } chance || chance <= 0 || subject.Signals.Loss is not { } series || series.Finite().Count < 10)
        {
            yield break;
        }

        var curve = new LossCurve(series);
        var gain = 1 - curve.End / chance;
        if (gain >= 0.02 && gain < context.Value(Name, Gain) && curve.TrendFrom(0.5).FallP > 0.01)
        {
            yield return Found(Severity.Low, $"The training loss, {Text(curve.End)}, is only {Text(100 * gain)}% better than that of a constant answer, {Text(chance)}.",
                TrainingPlots.Curves("Training loss against that of a constant answer", "loss", chance, ("loss", curve.Points)), ("gain", gain), ("constant_answer", chance));
        }
    }
}
