using Roux.Tracking;

namespace Roux.Server;

/// <summary>What a server removes by itself, and how often: the same as <c>roux gc --yes</c>, see docs/retention.md.</summary>
/// <param name="Every">From one cleanup to the next; the first is so long after the start.</param>
/// <param name="Rules">What goes.</param>
public sealed record RetentionSchedule(TimeSpan Every, CleanupOptions Rules);
