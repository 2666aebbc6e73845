using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Units that give zero for every row.</summary>
public sealed class DeadUnitsCheck : TrainingCheck
{
    private static readonly Threshold Share = new("share", 0.5, "share of a layer's units that are dead", "SageMaker Debugger's DeadRelu: inactive from half of a layer on. Lu et al. (2019, 'Dying ReLU and initialization') for how it comes about.");
    private static readonly Threshold Most = new("most", 0.9, "share from which on the layer hardly passes anything", "With nine in ten dead, no gradient reaches what lies before but through the rest.");

    /// <inheritdoc/>
    public override string Name => "dead-relu";

    /// <inheritdoc/>
    public override string Definition => "Half or more of a layer's units after ReLU are zero for every row seen lately (a few hundred), in the second half of the training.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share, Most];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vanishing-gradient", "unconnected-parameter", "unchanged-tensor", "constant-output", "at-chance", "loss-not-decreasing", "underfit", "plateau", "overfit-batch", "update-ratio"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Biases pushed far below zero, at the start or by a step that was too large: where ReLU is flat no gradient flows, so the unit never comes back.";

    /// <inheritdoc/>
    protected override string Fix => "Start biases at zero, lower the learning rate or warm it up, scale the inputs; or use leaky ReLU, GELU or SiLU.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/dead_fraction stays below a tenth.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var layers = subject.Signals.With(LayerSignals.DeadFraction).Select(pair => (pair.Layer.Name, Share: pair.Series.Median(0.5), pair.Series)).ToList();
        var dead = layers.Where(layer => layer.Share >= context.Value(Name, Share)).ToList();
        if (dead.Count > 0)
        {
            var worst = dead.MaxBy(layer => layer.Share);
            var all = worst.Share >= context.Value(Name, Most);
            yield return Found(all && LayerMeasures.Learns(subject.Signals) != true ? Severity.High : Severity.Medium,
                $"{Text(100 * worst.Share)}% of the units of '{worst.Name}' give zero for every row{(dead.Count > 1 ? $", and so do many in {dead.Count - 1} more layers" : "")}.",
                TrainingPlots.Bars("Dead units by layer", "share of units", [.. layers.Select(layer => (layer.Name, layer.Share))], context.Value(Name, Share)),
                ("layers", Names(dead.Select(layer => layer.Name))), ("share", worst.Share));
        }
    }
}
