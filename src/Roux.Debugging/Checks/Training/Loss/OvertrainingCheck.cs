using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>Validation loss rises while training goes on.</summary>
public sealed class OvertrainingCheck : TrainingCheck
{
    private static readonly Threshold Loss = new("generalisation-loss", 0.1, "rise of the validation loss over its lowest value, as a share of it", "Prechelt (1998), 'Early stopping - but when?': stopping criterion GL; he tries 1% to 5%. A tenth leaves room for noise.");
    private static readonly Threshold Patience = new("patience", 5, "evaluations after the lowest one, at least", "SageMaker Debugger's Overtraining waits for 5 to 10 steps.");

    private static readonly Threshold Lost = new("lost", 0.25, "the same rise, as a share of what validation had gained, from which on it matters much", "A quarter of all that was learned for new rows is lost again; less than that is the usual price of a few epochs too many.");

    /// <inheritdoc/>
    public override string Name => "overtraining";

    /// <inheritdoc/>
    public override string Definition => "The validation loss has risen by more than a tenth over its lowest level, for good (Mann-Kendall over what follows the lowest, p < 0.05), for at least a third of the run.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Loss, Lost, Patience];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explains => ["overfit"];

    /// <inheritdoc/>
    protected override string Cause => "Training goes on after the network has begun to learn the training rows by heart.";

    /// <inheritdoc/>
    protected override string Fix => "Stop early and keep the weights of the best validation loss; more data, augmentation, dropout or weight decay let it train longer.";

    /// <inheritdoc/>
    protected override string Verify => "The kept model's validation loss is within a tenth of the lowest one.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        if (subject.Facts.IsGame || subject.Signals.ValidationLoss is not { } series || series.Finite() is not { Count: >= 8 } finite)
        {
            yield break;
        }

        var curve = new LossCurve(finite);
        var share = curve.LowestBlock / (double)curve.Blocks.Length;
        var rest = finite.Part(share, 1);
        var rise = (curve.End - curve.Lowest) / Math.Max(Math.Abs(curve.Lowest), 1e-12);
        // Where next to nothing is lost any more, a tenth of it is nothing, too.
        var matters = curve.End - curve.Lowest > Math.Max(0.02 * Math.Abs(curve.Start), 3 * curve.BlockNoise);
        if (share < 2 / 3.0 && rest.Length > context.Value(Name, Patience) && rise > context.Value(Name, Loss) && matters && Robust.TrendOf(rest).RiseP < 0.05)
        {
            var much = curve.End - curve.Lowest >= context.Value(Name, Lost) * (curve.Start - curve.Lowest);
            yield return Found(much ? Severity.Medium : Severity.Low, $"The validation loss was lowest, {Text(curve.Lowest)}, at step {finite.Steps[(int)(share * finite.Count)]:0} and has risen to {Text(curve.End)} since.",
                TrainingPlots.Curves("Training and validation loss", "loss", curve.Lowest, ("validation", finite), ("training", subject.Signals.Loss ?? SignalSeries.Of())),
                ("lowest", Number(curve.Lowest)), ("end", Number(curve.End)), ("rise", Number(rise)), ("best_step", finite.Steps[(int)(share * finite.Count)]));
        }
    }
}
