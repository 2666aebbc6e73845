using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>A run that says it goes on but no longer logs anything.</summary>
public sealed class StalledCheck : TrainingCheck
{
    private static readonly Threshold Times = new("times", 20, "time since the last value over the usual time between two values", "SageMaker Debugger's StalledTrainingRule waits for a fixed 1800 s; a multiple of the run's own pace fits slow and fast ones.");
    private static readonly Threshold Least = new("least", 600, "seconds of silence, at least", "Evaluations and checkpoints take minutes.");

    /// <inheritdoc/>
    public override string Name => "stalled";

    /// <inheritdoc/>
    public override string Definition => "A running run has logged no loss for twenty times its usual interval and at least ten minutes.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Times, Least];

    /// <inheritdoc/>
    public override bool IsLive => true;

    /// <inheritdoc/>
    protected override string Cause => "A deadlock (data loader, another process), a machine without memory or disk, or a program that ended without saying so.";

    /// <inheritdoc/>
    protected override string Fix => "Look at the process and at the metrics system/…; end the run where it is gone.";

    /// <inheritdoc/>
    protected override string Verify => "New values arrive at the usual pace.";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TrainingSubject subject, CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        var intervals = subject.Signals.Intervals;
        if (!subject.Signals.IsRunning || intervals.Count < 5)
        {
            yield break;
        }

        var usual = Robust.Quantile([.. intervals.Take(intervals.Count - 1)], 0.9);
        var silence = intervals[^1];
        if (silence >= context.Value(Name, Least) && silence > context.Value(Name, Times) * usual)
        {
            yield return Found(Severity.Medium, $"Nothing was logged for {silence / 60:0} minutes; before, a value came every {Text(usual)} s.", null, ("silence_s", silence), ("usual_s", usual));
        }
    }
}
