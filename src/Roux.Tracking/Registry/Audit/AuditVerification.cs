namespace Roux.Tracking;

/// <summary>Whether the audit log is what was written.</summary>
/// <param name="Intact">Whether every entry fits the one before it and the end of the chain.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Head">Hash of the last one. Kept elsewhere, it proves later that nothing before it has changed.</param>
/// <param name="BrokenAt">Number of the first entry that does not fit.</param>
/// <param name="Problem">What does not fit; empty for an intact log.</param>
public sealed record AuditVerification(bool Intact, long Entries, string Head, long? BrokenAt, string Problem);
