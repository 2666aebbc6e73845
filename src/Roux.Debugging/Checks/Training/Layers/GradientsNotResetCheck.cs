using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Gradients of earlier steps are still there.</summary>
public sealed class GradientsNotResetCheck : TrainingCheck
{
    private static readonly Threshold Twice = new("twice", 1.5, "gradient after a second step on the same batch over that after the first, at a learning rate of zero", "Exactly 2 where gradients add up, exactly 1 where they are reset.");

    /// <inheritdoc/>
    public override string Name => "gradients-not-reset";

    /// <inheritdoc/>
    public override string Definition => "Two equal steps of the program's own (same batch, same random numbers, learning rate 0) leave twice the gradient after the second; or while training, gradients were there before the backward pass although the optimiser had stepped.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Twice];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-diverging", "loss-oscillating", "exploding-gradient", "update-ratio", "not-finite", "loss-not-decreasing", "at-chance", "dead-relu", "saturated-activation"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "No zero_grad between the steps: the optimiser follows the sum of all gradients so far.";

    /// <inheritdoc/>
    protected override string Fix => "Call optimizer.zero_grad() before every backward pass (when adding up on purpose: after every optimiser step).";

    /// <inheritdoc/>
    protected override string Verify => "Two equal steps leave equal gradients.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Signals.Others.TryGetValue(SignalNames.GradientCarry, out var carry) && carry.Count >= 3 && carry.Median() > 0.5)
        {
            yield return Found(Severity.High, "Gradients are not reset: those of earlier steps are still there at every backward pass.", TrainingPlots.Curves("Gradients left from earlier steps", "share of parameters", null, ("carried", carry)),
                ("carried", carry.Median()));
            yield break;
        }

        if (subject.Network is not { } network || subject.Facts.Accumulate > 1)
        {
            yield break;
        }

        using var copy = network.Copy();
        copy.LearningRate = 0;
        var first = StepLength(copy, context.Seed);
        var second = StepLength(copy, context.Seed);
        if (first > 0 && double.IsFinite(second) && second / first > context.Value(Name, Twice))
        {
            yield return Found(Severity.High, $"Gradients are not reset: a second, equal step leaves {Text(second / first)} times the gradient.", null, ("first", first), ("second", second));
        }
    }

    private static double StepLength(ITrainable copy, int seed)
    {
        copy.Reseed(seed);
        copy.Step(0);
        return Math.Sqrt(copy.Parameters.Where(parameter => parameter.RequiresGradient && parameter.IsOptimised).Sum(parameter => copy.Gradient(parameter.Name)?.Sum(value => (double)value * value) ?? 0));
    }
}
