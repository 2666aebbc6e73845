using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Weights or activations of a wrong size at the beginning.</summary>
public sealed class PoorInitialisationCheck : TrainingCheck
{
    private static readonly Threshold Small = new("small", 0.05, "deviation of weights times root of fan-in, below which a signal dies", "Glorot and Bengio (2010) want about 1, He et al. (2015) 1.41 for ReLU, PyTorch's default is 0.58, GPT-2's smallest about 0.2.");
    private static readonly Threshold Large = new("large", 6, "the same, above which a signal explodes", "Four times He's value: each layer multiplies the signal's deviation by more than four.");
    private static readonly Threshold Spread = new("spread", 1000, "deviation of the activations of one hidden layer over that of another at the first step", "A stack of well initialised layers keeps it within about ten (He et al. 2015, fig. 2; Mishkin and Matas 2016).");

    /// <inheritdoc/>
    public override string Name => "poor-initialisation";

    /// <inheritdoc/>
    public override string Definition => "At the first step, the deviation of a layer's weights times the root of its fan-in lies outside 0.05 to 6 (matrices that are zero are another check's), or activations differ a thousandfold in deviation between layers.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Small, Large, Spread];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["initial-loss", "exploding-gradient", "vanishing-gradient", "saturated-activation", "dead-relu", "constant-output", "at-chance", "loss-not-decreasing", "plateau", "learning-rate-too-low", "learning-rate-range", "overfit-batch", "loss-diverging", "update-ratio", "validation-at-chance"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Weights drawn with a fixed deviation whatever the layer's width, or scaled by hand.";

    /// <inheritdoc/>
    protected override string Fix => "Initialise by He (ReLU, GELU) or Glorot (tanh, sigmoid, linear), or leave the library's default.";

    /// <inheritdoc/>
    protected override string Verify => "Deviations of activations at the first step are within a factor of ten over the layers, and the first loss is near its theoretical value.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var gains = Gains(subject);
        var wrong = gains.Where(gain => gain.Gain > 0 && (gain.Gain < context.Value(Name, Small) || gain.Gain > context.Value(Name, Large))).ToList();
        if (wrong.Count > 0)
        {
            var worst = wrong.MaxBy(gain => Math.Abs(Math.Log(gain.Gain)));
            yield return Found(Severity.Medium, $"'{worst.Name}' starts with weights {(worst.Gain > 1 ? "too large" : "too small")}: {Text(worst.Gain)} by deviation times root of fan-in, where 0.6 to 1.4 is usual{(wrong.Count > 1 ? $" (and {wrong.Count - 1} more)" : "")}.",
                TrainingPlots.Bars("Scale of the weights at the start", "deviation x root of fan-in", gains, 1), ("layers", Names(wrong.Select(gain => gain.Name))), ("gain", worst.Gain));
            yield break;
        }

        var activations = subject.Signals.With(LayerSignals.ActivationDeviation).Where(pair => pair.Series.Steps[0] <= 1 && double.IsFinite(pair.Series.Values[0]) && pair.Series.Values[0] > 0)
            .Select(pair => (pair.Layer.Name, Deviation: pair.Series.Values[0])).ToList();
        if (activations.Count >= 3 && activations.Max(layer => layer.Deviation) > context.Value(Name, Spread) * activations.Min(layer => layer.Deviation))
        {
            yield return Found(Severity.Medium, $"At the first step activations range from {Text(activations.Min(layer => layer.Deviation))} to {Text(activations.Max(layer => layer.Deviation))} in deviation between layers.",
                TrainingPlots.Bars("Deviation of activations at the first step", "deviation", activations), ("layers", Names(activations.Select(layer => layer.Name))));
        }
    }

    private static List<(string Name, double Gain)> Gains(TrainingSubject subject)
    {
        var gains = new List<(string, double)>();
        if (subject.Signals.Layers.Count == 0 && subject.Network is { } network && !subject.Facts.IsPretrained)
        {
            foreach (var parameter in network.Parameters.Where(parameter => parameter.IsWeightMatrix && parameter.Size >= 16))
            {
                gains.Add((parameter.Name, Math.Sqrt(network.Weights(parameter.Name).Average(weight => (double)weight * weight) * parameter.FanIn)));
            }
        }

        foreach (var (layer, series) in subject.Signals.With(LayerSignals.WeightNorm))
        {
            if (!subject.Facts.IsPretrained && series.Steps[0] <= 1 && layer.Constant(LayerSignals.FanIn) is > 1 and { } inputs && layer.Constant(LayerSignals.Size) is >= 16 and { } size && !layer.IsTable)
            {
                gains.Add((layer.Name, series.Values[0] / Math.Sqrt(size) * Math.Sqrt(inputs)));
            }
        }

        return gains;
    }
}
