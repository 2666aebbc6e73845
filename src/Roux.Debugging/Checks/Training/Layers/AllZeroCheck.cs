using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Weights, gradients or activations that are zero throughout.</summary>
public sealed class AllZeroCheck : TrainingCheck
{
    /// <inheritdoc/>
    public override string Name => "all-zero";

    /// <inheritdoc/>
    public override string Definition => "A weight matrix is zero at the last steps looked at, or its gradient or the outputs of a layer are zero at all of them (SageMaker Debugger's AllZero).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["unchanged-tensor", "at-chance", "loss-not-decreasing", "vanishing-gradient", "overfit-batch", "underfit", "plateau"];

    /// <inheritdoc/>
    protected override string Cause => "Weights that start at zero (all units then learn the same, or nothing), a mask or a product that cancels everything, or a part whose output is not used.";

    /// <inheritdoc/>
    protected override string Fix => "Initialise matrices at random (He, Glorot); only biases, and the last layer of a residual block, may start at zero.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/weight_norm and grad_norm are above zero.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var layers = subject.Signals.Layers.Where(layer => layer.IsMatrix).ToList();
        var weights = layers.Where(layer => layer[LayerSignals.WeightNorm] is { } norm && norm.Last == 0).Select(layer => layer.Name).ToList();
        // Behind dead units there are no gradients: that is another check's.
        var dead = subject.Signals.With(LayerSignals.DeadFraction).Any(pair => pair.Series.Median(0.5) > 0.9);
        var gradients = layers.Where(layer => !dead).Where(layer => layer[LayerSignals.GradientNorm] is { Count: >= 3 } norm && Array.TrueForAll(norm.Values, value => value == 0) && layer.Constant(LayerSignals.Trainable) is not 0).Select(layer => layer.Name).Except(weights).ToList();
        var outputs = subject.Signals.Layers.Where(layer => layer[LayerSignals.ActivationDeviation] is { Count: >= 3 } deviation && layer[LayerSignals.ActivationMean] is { } mean
            && Array.TrueForAll(deviation.Values, value => value == 0) && Array.TrueForAll(mean.Values, value => value == 0) && layer[LayerSignals.DeadFraction] is null).Select(layer => layer.Name).ToList();
        if (weights.Count > 0)
        {
            yield return Found(Severity.High, $"All weights of {Listed(weights)} are zero.", Lengths(layers, LayerSignals.WeightNorm), ("layers", Names(weights)), ("what", "weights"));
        }
        else if (gradients.Count > 0)
        {
            yield return Found(Severity.Medium, $"The gradient of {Listed(gradients)} is zero at every step.", Lengths(layers, LayerSignals.GradientNorm), ("layers", Names(gradients)), ("what", "gradients"));
        }
        else if (outputs.Count > 0)
        {
            yield return Found(Severity.Medium, $"The outputs of {Listed(outputs)} are zero at every step.", null, ("layers", Names(outputs)), ("what", "activations"));
        }
    }

    private static Findings.EvidencePlot Lengths(List<LayerSignals> layers, string kind) =>
        TrainingPlots.Bars($"Last {kind} by layer", kind, [.. layers.Where(layer => layer[kind] is not null).Select(layer => (layer.Name, layer[kind]!.Last))]);
}
