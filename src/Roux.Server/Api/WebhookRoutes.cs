using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Api;

/// <summary><c>webhooks/…</c>: who is told what happens.</summary>
internal static class WebhookRoutes
{
    private const int UsualResults = 100;
    private const int MostResults = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("GET", "/webhooks", Access.Server(Role.Admin), call => call.Document(new JsonObject { ["webhooks"] = new JsonArray([.. Webhooks(call).List().Select(Of)]) })),
        new("POST", "/webhooks", Access.Server(Role.Admin), Add),
        new("DELETE", "/webhooks", Access.Server(Role.Admin), call => call.Done(Webhooks(call).RemoveAsync(call.Fields.Required("id")))),
        new("PUT", "/webhooks/disabled", Access.Server(Role.Admin), call =>
            call.Done(Webhooks(call).SetDisabledAsync(call.Fields.Required("id"), call.Fields.Node("disabled") is null ? throw ServiceException.Missing("disabled") : call.Fields.Flag("disabled")))),
        new("POST", "/webhooks/test", Access.Server(Role.Admin), async call => await call.Document(Of(
            await Webhooks(call).TestAsync(call.Fields.Required("id"), call.Options.Webhooks, call.Cancellation).ConfigureAwait(false))).ConfigureAwait(false)),
        new("GET", "/webhooks/deliveries", Access.Server(Role.Admin), call => call.Document(new JsonObject
        {
            ["deliveries"] = new JsonArray([.. Webhooks(call).Deliveries(call.Fields.Text("id"), call.Fields.MaxResults(UsualResults, MostResults)).Select(Of)]),
        })),
    ];

    private static ModelWebhooks Webhooks(Call call) => new(call.Service.Tracker, call.Actor);

    private static async Task Add(Call call)
    {
        var fields = call.Fields;
        var (webhook, secret) = await Webhooks(call).AddAsync(
            fields.Required("url"), fields.Texts("events"), fields.Text("model") is { Length: > 0 } model ? model : null, call.Options.Webhooks.AllowPrivate).ConfigureAwait(false);
        var json = Of(webhook);
        json["secret"] = secret;
        await call.Document(json).ConfigureAwait(false);
    }

    private static JsonObject Of(Webhook webhook) => new()
    {
        ["id"] = webhook.Id,
        ["url"] = webhook.Url,
        ["events"] = new JsonArray([.. webhook.Events.Select(name => JsonValue.Create(name))]),
        ["model"] = webhook.Model,
        ["disabled"] = webhook.IsDisabled,
        ["created"] = webhook.Created.ToUnixTimeMilliseconds(),
        ["created_by"] = webhook.CreatedBy,
    };

    private static JsonObject Of(WebhookDelivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["webhook"] = delivery.Webhook,
        ["event"] = delivery.Event,
        ["created"] = delivery.Created.ToUnixTimeMilliseconds(),
        ["state"] = delivery.State switch { DeliveryState.Delivered => "delivered", DeliveryState.Dead => "dead", _ => "waiting" },
        ["attempts"] = delivery.Attempts,
        ["due"] = delivery.Due?.ToUnixTimeMilliseconds(),
        ["status"] = delivery.Status,
        ["error"] = delivery.Error,
    };
}
