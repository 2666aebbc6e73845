using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Numbers to predict of a size that networks are not made for.</summary>
public sealed class UnscaledTargetsCheck : TrainingCheck
{
    private static readonly Threshold Size = new("size", 10, "root mean square of the targets of a batch", "LeCun et al. (1998), 'Efficient BackProp', 4.5: targets within the range of the outputs; a fresh output layer gives about 1.");

    /// <inheritdoc/>
    public override string Name => "unscaled-targets";

    /// <inheritdoc/>
    public override string Definition => "A squared or absolute error is computed on targets whose root mean square is above 10, while the outputs of the fresh network are at most a tenth of that: the last layer must first travel there, step by step.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Size];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["initial-loss", "overfit-batch", "exploding-gradient", "learning-rate-range", "learning-rate-too-low", "update-ratio", "underfit", "plateau", "loss-not-decreasing", "constant-output"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The target is left in its own unit (money, counts, seconds), while outputs begin near zero and move by about a learning rate a step.";

    /// <inheritdoc/>
    protected override string Fix => "Standardise the target with the training set's mean and deviation (or its logarithm), and undo it when predicting.";

    /// <inheritdoc/>
    protected override string Verify => "The first loss is about 1, the variance of the standardised target.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network || subject.Facts.Loss is not (LossKind.Squared or LossKind.Absolute) || network.HasClassTargets)
        {
            yield break;
        }

        using var copy = network.Copy();
        var (targets, outputs) = (Length(copy.Targets(0)), Length(copy.Forward(0, training: false).Values));
        if (targets > context.Value(Name, Size) && outputs < 0.1 * targets)
        {
            yield return Found(Severity.Medium, $"The numbers to predict are not scaled: their root mean square is {Text(targets)}, that of the outputs at the start {Text(outputs)}.", null, ("targets", targets), ("outputs", outputs));
        }
    }

    private static double Length(float[] values)
    {
        var finite = values.Where(float.IsFinite).ToArray();
        return finite.Length == 0 ? 0 : Math.Sqrt(finite.Average(value => (double)value * value));
    }
}
