namespace Roux.Tracking.Remote;

/// <summary>Why a call to a server failed, by what is to be done about it.</summary>
internal enum RemoteFailure
{
    /// <summary>No answer: no connection, no name, a timeout. Try again later.</summary>
    Unreachable,

    /// <summary>The server is busy, restarting or broken: 408, 429, 5xx. Try again later.</summary>
    Busy,

    /// <summary>The login is missing or may not do this: 401, 403. A human must act; what waits goes on waiting.</summary>
    Denied,

    /// <summary>What answers is no such server: HTML, redirects, answers without end. A human must act.</summary>
    Foreign,

    /// <summary>The server does not know this call: an older or another kind of server.</summary>
    Unsupported,

    /// <summary>The server refuses this content for good: 400, 413 and their like.</summary>
    Refused,

    /// <summary>What it is about is not there: 404 with RESOURCE_DOES_NOT_EXIST.</summary>
    Missing,
}
