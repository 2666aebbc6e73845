using Roux.Tracking.Service;

namespace Roux.Server.Security;

/// <summary>A request that is refused before anything is done for it.</summary>
internal sealed class RefusedException(ServiceError error, string message) : Exception(message)
{
    public ServiceError Error => error;

    /// <summary>When to try again.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Nobody is logged in, or not with what was sent: always the same words, so that users cannot be told from others.</summary>
    public static RefusedException NotLoggedIn() => new(
        ServiceError.Unauthenticated,
        "You are not authenticated. Send a user's name and password (MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD) or a key (MLFLOW_TRACKING_TOKEN) that is valid here");
}
