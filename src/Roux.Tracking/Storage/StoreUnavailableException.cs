namespace Roux.Tracking.Storage;

/// <summary>The database cannot be reached for now: the same call may well succeed later.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause) : TrackingException(message, cause!);
