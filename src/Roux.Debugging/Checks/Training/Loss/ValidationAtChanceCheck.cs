using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Training learns, validation never does.</summary>
public sealed class ValidationAtChanceCheck : TrainingCheck
{
    private static readonly Threshold Near = new("near", 0.98, "lowest validation loss over the loss of knowing nothing, from which on nothing carried over", "Knowing nothing is the worst that a rule carried over from training can be worth; two percent are left for noise.");
    private static readonly Threshold Learned = new("learned", 0.2, "share of that loss by which the training loss must have fallen below it", "A fifth: clearly more than the optimism of fitting a few parameters.");

    /// <inheritdoc/>
    public override string Name => "validation-at-chance";

    /// <inheritdoc/>
    public override string Definition => "The training loss falls well below that of a constant answer while the validation loss never does: what is learned holds for no new row. Or validation accuracy is far below that of guessing.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Near, Learned];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit", "overtraining"];

    /// <inheritdoc/>
    protected override string Cause => "Labels were shuffled or shifted against the inputs (in one of the sets), the two sets number their classes differently, or preprocessing differs between them.";

    /// <inheritdoc/>
    protected override string Fix => "Print ten training rows and ten validation rows with their labels as the network receives them; shuffle inputs and labels by one permutation; make one mapping of classes for all sets.";

    /// <inheritdoc/>
    protected override string Verify => "The validation loss falls below the constant answer's in the first epochs.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var signals = subject.Signals;
        if (subject.Facts.IsGame || signals.Loss is not { } loss || signals.ValidationLoss is not { } validation || loss.Finite().Count < 5 || validation.Finite().Count < 3)
        {
            yield break;
        }

        var (train, held) = (new LossCurve(loss), new LossCurve(validation));
        // Where theory tells nothing, the first validation counts, if it came before anything was learned.
        var (firstTrain, firstHeld) = (train.Points.Values[0], held.Points.Values[0]);
        var chance = subject.Facts.Chance ?? (firstHeld > 0.9 * firstTrain ? Math.Max(firstTrain, firstHeld) : double.PositiveInfinity);
        var learned = double.IsFinite(chance) && train.End < (1 - context.Value(Name, Learned)) * chance;
        var lowest = Enumerable.Range(0, held.Points.Count - 2).Min(index => Robust.Median(held.Points.Values.AsSpan(index, 3)));
        var guessing = subject.Facts.Classes is { } classes ? 1.0 / classes : (double?)null;
        var worse = guessing is { } share && signals.ValidationAccuracy is { Count: >= 3 } right && signals.Accuracy?.Median(0.8) > 2 * share && right.Median(0.5) < 0.5 * share;
        if (learned && (lowest >= context.Value(Name, Near) * chance || worse))
        {
            yield return Found(Severity.High, $"Training loss falls to {Text(train.End)}, but the validation loss is never below {Text(lowest)}; a constant answer has about {Text(chance)}.",
                TrainingPlots.Curves("Training and validation loss", "loss", chance, ("training", train.Points), ("validation", held.Points)),
                ("train", Number(train.End)), ("lowest_validation", Number(lowest)), ("constant_answer", Number(chance)), ("validation_accuracy", signals.ValidationAccuracy?.Median(0.5)));
        }
    }
}
