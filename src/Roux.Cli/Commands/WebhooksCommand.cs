using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary><c>roux webhooks …</c>: who is told what happens in the registry.</summary>
internal static class WebhooksCommand
{
    private const int ShownDeliveries = 50;

    private static readonly Argument<string> Url = new("URL") { Description = "Where to post to." };
    private static readonly Argument<string> Id = new("ID") { Description = "A webhook's id, as list shows it." };
    private static readonly Argument<string?> OptionalId = new("ID") { Description = "Only those of one webhook.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string[]> Events = new("--event", "-e") { Description = "An event such as version.promoted (may be repeated; default: the usual five).", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Model = new("--model") { Description = "Only what happens to this model.", HelpName = "NAME" };
    private static readonly Option<bool> AllowPrivate = new("--allow-private") { Description = "Also addresses of this machine and of private networks." };

    public static Command Create()
    {
        var add = new Command("add", "Add an address; shows the secret that signs what is sent, once.") { Url, Events, Model, AllowPrivate };
        add.SetAction(Add);
        var list = new Command("list", "The webhooks there are.");
        list.SetAction(List);
        var remove = new Command("remove", "Remove a webhook.") { Id };
        remove.SetAction(Remove);
        var test = new Command("test", "Send a test event now and say what came of it. Exit code 0 only if it was taken.") { Id, AllowPrivate };
        test.SetAction(TestAsync);
        var deliveries = new Command("deliveries", "What was sent, what waits, what was given up.") { OptionalId };
        deliveries.SetAction(Deliveries);
        var deliver = new Command("deliver", "Send what is due, where no server runs that does.") { AllowPrivate };
        deliver.SetAction(DeliverAsync);
        return new Command("webhooks", "Tell other systems what happens in the registry.") { add, list, remove, test, deliveries, deliver };
    }

    private static int Add(ParseResult call)
    {
        using var tracker = StoreAccess.OpenToChange(call);
        var (webhook, secret) = tracker.Models.Webhooks.Add(call.GetValue(Url)!, call.GetValue(Events), call.GetValue(Model), call.GetValue(AllowPrivate));
        if (call.GetValue(CommonOptions.Json))
        {
            var json = Json(webhook);
            json["secret"] = secret;
            CommonOptions.WriteJson(json);
        }
        else
        {
            new Page().Line($"{webhook.Id}: {string.Join(", ", webhook.Events)} go to {webhook.Url}")
                .Line($"Secret, not shown again: {secret}").Line($"Try it with: roux webhooks test {webhook.Id}");
        }

        return 0;
    }

    private static int List(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var webhooks = tracker.Models.Webhooks.List();
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["webhooks"] = new JsonArray([.. webhooks.Select(Json)]) });
        }
        else if (webhooks.Count == 0)
        {
            new Page().Line("No webhooks. Add one with: roux webhooks add URL");
        }
        else
        {
            var page = new Page();
            var table = page.Table().Column("id").Column("url", least: 20).Column("model", least: 6).Column("events", least: 16);
            foreach (var webhook in webhooks)
            {
                table.Row(webhook.Id, webhook.Url, webhook.Model ?? "all", string.Join(", ", webhook.Events));
            }

            page.Write(table);
        }

        return 0;
    }

    private static int Remove(ParseResult call)
    {
        using var tracker = StoreAccess.OpenToChange(call);
        var id = call.GetValue(Id)!;
        tracker.Models.Webhooks.Remove(id);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["removed"] = id });
        }
        else
        {
            new Page().Line($"{id} is removed.");
        }

        return 0;
    }

    private static async Task<int> TestAsync(ParseResult call, CancellationToken cancellation)
    {
        using var tracker = StoreAccess.OpenToChange(call);
        var delivery = await tracker.Models.Webhooks.TestAsync(call.GetValue(Id)!, new WebhookOptions { AllowPrivate = call.GetValue(AllowPrivate) }, cancellation);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(Json(delivery));
        }
        else
        {
            new Page().Line(delivery.State == DeliveryState.Delivered ? $"Taken: the receiver answered {delivery.Status}." : $"Not taken: {delivery.Error}");
        }

        return delivery.State == DeliveryState.Delivered ? 0 : 1;
    }

    private static int Deliveries(ParseResult call)
    {
        using var tracker = StoreAccess.Open(call);
        var deliveries = tracker.Models.Webhooks.Deliveries(call.GetValue(OptionalId), ShownDeliveries);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["deliveries"] = new JsonArray([.. deliveries.Select(Json)]) });
            return 0;
        }

        var page = new Page();
        var table = page.Table().Column("time").Column("webhook").Column("event").Column("state").Column("tries", right: true).Column("last", least: 10);
        foreach (var delivery in deliveries)
        {
            table.Row(
                delivery.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), delivery.Webhook, delivery.Event, State(delivery),
                delivery.Attempts.ToString(CultureInfo.InvariantCulture), delivery.Error ?? delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? "");
        }

        page.Write(table);
        return 0;
    }

    private static async Task<int> DeliverAsync(ParseResult call, CancellationToken cancellation)
    {
        using var tracker = StoreAccess.OpenToChange(call);
        var tried = 0;
        int now;
        while ((now = await tracker.Models.Webhooks.DeliverAsync(new WebhookOptions { AllowPrivate = call.GetValue(AllowPrivate) }, cancellation)) > 0)
        {
            tried += now;
        }

        var waiting = tracker.Models.Webhooks.Deliveries(null, 1000).Count(delivery => delivery.State == DeliveryState.Waiting);
        if (call.GetValue(CommonOptions.Json))
        {
            CommonOptions.WriteJson(new JsonObject { ["tried"] = tried, ["waiting"] = waiting });
        }
        else
        {
            new Page().Line($"{tried} tried, {waiting} waiting for another try.");
        }

        return 0;
    }

    private static string State(WebhookDelivery delivery) => delivery.State switch { DeliveryState.Delivered => "delivered", DeliveryState.Dead => "dead", _ => "waiting" };

    private static JsonObject Json(Webhook webhook) => new()
    {
        ["id"] = webhook.Id,
        ["url"] = webhook.Url,
        ["events"] = new JsonArray([.. webhook.Events.Select(name => JsonValue.Create(name))]),
        ["model"] = webhook.Model,
        ["created"] = RunJson.Time(webhook.Created),
        ["created_by"] = webhook.CreatedBy,
    };

    private static JsonObject Json(WebhookDelivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["webhook"] = delivery.Webhook,
        ["event"] = delivery.Event,
        ["created"] = RunJson.Time(delivery.Created),
        ["state"] = State(delivery),
        ["attempts"] = delivery.Attempts,
        ["due"] = delivery.Due is { } due ? RunJson.Time(due) : null,
        ["status"] = delivery.Status,
        ["error"] = delivery.Error,
    };
}
