using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Weights that never move.</summary>
public sealed class UnchangedTensorCheck : TrainingCheck
{
    /// <inheritdoc/>
    public override string Name => "unchanged-tensor";

    /// <inheritdoc/>
    public override string Definition => "A parameter that is not declared frozen has an update ratio of exactly zero at every step looked at, or the very same length at the first and at every later one (at least 3), though the learning rate is not zero (SageMaker Debugger's UnchangedTensor).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-not-decreasing", "at-chance", "underfit"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "The optimiser was not given the parameter, it was made after the optimiser, gradients are switched off for it, or no gradient reaches it.";

    /// <inheritdoc/>
    protected override string Fix => "Make the optimiser last and from all parameters (model.parameters()); register parts that hold parameters as modules; freeze on purpose with requires_grad = false, and say so.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/update_ratio of every parameter is above zero.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Signals.LearningRate is { Count: > 0 } rate && Array.TrueForAll(rate.Values, value => value == 0))
        {
            yield break;
        }

        var watched = subject.Signals.Layers.Where(layer => Moves(layer) is not null).ToList();
        var still = watched.Where(layer => Moves(layer) == false && layer.Constant(LayerSignals.Trainable) is not 0).Select(layer => layer.Name).ToList();
        var frozen = watched.Where(layer => layer.Constant(LayerSignals.Trainable) is 0).Select(layer => layer.Name).ToList();
        if (still.Count > 0)
        {
            yield return Found(still.Count + frozen.Count == watched.Count ? Severity.High : Severity.Medium, $"{Listed(still)} never change{(still.Count == 1 ? "s" : "")}.",
                TrainingPlots.Bars("Change in a step over the length of the weights", "ratio", [.. watched.Select(layer => (layer.Name, layer[LayerSignals.UpdateRatio]?.Median() ?? 0))]),
                ("layers", Names(still)), ("watched", watched.Count));
        }
    }

    private static bool? Moves(LayerSignals layer)
    {
        if (layer[LayerSignals.UpdateRatio] is { Count: >= 3 } ratio)
        {
            return !Array.TrueForAll(ratio.Values, value => value == 0);
        }

        return layer[LayerSignals.WeightNorm] is { Count: >= 3 } norm && norm.Steps[^1] > norm.Steps[0] ? !Array.TrueForAll(norm.Values, value => value.Equals(norm.Values[0])) : null;
    }
}
