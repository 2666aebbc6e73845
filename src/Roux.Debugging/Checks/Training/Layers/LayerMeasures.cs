using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Figures of layers that several checks compare.</summary>
internal static class LayerMeasures
{
    /// <summary>Root mean square of a norm's entries where the size is known, else the norm.</summary>
    public static double PerEntry(LayerSignals layer, double norm) => layer.Constant(LayerSignals.Size) is > 0 and { } size ? norm / Math.Sqrt(size) : norm;

    /// <summary>Matrices with their usual gradient per entry, where it is not zero throughout: those that take part.</summary>
    public static List<(string Name, double Gradient)> Gradients(TrainingSignals signals, double from = 0, double to = 1)
    {
        var found = new List<(string, double)>();
        foreach (var (layer, series) in signals.With(LayerSignals.GradientNorm))
        {
            if (layer.IsMatrix && layer.Constant(LayerSignals.Trainable) is not 0 && series.Median(from, to) is > 0 and { } norm)
            {
                found.Add((layer.Name, PerEntry(layer, norm)));
            }
        }

        return found;
    }

    /// <summary>Whether the training loss ended clearly lower than it began; <c>null</c> where there is none.</summary>
    public static bool? Learns(TrainingSignals signals) =>
        signals.Loss is { } loss && loss.Finite().Count >= 5 ? new LossCurve(loss) is { } curve && curve.Progress > 0.05 && curve.Trend.FallP < 0.05 : null;
}
