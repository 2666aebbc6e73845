namespace Roux.Tracking;

/// <summary>One change of the registry.</summary>
/// <param name="Number">Its place in the log, from 1 without gaps.</param>
/// <param name="Time">When, to the millisecond.</param>
/// <param name="Actor">Who: the user of the server, or of the operating system.</param>
/// <param name="Action">What happened, such as <c>version.promoted</c>.</param>
/// <param name="Model">Name of the model it is about.</param>
/// <param name="Version">Number of the version it is about.</param>
/// <param name="Before">What was there before, as JSON.</param>
/// <param name="After">What is there now, as JSON.</param>
/// <param name="Previous">Hash of the entry before it; empty for the first.</param>
/// <param name="Hash">Hash of this entry, <paramref name="Previous"/> included.</param>
public sealed record AuditEntry(
    long Number, DateTimeOffset Time, string Actor, string Action, string? Model, int? Version, string? Before, string? After, string Previous, string Hash);
