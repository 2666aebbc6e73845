using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Far better on the training data than on validation data.</summary>
public sealed class OverfitCheck : TrainingCheck
{
    private static readonly Threshold Gap = new("gap", 0.5, "validation loss minus training loss, as a share of what training gained", "Half of the gain does not carry over to new rows. SageMaker Debugger's Overfit takes a ratio of 0.1, which most large networks exceed at their best point (Zhang et al. 2017).");

    private static readonly Threshold Most = new("most", 0.75, "the same share, from which on it matters much", "Three quarters of what training gained is worth nothing for new rows: most of it was learned by heart.");

    /// <inheritdoc/>
    public override string Name => "overfit";

    /// <inheritdoc/>
    public override string Definition => "At the end the validation loss is above the training loss by more than half of what the training loss gained from its start, and at least twice as high.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Gap, Most];

    /// <inheritdoc/>
    protected override string Cause => "The network has room to learn rows by heart, or validation rows differ from training rows.";

    /// <inheritdoc/>
    protected override string Fix => "More data or augmentation, weight decay, dropout, a smaller network, earlier stopping; check for drift between the two sets.";

    /// <inheritdoc/>
    protected override string Verify => "The validation loss itself falls; a smaller gap alone is no gain.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.Loss is not { } loss || subject.Signals.ValidationLoss is not { } validation || loss.Finite().Count < 5 || validation.Finite().Count < 3)
        {
            yield break;
        }

        var (train, held) = (new LossCurve(loss), new LossCurve(validation));
        var start = Math.Max(train.Start, held.Start);
        var gained = start - train.End;
        var gap = held.End - train.End;
        if (gained > 0 && gap > context.Value(Name, Gap) * gained && held.End > 2 * train.End && gap > 3 * Math.Max(held.BlockNoise, train.BlockNoise))
        {
            yield return Found(gap > context.Value(Name, Most) * gained ? Severity.Medium : Severity.Low, $"At the end the validation loss is {Text(held.End)}, the training loss {Text(train.End)}: {Text(100 * gap / gained)}% of the gain does not carry over.",
                TrainingPlots.Curves("Training and validation loss", "loss", null, ("training", train.Points), ("validation", held.Points)),
                ("train", Number(train.End)), ("validation", Number(held.End)), ("gap_share", Number(gap / gained)));
        }
    }
}
