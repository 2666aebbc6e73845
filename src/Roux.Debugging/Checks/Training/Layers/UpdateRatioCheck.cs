using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Steps that are far too long or too short for the weights.</summary>
public sealed class UpdateRatioCheck : TrainingCheck
{
    private static readonly Threshold Low = new("low", 1e-5, "usual change of a matrix in a step over its length, below which it hardly moves", "Karpathy (CS231n): about 1e-3; two powers of ten below.");
    private static readonly Threshold High = new("high", 0.1, "the same, above which a few steps replace it", "Karpathy (CS231n): about 1e-3; two powers of ten above.");

    private static readonly Threshold Replaced = new("replaced", 1, "the same in the very first step", "A step as long as the weights themselves throws away what they held.");

    /// <inheritdoc/>
    public override string Name => "update-ratio";

    /// <inheritdoc/>
    public override string Definition => "The usual change of most weight matrices in a step, over their length, lies outside 1e-5 to 0.1, at steps where the learning rate is near its highest.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Low, High, Replaced];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-not-decreasing", "learning-rate-too-low", "loss-oscillating", "loss-diverging", "at-chance", "underfit", "plateau", "exploding-gradient", "dead-relu", "saturated-activation", "overfit-batch"];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "The learning rate does not suit the weights: too high where the ratio is high, too low where it is low.";

    /// <inheritdoc/>
    protected override string Fix => "Change the learning rate by the factor that brings the ratio to about 1e-3.";

    /// <inheritdoc/>
    protected override string Verify => "watch/LAYER/update_ratio of most matrices lies between 1e-4 and 1e-2.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var layers = subject.Signals.With(LayerSignals.UpdateRatio).Where(pair => pair.Layer.IsMatrix && pair.Layer.Constant(LayerSignals.Trainable) is not 0)
            .Select(pair => (pair.Layer.Name, pair.Series, Steps: AtHighRate(pair.Series, subject.Signals.LearningRate))).Where(layer => layer.Steps.Length > 0).ToList();
        if (layers.Count == 0)
        {
            yield break;
        }

        // The high side by the middle (a matrix that starts at zero changes much at first), the low side by the better quarter (at the end of a good training nothing moves).
        // Under Adam a rate that is far too high makes the weights so long that the ratio soon looks well: the first steps tell.
        var high = layers.Where(layer => Robust.Median(layer.Steps) > context.Value(Name, High) || (layer.Series.Steps[0] == 0 && layer.Series.Values[0] > context.Value(Name, Replaced))).ToList();
        var low = layers.Where(layer => Robust.Quantile(layer.Steps, 0.75) is > 0 and { } ratio && ratio < context.Value(Name, Low)).ToList();
        var learns = LayerMeasures.Learns(subject.Signals);
        var bars = TrainingPlots.Bars("Change in a step over the length of the weights", "median ratio", [.. layers.Select(layer => (layer.Name, Robust.Median(layer.Steps)))], context.Value(Name, High));
        if (2 * high.Count >= layers.Count)
        {
            var middle = Robust.Median([.. high.Select(layer => Robust.Median(layer.Steps))]);
            yield return Found(learns == true ? Severity.Medium : Severity.High, $"The steps are too long: {high.Count} of {layers.Count} matrices change by {Text(100 * middle)}% of their length in a usual step; the learning rate is too high.", bars,
                ("layers", Names(high.Select(layer => layer.Name))), ("ratio", middle), ("direction", "high"));
        }
        else if (2 * low.Count > layers.Count && layers.Count(layer => layer.Steps.All(step => step == 0)) < layers.Count)
        {
            var middle = Robust.Median([.. low.Select(layer => Robust.Median(layer.Steps))]);
            yield return Found(learns == false ? Severity.High : Severity.Medium, $"The steps are too short: {low.Count} of {layers.Count} matrices change by {Text(middle)} of their length in a step; the learning rate is too low.", bars,
                ("layers", Names(low.Select(layer => layer.Name))), ("ratio", middle), ("direction", "low"));
        }
    }

    // Warm-up and decay end in steps of no length: what counts is the rate that the schedule was made for.
    private static double[] AtHighRate(SignalSeries ratios, SignalSeries? rate)
    {
        var finite = ratios.Finite();
        if (rate is null || rate.Count == 0)
        {
            return finite.Values;
        }

        var highest = rate.Values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var kept = new List<double>();
        for (var index = 0; index < finite.Count; index++)
        {
            var place = Array.BinarySearch(rate.Steps, finite.Steps[index]);
            var at = place >= 0 ? place : Math.Clamp(~place - 1, 0, rate.Count - 1);
            if (rate.Values[at] >= 0.1 * highest)
            {
                kept.Add(finite.Values[index]);
            }
        }

        return [.. kept];
    }
}
