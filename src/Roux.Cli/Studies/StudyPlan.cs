using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A study before it begins: what is searched, and how a trial is tried.</summary>
internal sealed record StudyPlan
{
    /// <summary>The space.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>What is tuned.</summary>
    public required IReadOnlyList<Goal> Goals { get; init; }

    /// <summary>Bounds that trials must keep.</summary>
    public IReadOnlyList<MetricLimit> Limits { get; init; } = [];

    /// <summary>How trials are run, and when it ends.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The pruner, where the call names none.</summary>
    public string UsualPruner { get; init; } = "none";

    /// <summary>What makes two studies the same, besides space, goals and limits.</summary>
    public required IReadOnlyList<string> Subject { get; init; }

    /// <summary>Params of the study's run.</summary>
    public IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>();

    /// <summary>Files that are read.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Tries a configuration within its run and returns a value a goal.</summary>
    public required Func<StudyPlace, RunningTrial, Run, Task<IReadOnlyList<double>>> Try { get; init; }

    /// <summary>What is to be found out at the end; gets the study and the run.</summary>
    public Func<StudyOutcome, CancellationToken, Task<StudyOutcome>> Finish { get; init; } = (outcome, _) => Task.FromResult(outcome);
}

/// <summary>Where the trials of a study live.</summary>
/// <param name="Tracker">The store.</param>
/// <param name="RunId">Id of the study's run.</param>
/// <param name="Folder">Folder of the study.</param>
/// <param name="Journal">Hears of values on the way.</param>
/// <param name="Schedule">How far trials are trained; null where each is trained to its end.</param>
internal sealed record StudyPlace(Tracker Tracker, string RunId, string Folder, StudyJournal Journal, Schedule? Schedule);
