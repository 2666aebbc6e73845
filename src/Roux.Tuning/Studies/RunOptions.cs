namespace Roux.Tuning;

/// <summary>How trials are run, and when a study is over.</summary>
public sealed record RunOptions
{
    /// <summary>Trials at the same time, at least 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Trials to end with, those of earlier processes included; <c>null</c> for no limit.</summary>
    public int? Trials { get; init; }

    /// <summary>Steps of all trials together, after which none is begun or goes on; <c>null</c> for no limit.</summary>
    public long? Steps { get; init; }

    /// <summary>Time for the whole run; <c>null</c> for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Time for one trial, after which it counts as failed; <c>null</c> for no limit.</summary>
    public TimeSpan? TrialTimeout { get; init; }

    /// <summary>How often a configuration that failed is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>The study is over when its best value is at least as good; <c>null</c> for no target.</summary>
    public double? Target { get; init; }

    /// <summary>The study is over after so many trials without an improvement; <c>null</c> for never.</summary>
    public int? Patience { get; init; }

    /// <summary>The study is over when the optimum can, with high probability, be better than the best trial by no more than this; <c>null</c> for never. See <see cref="Study.Regret"/>.</summary>
    public double? Regret { get; init; }

    /// <summary>Where trials are kept and shared with other processes; <c>null</c> for this process alone.</summary>
    public ITrialJournal? Journal { get; init; }

    /// <summary>What may be asked of the study while it runs; <c>null</c> for nothing.</summary>
    public StudyControl? Control { get; init; }
}

/// <summary>Why a run of a study ended.</summary>
public enum RunEnd
{
    /// <summary>As many trials as wanted have ended.</summary>
    Trials,

    /// <summary>The time is up.</summary>
    Timeout,

    /// <summary>The target is reached.</summary>
    Target,

    /// <summary>No improvement for as many trials as were to be borne.</summary>
    Patience,

    /// <summary>There is little left to win.</summary>
    Regret,

    /// <summary>It was asked to stop.</summary>
    Cancelled,
}
