using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Registry;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Addresses that are told what happens in the registry: signed, tried again with growing waits, and queued in the store, so that they outlive the
/// process. A server sends them; <see cref="DeliverAsync"/> does so where none runs. Obtained from <see cref="ModelRegistry.Webhooks"/>.
/// </summary>
public sealed class ModelWebhooks
{
    private const int MostWebhooks = 1000;
    private const int MostDeliveries = 1000;
    private const string TestEvent = "webhook.test";

    private readonly Tracker tracker;
    private readonly string actor;

    internal ModelWebhooks(Tracker tracker, string actor) => (this.tracker, this.actor) = (tracker, actor);

    /// <summary>Adds a webhook. The secret that it returns signs what is sent and is not shown again.</summary>
    /// <param name="url">Where to post to: http or https, without user name.</param>
    /// <param name="events">Which events, of <see cref="RegistryAction.Events"/>; empty for those of registration, promotion, approval, aliases and failed gates.</param>
    /// <param name="model">Of which model; <c>null</c> for all.</param>
    /// <param name="allowPrivate">Whether addresses of this machine and of private networks are taken; the sender must allow them, too.</param>
    /// <exception cref="TrackingException">The address or an event is no good, or there are too many webhooks.</exception>
    public (Webhook Webhook, string Secret) Add(string url, IReadOnlyList<string>? events = null, string? model = null, bool allowPrivate = false) =>
        AddAsync(url, events ?? [], model, allowPrivate).GetAwaiter().GetResult();

    /// <summary>All webhooks, the first first.</summary>
    public IReadOnlyList<Webhook> List() => tracker.Read(session => session.Rows("SELECT webhook_id, url, events, model, created, created_by, disabled FROM webhooks ORDER BY id", Read));

    /// <summary>Removes a webhook with its deliveries.</summary>
    /// <exception cref="TrackingException">There is none of that id.</exception>
    public void Remove(string id) => RemoveAsync(id).GetAwaiter().GetResult();

    /// <summary>Deliveries, the newest first.</summary>
    /// <param name="webhook">Id of a webhook; <c>null</c> for all.</param>
    /// <param name="most">At most so many, up to 1000.</param>
    public IReadOnlyList<WebhookDelivery> Deliveries(string? webhook = null, int most = 100) => most is < 1 or > MostDeliveries
        ? throw ServiceException.Invalid($"give 1 to {MostDeliveries} deliveries to show")
        : tracker.Read(session => session.Rows(
            """
            SELECT d.delivery_id, w.webhook_id, d.event, d.body, d.created, d.state, d.attempts, d.due, d.status, d.error
            FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook WHERE CAST($webhook AS TEXT) IS NULL OR w.webhook_id = $webhook ORDER BY d.id DESC LIMIT $most
            """,
            row => new WebhookDelivery
            {
                Id = row.Text(0),
                Webhook = row.Text(1),
                Event = row.Text(2),
                Body = row.Text(3),
                Created = RunReader.Time(row.Int64(4)),
                State = (DeliveryState)row.Int64(5),
                Attempts = (int)row.Int64(6),
                Due = row.Int64OrNull(7) is { } due ? RunReader.Time(due) : null,
                Status = (int?)row.Int64OrNull(8),
                Error = row.TextOrNull(9),
            },
            ("$webhook", webhook), ("$most", (long)most)));

    /// <summary>Sends a webhook a test event at once, and once.</summary>
    /// <returns>The delivery with its outcome.</returns>
    /// <exception cref="TrackingException">There is none of that id.</exception>
    public async Task<WebhookDelivery> TestAsync(string id, WebhookOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var writes = tracker.Database.WritesOrThrow();
        var delivery = await writes.StartAsync(session =>
        {
            var (key, url, secret) = Row(session.Sql, id);
            var time = tracker.Now();
            var body = WebhookOutbox.Body(new RegistryChange(TestEvent) { After = RegistryChange.Of("webhook", id) }, actor, time);
            var delivered = WebhookOutbox.Add(session, key, TestEvent, body, time, due: null);
            var row = session.Sql.Number("SELECT id FROM webhook_deliveries WHERE delivery_id = $id", ("$id", delivered))!.Value;
            session.Sql.Execute("UPDATE webhook_deliveries SET attempts = 1 WHERE id = $id", ("$id", row));
            return new DueDelivery(row, delivered, url, secret, TestEvent, body, 1);
        }).ConfigureAwait(false);
        using var sender = new WebhookSender(options, tracker.Time);
        var outcome = await sender.SendAsync(delivery, cancellation).ConfigureAwait(false);
        await NoteAsync(delivery, outcome with { Final = true }, options).ConfigureAwait(false);
        return Deliveries(id, MostDeliveries).First(found => found.Id == delivery.Id);
    }

    /// <summary>Sends what is due, once each.</summary>
    /// <returns>How many were tried.</returns>
    public async Task<int> DeliverAsync(WebhookOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var sender = new WebhookSender(options, tracker.Time);
        return await SendDueAsync(sender, options, cancellation).ConfigureAwait(false);
    }

    internal async Task<int> SendDueAsync(WebhookSender sender, WebhookOptions options, CancellationToken cancellation)
    {
        if (!tracker.Database.Read(session => WebhookOutbox.IsAnyDue(session, tracker.Now())))
        {
            return 0;
        }

        var due = await tracker.Database.WritesOrThrow().StartAsync(session => WebhookOutbox.Take(session, tracker.Now())).ConfigureAwait(false);
        await Task.WhenAll(due.Select(async delivery =>
        {
            var outcome = await sender.SendAsync(delivery, cancellation).ConfigureAwait(false);
            await NoteAsync(delivery, outcome, options).ConfigureAwait(false);
        })).ConfigureAwait(false);
        return due.Count;
    }

    internal async Task<(Webhook Webhook, string Secret)> AddAsync(string url, IReadOnlyList<string> events, string? model, bool allowPrivate)
    {
        var uri = WebhookUrl.Check(url, allowPrivate);
        string[] wanted = events.Count > 0 ? [.. events.Distinct(StringComparer.Ordinal)]
            : [RegistryAction.Registered, RegistryAction.Promoted, RegistryAction.Approved, RegistryAction.AliasSet, RegistryAction.GateFailed];
        if (Array.Find(wanted, name => !RegistryAction.Events.Contains(name)) is { } unknown)
        {
            throw ServiceException.Invalid($"event '{(unknown.Length > 100 ? unknown[..100] + "…" : unknown)}': one of {string.Join(", ", RegistryAction.Events)}");
        }

        if (model is not null)
        {
            ServiceException.Checked(() => ModelReference.CheckName(model));
        }

        var (id, secret) = ("wh_" + Guid.NewGuid().ToString("N")[..16], WebhookSignature.NewSecret());
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            if (session.Sql.Number("SELECT count(*) FROM webhooks") >= MostWebhooks)
            {
                throw ServiceException.Invalid($"there are {MostWebhooks} webhooks already; remove some first");
            }

            var time = tracker.Now();
            session.Sql.Execute(
                "INSERT INTO webhooks (webhook_id, url, events, model, secret, created, created_by) VALUES ($id, $url, $events, $model, $secret, $time, $actor)",
                ("$id", id), ("$url", uri.AbsoluteUri), ("$events", JsonSerializer.Serialize(wanted)), ("$model", model), ("$secret", secret), ("$time", time), ("$actor", actor));
            new RegistryChange(RegistryAction.WebhookAdded, model) { After = Described(id, uri.AbsoluteUri, wanted) }.Record(session, actor, time);
            return true;
        }).ConfigureAwait(false);
        return (List().First(webhook => webhook.Id == id), secret);
    }

    internal Task<bool> RemoveAsync(string id) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var (key, url, _) = Row(session.Sql, id);
        session.Sql.Execute("DELETE FROM webhook_deliveries WHERE webhook = $webhook", ("$webhook", key));
        session.Sql.Execute("DELETE FROM webhooks WHERE id = $webhook", ("$webhook", key));
        new RegistryChange(RegistryAction.WebhookRemoved) { Before = Described(id, url, []) }.Record(session, actor, tracker.Now());
        return true;
    });

    internal Task<bool> SetDisabledAsync(string id, bool disabled) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var (key, url, _) = Row(session.Sql, id);
        session.Sql.Execute("UPDATE webhooks SET disabled = $time WHERE id = $webhook", ("$time", disabled ? tracker.Now() : null), ("$webhook", key));
        new RegistryChange(disabled ? RegistryAction.WebhookDisabled : RegistryAction.WebhookEnabled) { After = Described(id, url, []) }.Record(session, actor, tracker.Now());
        return true;
    });

    private Task<bool> NoteAsync(DueDelivery delivery, DeliveryOutcome outcome, WebhookOptions options) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        WebhookOutbox.Note(session, delivery, outcome, options, tracker.Now());
        return true;
    });

    // The path of an address may hold a secret of the receiver: the audit log names the host alone.
    private static JsonObject Described(string id, string url, string[] events) =>
        new() { ["id"] = id, ["host"] = new Uri(url).GetLeftPart(UriPartial.Authority), ["events"] = new JsonArray([.. events.Select(name => JsonValue.Create(name))]) };

    private static (long Key, string Url, string Secret) Row(StoreSession session, string id) =>
        session.Rows("SELECT id, url, secret FROM webhooks WHERE webhook_id = $id", row => (row.Int64(0), row.Text(1), row.Text(2)), ("$id", id)) is [var found]
            ? found : throw ServiceException.NotFound($"webhook '{(id.Length > 60 ? id[..60] + "…" : id)}': there is none of that id");

    private static Webhook Read(StoreRow row) =>
        new(row.Text(0), row.Text(1), JsonSerializer.Deserialize<string[]>(row.Text(2))!, row.TextOrNull(3), RunReader.Time(row.Int64(4)), row.Text(5)) { IsDisabled = !row.IsNull(6) };
}
