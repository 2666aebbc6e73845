using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A loss that does not fit the output or the target.</summary>
public sealed class LossMismatchCheck : TrainingCheck
{
    private static readonly Threshold MostClasses = new("classes", 20, "different whole numbers among the targets, at most, to be taken for classes", "Counts and ratings have few values, too, but rarely begin at 0 without a gap.");

    /// <inheritdoc/>
    public override string Name => "loss-mismatch";

    /// <inheritdoc/>
    public override string Definition => "Squared error on class numbers or on one row of ones and zeros per class; a loss of logits on outputs that a sigmoid has already put between 0 and 1; an activation at the end whose range does not hold the targets; a loss below zero that cannot be, so that its sign is wrong.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [MostClasses];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["underfit", "plateau", "overfit-batch", "vanishing-gradient", "initial-loss", "at-chance", "missing-activation", "dead-relu", "learning-rate-range", "loss-diverging", "validation-at-chance", "loss-not-decreasing"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "The loss was taken over from another task, or an activation is applied twice or at the wrong end.";

    /// <inheritdoc/>
    protected override string Fix => "Classes: cross entropy of logits with class numbers; yes or no: binary cross entropy with logits; numbers: squared error of an output without activation, on scaled targets.";

    /// <inheritdoc/>
    protected override string Verify => "The network learns one small batch by heart, and its outputs can take every value that targets have.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Network is not { } network)
        {
            yield break;
        }

        using var copy = network.Copy();
        var outputs = copy.Forward(0, training: false);
        var targets = Enumerable.Range(0, Math.Min(8, copy.Batches)).SelectMany(copy.Targets).ToArray();
        var loss = subject.Facts.Loss;
        var last = network.Modules.LastOrDefault(module => module.Kind is not (ModuleKind.Dropout or ModuleKind.Sequence or ModuleKind.Other));
        if (last?.Kind is ModuleKind.Relu or ModuleKind.Sigmoid or ModuleKind.Tanh && (IsListed(network, last) || !IsWithin(last.Kind, outputs)))
        {
            last = null; // what was made last is not what is run last
        }

        if (loss is LossKind.CrossEntropy or LossKind.BinaryCrossEntropy or LossKind.Squared or LossKind.Absolute && copy.Backward(0) is < -1e-6 and var below)
        {
            yield return Found(Severity.High, $"The loss is {Text(below)}: {(loss is LossKind.Squared or LossKind.Absolute ? "an error" : "a cross entropy")} is never below zero, so its sign is wrong and it grows as it is minimised.", null, ("loss", below));
        }
        else if (loss is LossKind.Squared or LossKind.Absolute && targets.Length >= 20)
        {
            foreach (var finding in OnNumbers(copy, outputs, targets, last, (int)context.Value(Name, MostClasses)))
            {
                yield return finding;
            }
        }
        else if (loss == LossKind.BinaryCrossEntropy && outputs.Values.Length >= 8 && last?.Kind == ModuleKind.Sigmoid && subject.Facts.Chance is not null && TakesLogits(copy, outputs, targets))
        {
            yield return Found(Severity.High, "The outputs have been through a sigmoid, and the loss applies one once more.", null, ("last", last.Name));
        }
        else if (loss == LossKind.CrossEntropy && last?.Kind is ModuleKind.Relu or ModuleKind.Sigmoid or ModuleKind.Tanh)
        {
            yield return Found(Severity.Medium, $"The logits of the cross entropy come from '{last.Name}' ({last.Type}), which cuts off a part of their range.", null, ("last", last.Name));
        }
    }

    /// <summary>Whether a module is one of a list, whose order says nothing of what is run when.</summary>
    private static bool IsListed(ITrainable network, ModuleNode module) =>
        module.Parent.Length > 0 && network.Modules.FirstOrDefault(other => other.Name == module.Parent) is { } parent && parent.Type.StartsWith("ModuleList", StringComparison.Ordinal);

    /// <summary>Whether outputs keep to the range of an activation.</summary>
    private static bool IsWithin(ModuleKind kind, NetworkOutput outputs)
    {
        var (low, high) = kind switch { ModuleKind.Relu => (0.0, double.PositiveInfinity), ModuleKind.Sigmoid => (0, 1), _ => (-1, 1) };
        return Array.TrueForAll(outputs.Values, value => value >= low && value <= high);
    }

    private IEnumerable<Finding> OnNumbers(ITrainable network, NetworkOutput outputs, float[] targets, ModuleNode? last, int mostClasses)
    {
        var distinct = targets.Distinct().Order().ToArray();
        var whole = distinct.Length >= 2 && distinct.Length <= mostClasses && distinct[0] is 0 or 1 && Array.TrueForAll(distinct, value => value == Math.Floor(value)) && distinct[^1] - distinct[0] == distinct.Length - 1;
        if (network.HasClassTargets || (whole && (distinct.Length > 2 || outputs.Width > 1 || last?.Kind is ModuleKind.Sigmoid or ModuleKind.Softmax)) || (whole && distinct.Length == 2 && last?.Kind == ModuleKind.Linear))
        {
            yield return Found(Severity.Medium, $"Squared error is computed on what look like classes ({distinct.Length} different whole numbers from {distinct[0]:0} to {distinct[^1]:0}).", null,
                ("values", distinct.Length), ("last", last?.Type));
            yield break;
        }

        var (low, high) = last?.Kind switch { ModuleKind.Sigmoid or ModuleKind.Softmax => (0.0, 1.0), ModuleKind.Tanh => (-1.0, 1.0), ModuleKind.Relu => (0.0, double.PositiveInfinity), _ => (double.NegativeInfinity, double.PositiveInfinity) };
        var outside = targets.Count(target => target < low - 1e-6 || target > high + 1e-6) / (double)targets.Length;
        if (outside > 0.01)
        {
            yield return Found(Severity.High, $"{Text(100 * outside)}% of the targets lie outside of what the last activation, '{last!.Name}' ({last.Type}), can give.", null, ("outside", outside), ("last", last.Name));
        }
    }

    // A loss of probabilities for these outputs is a known number; a loss of logits gives another.
    private static bool TakesLogits(ITrainable network, NetworkOutput outputs, float[] targets)
    {
        if (outputs.Width != 1 || targets.Length < outputs.Rows || network.Modules.Any(module => module.Kind is ModuleKind.Dropout or ModuleKind.BatchNorm))
        {
            return false;
        }

        var expected = 0.0;
        for (var row = 0; row < outputs.Rows; row++)
        {
            var p = Math.Clamp(outputs.Values[row], 1e-7, 1 - 1e-7);
            expected -= targets[row] * Math.Log(p) + (1 - targets[row]) * Math.Log(1 - p);
        }

        return Math.Abs(network.Backward(0) - expected / outputs.Rows) > 0.01 * expected / outputs.Rows;
    }
}
