using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Weights shrink away.</summary>
public sealed class RegularisationTooStrongCheck : TrainingCheck
{
    private static readonly Threshold Left = new("left", 0.2, "length of most matrices at the end over their length at the start", "Without a penalty gradient descent lets weights of a network grow (Lyu and Li 2020); to lose four fifths the penalty must outweigh the data.");

    /// <inheritdoc/>
    public override string Name => "regularisation-too-strong";

    /// <inheritdoc/>
    public override string Definition => "Most weight matrices shrink to a fifth of their first length or less, steadily (Mann-Kendall, p < 0.01) or at once and for good, while the training loss stays high (more than half of its start, or of a constant answer's).";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Left];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["underfit", "at-chance", "plateau", "loss-not-decreasing", "vanishing-gradient", "all-zero", "dead-relu", "overfit-batch", "poor-initialisation", "update-ratio"];

    /// <inheritdoc/>
    protected override string Cause => "Weight decay (or an L1 or L2 penalty) that is too strong for the learning rate and the number of steps.";

    /// <inheritdoc/>
    protected override string Fix => "Divide the weight decay by ten until training loss falls as it does without it; usual values are 1e-4 for SGD and 0.01 for AdamW.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/weight_norm levels off, and the training loss falls further.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var layers = subject.Signals.With(LayerSignals.WeightNorm).Where(pair => pair.Layer.IsMatrix && pair.Series.Finite().Count >= 5 && pair.Series.Values[0] > 0 && pair.Layer.Constant(LayerSignals.Trainable) is not 0)
            .Select(pair => (pair.Layer.Name, pair.Series, Left: pair.Series.Median(0.9) / pair.Series.Values[0])).ToList();
        var shrunk = layers.Where(layer => layer.Left < context.Value(Name, Left) && (Robust.TrendOf(layer.Series.Finite().Values).FallP < 0.01 || FellAtOnce(layer.Series, context))).ToList();
        if (layers.Count == 0 || 2 * shrunk.Count < layers.Count || subject.Signals.Loss is not { } series || series.Finite().Count < 5)
        {
            yield break;
        }

        var curve = new LossCurve(series);
        if (curve.End > 0.5 * Math.Min(Math.Abs(curve.Start), subject.Facts.Chance ?? double.MaxValue))
        {
            yield return Found(subject.Facts.Chance is { } chance && curve.End > 0.98 * chance ? Severity.High : Severity.Medium,
                $"{shrunk.Count} of {layers.Count} matrices shrink to {Text(100 * Robust.Median([.. shrunk.Select(layer => layer.Left)]))}% of their length while the loss stays at {Text(curve.End)}{(subject.Facts.WeightDecay is > 0 and { } decay ? $" (weight decay {Text(decay)})" : "")}.",
                TrainingPlots.Curves("Length of the weights", "2-norm", null, [.. shrunk.Take(8).Select(layer => (layer.Name, layer.Series))]),
                ("layers", Names(shrunk.Select(layer => layer.Name))), ("weight_decay", subject.Facts.WeightDecay));
        }
    }

    /// <summary>Whether the length fell below the limit within the first tenth and stayed there.</summary>
    private bool FellAtOnce(SignalSeries series, CheckContext context)
    {
        var values = series.Finite().Values;
        return values.Length >= 10 && values.Skip(values.Length / 10 + 1).All(value => value < context.Value(Name, Left) * values[0]);
    }
}
