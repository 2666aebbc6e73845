using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Evaluation with dropout or batch statistics still at work.</summary>
public sealed class EvaluationModeCheck : TrainingCheck
{
    private static readonly Threshold Distance = new("distance", 0.01, "greatest difference between two evaluations of the same rows, over the deviation of the outputs", "Both are computed from the same numbers: apart from rounding there is none.");

    /// <inheritdoc/>
    public override string Name => "evaluation-in-training-mode";

    /// <inheritdoc/>
    public override string Definition => "The program's own evaluation gives different outputs for the same rows (dropout is on), or other outputs for a row alone than among others (batch normalisation uses the batch); or while training, the network was run without gradients but in training mode.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Distance];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["rows-mixed"];

    /// <inheritdoc/>
    protected override string Cause => "model.eval() was not called before evaluating, or dropout is called as a function that is always on.";

    /// <inheritdoc/>
    protected override string Fix => "Call model.eval() before and model.train() after evaluating; pass training: self.training to functional dropout.";

    /// <inheritdoc/>
    protected override string Verify => "Evaluating the same rows twice gives equal outputs.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Signals.Others.TryGetValue(SignalNames.EvaluatedInTrainingMode, out var mode) && mode.Values.Any(value => value > 0.5))
        {
            yield return Found(Severity.High, "The network was evaluated in training mode: dropout and batch statistics were at work.", null, ("times", mode.Values.Count(value => value > 0.5)));
            yield break;
        }

        if (subject.Network is not { } network)
        {
            yield break;
        }

        using var copy = network.Copy();
        copy.Reseed(context.Seed);
        var first = copy.Evaluate(0);
        var second = copy.Evaluate(0);
        var limit = context.Value(Name, Distance);
        if (first.Distance(second) > limit)
        {
            yield return Found(Severity.High, $"Evaluating the same rows twice gives different outputs, by up to {Text(first.Distance(second))} of their deviation: dropout is on.", null, ("distance", Number(first.Distance(second))), ("what", "dropout"));
            yield break;
        }

        if (first.Rows >= 4 && copy.Modules.Any(module => module.Kind == ModuleKind.BatchNorm))
        {
            var part = copy.Evaluate(0, 2);
            var same = new NetworkOutput(part.Rows, first.Width, first.Values[..(part.Rows * first.Width)]);
            if (first.Width == part.Width && same.Distance(part) > limit)
            {
                yield return Found(Severity.High, "In evaluation a row's output depends on the other rows of its batch: batch normalisation is in training mode.", null, ("distance", Number(same.Distance(part))), ("what", "batch-norm"));
            }
        }
    }
}
