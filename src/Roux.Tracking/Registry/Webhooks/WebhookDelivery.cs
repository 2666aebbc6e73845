namespace Roux.Tracking;

/// <summary>An event on its way to a webhook.</summary>
public sealed record WebhookDelivery
{
    /// <summary>Sent along as <c>webhook-id</c>; the same at every attempt, so that receivers can tell repetitions.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the webhook.</summary>
    public required string Webhook { get; init; }

    /// <summary>The event.</summary>
    public required string Event { get; init; }

    /// <summary>What is posted: JSON.</summary>
    public required string Body { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is tried next; <c>null</c>: never again.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong at the last attempt.</summary>
    public string? Error { get; init; }
}

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It will be tried, for the first time or again.</summary>
    Waiting = 0,

    /// <summary>The receiver answered with a status of 200 to 299.</summary>
    Delivered = 1,

    /// <summary>Given up: a dead letter, which is kept.</summary>
    Dead = 2,
}
