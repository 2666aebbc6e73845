using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>The loss climbs.</summary>
public sealed class LossDivergingCheck : TrainingCheck
{
    private static readonly Threshold Rise = new("rise", 1.5, "level at the end over the level at the start, from which on it diverges", "Gradient descent on a smooth loss never climbs for steps below 2/L (Nesterov 2004, 1.2.3); half as much again leaves room for noise and averaging over the first epoch.");
    private static readonly Threshold Relapse = new("relapse", 0.5, "share of what was gained that is lost again at the end", "More than half of the progress undone: the run ends worse than it was in its middle.");

    /// <inheritdoc/>
    public override string Name => "loss-diverging";

    /// <inheritdoc/>
    public override string Definition => "The training loss ends well above where it began, or climbs for good after it had fallen (Mann-Kendall, p < 0.01). Losses of games between networks and of reinforcement learning are not judged.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Rise, Relapse];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["loss-oscillating", "loss-not-decreasing", "exploding-gradient"];

    /// <inheritdoc/>
    protected override string Cause => "A learning rate that is too high, gradients that are added up and never reset, a sign that is wrong (the loss is maximised), or exploding gradients.";

    /// <inheritdoc/>
    protected override string Fix => "Divide the learning rate by ten, warm it up over the first steps, clip the gradient's length to 1, and check that gradients are reset before every backward pass.";

    /// <inheritdoc/>
    protected override string Verify => "The loss ends below its start, and its trend over the last half is not upwards.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.Loss is not { } series || series.Finite().Count < 5)
        {
            yield break;
        }

        var curve = new LossCurve(series);
        var scale = Math.Max(Math.Abs(curve.Start), 1e-12);
        var rise = (curve.End - curve.Start) / scale + 1;
        var clear = curve.End - curve.Start > 3 * Math.Max(curve.BlockNoise, curve.Noise / Math.Sqrt(Math.Max(1, series.Count / 10)));
        var climbs = curve.Trend.RiseP < 0.01;
        var plot = TrainingPlots.Curves("Training loss", "loss", curve.Start, ("loss", curve.Points));
        if (rise >= context.Value(Name, Rise) && clear && (climbs || rise >= 10))
        {
            yield return Found(Severity.High, $"The loss climbs: from {Text(curve.Start)} at the start to {Text(curve.End)} at the end.", plot,
                ("start", Number(curve.Start)), ("end", Number(curve.End)), ("rise_p", curve.Trend.RiseP));
            yield break;
        }

        var gained = curve.Start - curve.Lowest;
        var share = curve.Blocks.Length == 0 ? 1 : (double)curve.LowestBlock / curve.Blocks.Length;
        if (share is > 0 and < 0.75 && gained > 0 && curve.End - curve.Lowest > Math.Max(context.Value(Name, Relapse) * gained, 4 * curve.BlockNoise) && curve.TrendFrom(share).RiseP < 0.01)
        {
            yield return Found(Severity.Medium, $"The loss had fallen to {Text(curve.Lowest)} and climbs again, to {Text(curve.End)}.", plot,
                ("start", Number(curve.Start)), ("lowest", Number(curve.Lowest)), ("end", Number(curve.End)));
        }
    }
}
