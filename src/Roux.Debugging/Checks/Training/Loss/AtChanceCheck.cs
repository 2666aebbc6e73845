using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The loss has settled at that of knowing nothing.</summary>
public sealed class AtChanceCheck : TrainingCheck
{
    private static readonly Threshold Near = new("near", 0.98, "level at the end over the loss of knowing nothing, from which on nothing was learned", "The uniform answer, ln k, is the worst that a trained network can settle at; two percent are left for noise and a weak signal.");

    /// <inheritdoc/>
    public override string Name => "at-chance";

    /// <inheritdoc/>
    public override string Definition => "After at least 100 steps or 5 epochs the training loss has settled no lower than the loss of a constant answer: ln k for k classes, or the param baseline_loss.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Near];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["underfit"];

    /// <inheritdoc/>
    protected override string Cause => "The output does not depend on the input: a dead, saturated or zeroed layer on the way, a learning rate so high that the first steps destroyed the network, regularisation that pulls every weight to zero, or labels shuffled against the inputs.";

    /// <inheritdoc/>
    protected override string Fix => "Compare outputs of two different rows; overfit one small batch; check that inputs and labels are shuffled together.";

    /// <inheritdoc/>
    protected override string Verify => "The training loss falls below the constant answer's within the first epochs.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Facts.Chance is not { } chance || chance <= 0 || subject.Signals.Loss is not { } series || series.Finite() is not { Count: >= 5 } finite
            || (finite.Count < 100 && finite.Steps[^1] - finite.Steps[0] < 100 && finite.Steps[^1] - finite.Steps[0] >= 2 * finite.Count))
        {
            yield break;
        }

        var curve = new LossCurve(series);
        // A run of few steps is on its way yet: other checks judge its speed.
        var falling = curve.TrendFrom(0.5) is { FallP: < 0.01, Change: < 0 };
        var level = curve.Points.Median(0.7);
        // A loss with other terms in it may be as high and yet the answers right.
        if (subject.Facts.Classes is { } classes && subject.Signals.Accuracy?.Median(0.7) > 2.0 / classes)
        {
            yield break;
        }

        if (level >= context.Value(Name, Near) * chance && !falling && (finite.Count >= 100 || finite.Count < 60))
        {
            yield return Found(Severity.High, $"The training loss has settled at {Text(level)}, no better than the {Text(chance)} of a constant answer.",
                TrainingPlots.Curves("Training loss against that of a constant answer", "loss", chance, ("loss", curve.Points)),
                ("level", Number(level)), ("constant_answer", chance));
        }
    }
}
