using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Hidden sigmoids and tanhs at their limits.</summary>
public sealed class SaturatedCheck : TrainingCheck
{
    private static readonly Threshold Share = new("share", 0.8, "share of a layer's outputs within 5% of the limits", "Glorot and Bengio (2010, sec. 3): saturated layers stop those before them; trained tanh layers have a good part of their outputs at the limits, so only most of them counts.");

    /// <inheritdoc/>
    public override string Name => "saturated-activation";

    /// <inheritdoc/>
    public override string Definition => "Four fifths of the outputs of a hidden sigmoid or tanh layer lie within 5% of its limits, where its slope is below a fifth of the greatest.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Share];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["vanishing-gradient", "loss-not-decreasing", "at-chance", "plateau", "underfit"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Inputs that are not scaled, weights that start too large, or a learning rate that has pushed them there.";

    /// <inheritdoc/>
    protected override string Fix => "Scale inputs to mean 0 and deviation 1, initialise by Glorot, normalise before the activation, or use ReLU or GELU.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/saturated_fraction is below a half from the first steps on.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var layers = subject.Signals.With(LayerSignals.SaturatedFraction).Select(pair => (pair.Layer.Name, Share: pair.Series.Median())).ToList();
        var full = layers.Where(layer => layer.Share >= context.Value(Name, Share)).ToList();
        if (full.Count > 0)
        {
            var worst = full.MaxBy(layer => layer.Share);
            yield return Found(LayerMeasures.Learns(subject.Signals) == false ? Severity.High : Severity.Medium, $"{Text(100 * worst.Share)}% of the outputs of '{worst.Name}' are at the limits of its range.",
                TrainingPlots.Bars("Saturated outputs by layer", "share of outputs", layers, context.Value(Name, Share)),
                ("layers", Names(full.Select(layer => layer.Name))), ("share", worst.Share));
        }
    }
}
