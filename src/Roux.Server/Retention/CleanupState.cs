using Roux.Tracking;

namespace Roux.Server.Retention;

/// <summary>The latest cleanup of a server.</summary>
/// <param name="Actor">Who asked for it.</param>
/// <param name="Began">When it began.</param>
/// <param name="IsTrial">Whether it only looks.</param>
internal sealed record CleanupState(string Actor, DateTimeOffset Began, bool IsTrial)
{
    /// <summary>When it ended; <c>null</c>: it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it is at.</summary>
    public string? Progress { get; init; }

    /// <summary>What came of it.</summary>
    public CleanupReport? Report { get; init; }

    /// <summary>Why it ended early.</summary>
    public string? Problem { get; init; }

    /// <summary>What it was told to remove.</summary>
    public required CleanupOptions Rules { get; init; }
}
