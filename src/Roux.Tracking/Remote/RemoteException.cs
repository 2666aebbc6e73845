namespace Roux.Tracking.Remote;

/// <summary>A call to a server that failed. The message names the address and what to do.</summary>
internal sealed class RemoteException(RemoteFailure failure, string message, Exception? cause = null) : TrackingException(message, cause!)
{
    /// <summary>What is to be done about it.</summary>
    public RemoteFailure Failure => failure;

    /// <summary>How long the server asks to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>MLflow's code of the error; empty where there is none.</summary>
    public string Code { get; init; } = "";

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsPassing => failure is RemoteFailure.Unreachable or RemoteFailure.Busy;

    /// <summary>Whether nothing else will succeed either, until the server is back or a human has acted.</summary>
    public bool ConcernsTheServer => failure is RemoteFailure.Unreachable or RemoteFailure.Foreign or RemoteFailure.Unsupported
        || (failure == RemoteFailure.Denied && Code != "PERMISSION_DENIED") || RetryAfter is not null;
}
