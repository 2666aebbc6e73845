using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Gradients grow beyond bounds.</summary>
public sealed class ExplodingGradientCheck : TrainingCheck
{
    private static readonly Threshold Growth = new("growth", 1000, "gradient length late over early in the training, or near the input over near the output", "Pascanu et al. (2013): explosion is exponential growth along layers or steps; a factor of a thousand is beyond what batches and curvature do.");
    private static readonly Threshold Relative = new("relative", 1, "change of the weights that a step of the raw gradient times the learning rate makes, over the weights", "A step as long as the weights themselves throws away what they hold; SageMaker Debugger's ExplodingTensor waits for values that are not finite.");

    /// <inheritdoc/>
    public override string Name => "exploding-gradient";

    /// <inheritdoc/>
    public override string Definition => "Gradient lengths grow a thousandfold over the training, or from the output to the input; spikes that pass are none.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Growth, Relative];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-oscillating"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Weights that start too large, recurrent weights with a spectral radius above 1, no normalisation in a deep network, or a learning rate that is too high.";

    /// <inheritdoc/>
    protected override string Fix => "Clip the gradient's length (1.0), initialise recurrent weights orthogonally and others by He or Glorot, lower the learning rate, add normalisation.";

    /// <inheritdoc/>
    protected override string Verify => "The gradient's length stays within a factor of a hundred over the run and over the layers.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var signals = subject.Signals;
        var limit = context.Value(Name, Growth);
        var worse = LayerMeasures.Learns(signals) == false;
        if (Whole(signals) is { } whole && whole.Finite() is { Count: >= 10 } finite)
        {
            var early = finite.Median(0, 0.2);
            var late = finite.Median(0.8);
            if (early > 0 && late > limit * early && Robust.TrendOf(finite.Values).RiseP < 0.01)
            {
                yield return Found(worse ? Severity.High : Severity.Medium, $"The gradient grows from {Text(early)} to {Text(late)}.", TrainingPlots.Curves("Length of the gradient", "2-norm", null, ("gradient", finite)),
                    ("early", early), ("late", late));
                yield break;
            }
        }

        var layers = LayerMeasures.Gradients(signals);
        if (signals.IsOrdered && layers.Count >= 4)
        {
            var third = Math.Max(1, layers.Count / 3);
            var ratio = Robust.Median([.. layers.Take(third).Select(layer => layer.Gradient)]) / Robust.Median([.. layers.TakeLast(third).Select(layer => layer.Gradient)]);
            if (ratio > limit && Robust.TrendOf([.. layers.Select(layer => Math.Log(layer.Gradient))]).FallP < 0.05)
            {
                yield return Found(worse ? Severity.High : Severity.Medium, $"Gradients grow {Text(ratio)} times from the output to the input.", TrainingPlots.Bars("Gradient per entry by layer, from the input", "median gradient (rms)", layers),
                    ("ratio", ratio));
            }
        }
    }

    /// <summary>The whole gradient's length: as logged, or from its parts.</summary>
    private static SignalSeries? Whole(TrainingSignals signals)
    {
        if (signals.GradientNorm is { } whole)
        {
            return whole;
        }

        var parts = signals.With(LayerSignals.GradientNorm).Select(pair => pair.Series).ToList();
        var count = parts.Count == 0 ? 0 : parts.Min(part => part.Count);
        return count == 0 ? null : new SignalSeries(parts[0].Steps[..count], [.. Enumerable.Range(0, count).Select(index => Math.Sqrt(parts.Sum(part => part.Values[index] * part.Values[index])))]);
    }
}
