using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The first loss against what theory expects of a network that knows nothing.</summary>
public sealed class InitialLossCheck : TrainingCheck
{
    private static readonly Threshold Above = new("above", 2, "first loss over its theoretical value, from which on it is too high", "Outputs near zero give ln k (cross entropy of the uniform distribution); twice that means confident and wrong, which outputs of unit variance (adding about half a nat) do not reach. 'Verify loss @ init' (Karpathy 2019, A Recipe for Training Neural Networks).");
    private static readonly Threshold Below = new("below", 0.5, "first loss over its theoretical value, below which it is too low", "A network that has seen nothing cannot know half of the answer.");

    private static readonly Threshold Nats = new("nats", 3, "cross entropy above its theoretical value, from which on it matters much", "e^3: the right class is given a twentieth of the probability that a blind guess gives it; He's initialisation of the last layer, too, stays below.");

    /// <inheritdoc/>
    public override string Name => "initial-loss";

    /// <inheritdoc/>
    public override string Definition => "The loss at the first step (step 0 or 1) against the loss of knowing nothing: ln k for k classes, the mean square of the target for squared error.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Above, Nats, Below];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Too high: weights that start too large, inputs that are not scaled, a loss that is summed instead of averaged, or an output bias that does not suit the data. Too low: the answer is among the inputs, the weights were trained before, or the loss is divided once too often.";

    /// <inheritdoc/>
    protected override string Fix => "Scale inputs to mean 0 and deviation 1, initialise by He or Glorot, set the output's bias to the log frequencies (or the mean), and average the loss over rows.";

    /// <inheritdoc/>
    protected override string Verify => "The loss of the first batch, before any step, lies within 0.5 to 2 times the theoretical value.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (Expected(subject) is not { } chance || chance <= 0 || First(subject, chance) is not { } first || !double.IsFinite(first.Loss))
        {
            yield break;
        }

        var ratio = first.Loss / chance;
        if (first.Loss - 3 * Early(subject).Noise > context.Value(Name, Above) * chance)
        {
            // A few nats too many are soon unlearned.
            var much = subject.Facts.Loss == LossKind.Squared ? ratio > 10 : first.Loss - chance > context.Value(Name, Nats);
            yield return Found(much ? Severity.Medium : Severity.Low, $"The first loss is {Text(first.Loss)}; a network that knows nothing has about {Text(chance)}.", Plot(subject, chance),
                ("first_loss", first.Loss), ("expected", chance), ("ratio", ratio));
        }
        else if (first.IsStep && first.Loss + 3 * Early(subject).Noise < context.Value(Name, Below) * chance && !subject.Facts.IsPretrained)
        {
            yield return Found(Severity.Low, $"The first loss is {Text(first.Loss)}, less than half of the {Text(chance)} of knowing nothing.", Plot(subject, chance),
                ("first_loss", first.Loss), ("expected", chance), ("ratio", ratio));
        }
    }

    private static Findings.EvidencePlot? Plot(TrainingSubject subject, double chance) =>
        subject.Signals.Loss is { } loss ? TrainingPlots.Curves("Training loss against that of knowing nothing", "loss", chance, ("loss", loss)) : null;

    // Of a squared error the network's first answer, about zero, is off by the mean square, not by the variance.
    private static double? Expected(TrainingSubject subject)
    {
        if (subject.Network is not { } network || subject.Facts.Loss != LossKind.Squared)
        {
            return subject.Facts.Loss is LossKind.Squared or LossKind.Absolute ? null : subject.Facts.Chance;
        }

        var targets = network.Targets(0);
        return targets.Length == 0 ? null : targets.Average(value => (double)value * value);
    }

    private static (double Loss, bool IsStep)? First(TrainingSubject subject, double chance)
    {
        if (subject.Network is { } network && subject.Signals.Loss is null)
        {
            using var copy = network.Copy();
            return (Robust.Median([.. Enumerable.Range(0, Math.Min(3, copy.Batches)).Select(copy.Backward)]), true);
        }

        // A first point late in the training, or the mean over an epoch, says nothing about the beginning, except that it was no lower.
        if (subject.Signals.Loss is not { } loss || loss.Steps[0] > 1)
        {
            return null;
        }

        // Of a batch of one row the first loss may be anything.
        var (early, noise) = Early(subject);
        var usual = noise > 0.3 * Math.Abs(Robust.Median(early)) ? Robust.Median(early.AsSpan(0, Math.Min(5, early.Length))) : loss.Values[0];
        // Whichever is nearer to what theory expects: after a wild first step the next losses are no first ones.
        return (Math.Abs(usual - chance) < Math.Abs(loss.Values[0] - chance) ? usual : loss.Values[0], loss.Count >= 30);
    }

    private static (double[] Values, double Noise) Early(TrainingSubject subject)
    {
        var values = subject.Signals.Loss?.Finite().Values ?? [];
        var early = values[..Math.Min(values.Length, 20)];
        return (early, Robust.Noise(early));
    }
}
