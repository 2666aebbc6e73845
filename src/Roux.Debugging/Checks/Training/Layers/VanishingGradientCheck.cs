using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Gradients fade on their way to the input.</summary>
public sealed class VanishingGradientCheck : TrainingCheck
{
    private static readonly Threshold Ratio = new("ratio", 1e-3, "gradient per entry of the weakest layer over that of the strongest", "Glorot and Bengio (2010, fig. 7) see gradients of badly initialised tanh nets shrink by some 100 over five layers, and steady ones of good ones; a thousand leaves room for layers of unlike width.");
    private static readonly Threshold Tiny = new("tiny", 1e-7, "gradient per entry below which no layer learns", "SageMaker Debugger's VanishingGradient: mean absolute gradient below 1e-7.");

    /// <inheritdoc/>
    public override string Name => "vanishing-gradient";

    /// <inheritdoc/>
    public override string Definition => "The gradient per entry of the layers near the input is a thousandth or less of that near the output, shrinking steadily between; or all gradients are below 1e-7 though the loss has not fallen.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Ratio, Tiny];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-not-decreasing", "at-chance", "update-ratio", "learning-rate-too-low", "underfit", "plateau", "overfit-batch"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "Sigmoids or tanhs in many layers (a sigmoid's slope is at most 1/4), weights that start too small, saturated units, or many steps of a plain recurrent network.";

    /// <inheritdoc/>
    protected override string Fix => "ReLU or GELU in hidden layers with He's initialisation, normalisation layers, residual connections; LSTM or GRU instead of a plain RNN.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/grad_norm of the first and of the last layer stay within a factor of a hundred.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var layers = LayerMeasures.Gradients(subject.Signals);
        if (layers.Count < 2)
        {
            yield break;
        }

        var learns = LayerMeasures.Learns(subject.Signals);
        var bars = TrainingPlots.Bars("Gradient per entry by layer, from the input", "median gradient (rms)", layers);
        var gradients = layers.ConvertAll(layer => layer.Gradient);
        var ratio = Weakest(gradients, subject.Signals.IsOrdered);
        if (gradients.Max() < context.Value(Name, Tiny) && learns == false && AtStart(subject.Signals) < context.Value(Name, Tiny))
        {
            yield return Found(Severity.High, $"No layer has a gradient worth the name: the strongest is {Text(gradients.Max())} per entry.", bars, ("strongest", gradients.Max()));
        }
        else if (ratio < context.Value(Name, Ratio) && Fades(gradients, subject.Signals.IsOrdered))
        {
            var weakest = layers.MinBy(layer => layer.Gradient).Name;
            yield return Found(learns == false ? Severity.High : Severity.Medium,
                $"Gradients vanish: '{weakest}' has {Text(ratio)} of the gradient of the strongest layer, '{layers.MaxBy(layer => layer.Gradient).Name}'.", bars,
                ("ratio", ratio), ("layers", Names(layers.Select(layer => layer.Name))));
        }
    }

    private static double AtStart(TrainingSignals signals) => LayerMeasures.Gradients(signals, 0, 0.1) is { Count: > 0 } early ? early.Max(layer => layer.Gradient) : 0;

    private static double Weakest(List<double> gradients, bool ordered)
    {
        if (!ordered)
        {
            return gradients.Min() / gradients.Max();
        }

        // From the first third of layers to the last third.
        var third = Math.Max(1, gradients.Count / 3);
        return Robust.Median([.. gradients.Take(third)]) / Robust.Median([.. gradients.TakeLast(third)]);
    }

    // One weak layer among strong ones is another trouble (a unit that died, a table of rare words).
    private static bool Fades(List<double> gradients, bool ordered)
    {
        if (!ordered)
        {
            return gradients.Count >= 4 && gradients.Count(gradient => gradient < 0.1 * gradients.Max()) >= gradients.Count / 2;
        }

        return gradients.Count < 4 || Robust.TrendOf([.. gradients.Select(gradient => Math.Log(gradient))]).RiseP < 0.05;
    }
}
