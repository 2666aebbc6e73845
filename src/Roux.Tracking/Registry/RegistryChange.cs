using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>A change of the registry, to be put down and told.</summary>
/// <param name="Action">One of <see cref="RegistryAction"/>.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Number of the version.</param>
internal sealed record RegistryChange(string Action, string? Model = null, int? Version = null)
{
    public JsonObject? Before { get; init; }

    public JsonObject? After { get; init; }

    /// <summary>Writes it to the audit log and queues it for the webhooks that want it, in the transaction of the change itself: both happen or neither.</summary>
    public void Record(WriteSession session, string actor, long time)
    {
        AuditLog.Append(session, this, actor, time);
        WebhookOutbox.Queue(session, this, actor, time);
    }

    /// <summary>A JSON object of one member.</summary>
    public static JsonObject Of(string name, JsonNode? value) => new() { [name] = value };
}
