namespace Roux.Tracking.Remote;

/// <summary>A run of a spool, as its row says.</summary>
internal sealed record SpooledRun(long Key, string Id, string Experiment, long? Parent, string Name, RunStatus Status, long Started, long? Ended, long? Deleted, string? Error)
{
    /// <summary>Whether its status and time of end are those that the server was told.</summary>
    public bool IsAsSent(SentRun sent) => sent.Status == Status && sent.Ended == Ended && sent.Deleted == (Deleted is not null);
}
