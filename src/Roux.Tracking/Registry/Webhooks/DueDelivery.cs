namespace Roux.Tracking.Registry;

/// <summary>A delivery that is tried now.</summary>
internal sealed record DueDelivery(long Key, string Id, string Url, string Secret, string Event, string Body, int Attempts);

/// <summary>What came of trying.</summary>
/// <param name="Status">HTTP status, where there was an answer.</param>
/// <param name="Error">What went wrong; <c>null</c> where nothing did.</param>
/// <param name="Final">Whether trying again is no use.</param>
internal sealed record DeliveryOutcome(int? Status, string? Error, bool Final = false);
