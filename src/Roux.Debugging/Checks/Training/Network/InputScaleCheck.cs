using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Inputs of a size that networks are not made for.</summary>
public sealed class InputScaleCheck : TrainingCheck
{
    private static readonly Threshold Size = new("size", 10, "root mean square of all inputs of a batch", "LeCun et al. (1998), 'Efficient BackProp', 4.3: inputs should have mean 0 and deviation 1; initialisation schemes assume it.");

    /// <inheritdoc/>
    public override string Name => "input-scale";

    /// <inheritdoc/>
    public override string Definition => "The inputs as the network receives them have a root mean square above 10, and the network does not begin by normalising them.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Size];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["initial-loss", "saturated-activation", "exploding-gradient", "loss-oscillating", "poor-initialisation", "learning-rate-range", "overfit-batch", "dead-relu", "validation-at-chance", "at-chance", "loss-not-decreasing"];

    /// <inheritdoc/>
    public override bool IsProbe => true;

    /// <inheritdoc/>
    protected override string Cause => "Pixels of 0 to 255, or columns in their own units, were not scaled.";

    /// <inheritdoc/>
    protected override string Fix => "Divide pixels by 255, or standardise every column with the training set's mean and deviation.";

    /// <inheritdoc/>
    protected override string Verify => "The root mean square of a batch of inputs is about 1.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var first = subject.Network?.Modules.FirstOrDefault(module => module.Kind is not (ModuleKind.Sequence or ModuleKind.Other or ModuleKind.Dropout));
        if (subject.Network is not { } network || first?.Kind is ModuleKind.BatchNorm or ModuleKind.Norm or ModuleKind.Embedding || network.Inputs(0) is not { Values.Length: > 0 } inputs)
        {
            yield break;
        }

        var finite = inputs.Values.Where(float.IsFinite).ToArray();
        var size = finite.Length == 0 ? 0 : Math.Sqrt(finite.Average(value => (double)value * value));
        if (size > context.Value(Name, Size))
        {
            yield return Found(Severity.Medium, $"The inputs are not scaled: values from {Text(finite.Min())} to {Text(finite.Max())}, root mean square {Text(size)}.", null, ("rms", size), ("lowest", finite.Min()), ("highest", finite.Max()));
        }
    }
}
