using Roux.Debugging.Signals;
using Roux.Tracking;

namespace Roux.Debugging.Checks.Training;

/// <summary>
/// Judges a training: a finished or running run by its curves, or a network at hand by trying things on it.
/// <code>
/// foreach (var finding in TrainingReview.OfRun(tracker, runId, new CheckContext(), TimeProvider.System)) { … }
/// </code>
/// </summary>
public static class TrainingReview
{
    /// <summary>What the checks are, to rank and merge what they find.</summary>
    public static IReadOnlyList<CheckCard> Cards { get; } = [.. TrainingChecks.All.Select(CheckCard.Of)];

    /// <summary>Findings about a tracked run, whoever logged it; none where it has no training signals (docs/training-signals.md).</summary>
    /// <param name="tracker">A store or a server.</param>
    /// <param name="runId">Id of the run.</param>
    /// <param name="context">Thresholds, seed.</param>
    /// <param name="time">Tells how long a running run has been silent.</param>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public static IReadOnlyList<Finding> OfRun(Tracker tracker, string runId, CheckContext context, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(context);
        var signals = TrainingSignals.Read(tracker, runId, time, context.Cancellation);
        return signals.IsEmpty ? [] : Of(new TrainingSubject { Signals = signals }, context, signals.IsRunning ? TrainingChecks.Live : TrainingChecks.All);
    }

    /// <summary>Findings about a training, the most severe first, causes before their consequences; not merged yet.</summary>
    /// <param name="subject">Its curves, its network, or both.</param>
    /// <param name="context">Thresholds, seed.</param>
    /// <param name="checks">Which checks; all by default.</param>
    public static IReadOnlyList<Finding> Of(TrainingSubject subject, CheckContext context, IReadOnlyList<TrainingCheck>? checks = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return [.. CheckRunner.Run(checks ?? TrainingChecks.All, subject, context).OrderByDescending(finding => finding.Severity)];
    }
}
