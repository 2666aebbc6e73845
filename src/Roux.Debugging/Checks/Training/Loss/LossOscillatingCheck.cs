using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The loss swings without getting on.</summary>
public sealed class LossOscillatingCheck : TrainingCheck
{
    private static readonly Threshold Swing = new("swing", 0.25, "standard deviation of the level from part to part of the second half, as a share of the level", "A quarter of the level, beyond what the noise of single batches explains; minimisers of stochastic gradient descent wander in proportion to the learning rate (Mandt et al. 2017).");

    /// <inheritdoc/>
    public override string Name => "loss-oscillating";

    /// <inheritdoc/>
    public override string Definition => "In the second half the level of the training loss (medians of 20 parts) swings by more than a quarter of itself, by at least twice what the noise within the parts explains, and does not fall (Mann-Kendall, p > 0.05).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Swing];

    /// <inheritdoc/>
    protected override string Cause => "Steps that overshoot: the learning rate is too high, the batch too small, or the batches are sorted so that each shows another part of the data.";

    /// <inheritdoc/>
    protected override string Fix => "Lower the learning rate by three to ten times or let it decay, enlarge the batch, and shuffle the data every epoch.";

    /// <inheritdoc/>
    protected override string Verify => "The level in the second half falls or stays, and its swing is below a quarter of it.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.Loss is not { } series || series.Finite().Count < 20)
        {
            yield break;
        }

        var curve = new LossCurve(series);
        var half = curve.Points.Part(0.5, 1);
        var parts = Robust.Blocks(half, 20);
        var level = Math.Abs(Robust.Median(parts));
        var swing = 1.4826 * Robust.Median([.. parts.Select(part => Math.Abs(part - Robust.Median(parts)))]);
        var size = half.Length / (double)parts.Length;
        var expected = size < 3 ? 0 : 1.2533 * Robust.Noise(half) / Math.Sqrt(size); // standard error of a median under normal noise
        // A loss near zero swings by multiples of itself and is fine: what counts is the loss that there was to lose.
        var matters = level > 0.05 * Math.Abs(curve.Start);
        if (matters && swing > context.Value(Name, Swing) * level && swing > 2 * expected && Robust.TrendOf(half).FallP > 0.05)
        {
            yield return Found(Severity.Medium, $"The loss swings between {Text(Robust.Quantile(parts, 0.1))} and {Text(Robust.Quantile(parts, 0.9))} in the second half and gets no further.",
                TrainingPlots.Curves("Training loss", "loss", null, ("loss", curve.Points)),
                ("swing", Number(swing / level)), ("expected_of_noise", Number(expected / level)));
        }
    }
}
