namespace Roux.Tracking;

/// <summary>Somebody's consent to put a version to use.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="Time">When.</param>
public sealed record Approval(string Actor, string Reason, DateTimeOffset Time);
