namespace Roux.Tracking;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Under way.</summary>
    Running = 1,

    /// <summary>Known, not yet begun.</summary>
    Scheduled = 2,

    /// <summary>Ended as intended.</summary>
    Finished = 3,

    /// <summary>Ended by an error.</summary>
    Failed = 4,

    /// <summary>Ended from outside: a signal, or the process went away.</summary>
    Killed = 5,
}
