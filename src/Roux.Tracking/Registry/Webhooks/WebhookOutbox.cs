using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Registry;

/// <summary>Deliveries in the store: queued in the transaction of the change they tell of, so that none is lost and none tells of what did not happen.</summary>
internal static class WebhookOutbox
{
    private const int LongestBody = 32 << 10;
    private const int AtOnce = 16;

    /// <summary>Ended deliveries are kept so long.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>A delivery whose sender went away in the middle is tried again after so long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Queues a change for every webhook that wants it.</summary>
    public static void Queue(WriteSession session, RegistryChange change, string actor, long time)
    {
        foreach (var webhook in Wanting(session, change.Action, change.Model))
        {
            Add(session, webhook, change.Action, Body(change, actor, time), time, due: time);
        }
    }

    /// <summary>Queues the end of a run for every webhook that wants it; those of a single model do not.</summary>
    public static void QueueEnd(WriteSession session, long run, RunStatus status, long time)
    {
        foreach (var webhook in Wanting(session, RegistryAction.RunFinished, null))
        {
            var (id, name, experiment) = session.Sql.Rows(
                "SELECT r.run_id, r.name, e.name FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.id = $run", row => (row.Text(0), row.Text(1), row.Text(2)), ("$run", run))[0];
            var data = new JsonObject { ["run_id"] = id, ["name"] = name, ["experiment"] = experiment, ["status"] = status.ToString() };
            Add(session, webhook, RegistryAction.RunFinished, Envelope(RegistryAction.RunFinished, data, time).ToJsonString(), time, due: time);
        }
    }

    /// <summary>Adds a delivery; returns its id.</summary>
    public static string Add(WriteSession session, long webhook, string name, string body, long time, long? due)
    {
        var id = "msg_" + Guid.NewGuid().ToString("N");
        session.Sql.Execute(
            """
            INSERT INTO webhook_deliveries (delivery_id, webhook, event, body, created, state, attempts, due)
            VALUES ($id, $webhook, $event, $body, $time, $state, 0, $due)
            """,
            ("$id", id), ("$webhook", webhook), ("$event", name), ("$body", body), ("$time", time), ("$state", (long)DeliveryState.Waiting), ("$due", due));
        return id;
    }

    /// <summary>What is posted.</summary>
    public static string Body(RegistryChange change, string actor, long time)
    {
        var data = new JsonObject { ["actor"] = actor, ["model"] = change.Model, ["version"] = change.Version, ["before"] = change.Before?.DeepClone(), ["after"] = change.After?.DeepClone() };
        var body = Envelope(change.Action, data, time);
        var text = body.ToJsonString();
        if (text.Length <= LongestBody)
        {
            return text;
        }

        data.Remove("before");
        data.Remove("after");
        data["truncated"] = true;
        return body.ToJsonString();
    }

    private static JsonObject Envelope(string type, JsonObject data, long time) => new()
    {
        ["type"] = type,
        ["timestamp"] = RunReader.Time(time).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        ["data"] = data,
    };

    private static IEnumerable<long> Wanting(WriteSession session, string action, string? model) =>
        session.Sql.Rows("SELECT id, events, model FROM webhooks WHERE disabled IS NULL", row => (Key: row.Int64(0), Events: row.Text(1), Model: row.TextOrNull(2)))
            .Where(webhook => (webhook.Model is null || webhook.Model == model) && JsonSerializer.Deserialize<string[]>(webhook.Events)!.Contains(action))
            .Select(webhook => webhook.Key);

    /// <summary>Whether anything is due.</summary>
    public static bool IsAnyDue(StoreSession session, long now) =>
        session.Number("SELECT 1 FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook WHERE d.due IS NOT NULL AND d.due <= $now AND w.disabled IS NULL LIMIT 1", ("$now", now)) is not null;

    /// <summary>Takes what is due, for this sender alone.</summary>
    public static List<DueDelivery> Take(WriteSession session, long now)
    {
        var due = session.Sql.Rows(
            """
            SELECT d.id, d.delivery_id, w.url, w.secret, d.event, d.body, d.attempts, d.due FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook
            WHERE d.due IS NOT NULL AND d.due <= $now AND w.disabled IS NULL ORDER BY d.due, d.id LIMIT $most
            """,
            row => (Delivery: new DueDelivery(row.Int64(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), (int)row.Int64(6) + 1), Due: row.Int64(7)),
            ("$now", now), ("$most", (long)AtOnce));
        return [.. due.Where(found => session.Sql.Execute(
            "UPDATE webhook_deliveries SET attempts = attempts + 1, due = $lease WHERE id = $id AND due = $due",
            ("$lease", now + (long)Lease.TotalMilliseconds), ("$id", found.Delivery.Key), ("$due", found.Due)) == 1).Select(found => found.Delivery)];
    }

    /// <summary>Notes what came of trying.</summary>
    public static void Note(WriteSession session, DueDelivery delivery, DeliveryOutcome outcome, WebhookOptions options, long now)
    {
        var delivered = outcome.Error is null;
        var dead = !delivered && (outcome.Final || delivery.Attempts >= options.MostAttempts);
        var state = delivered ? DeliveryState.Delivered : dead ? DeliveryState.Dead : DeliveryState.Waiting;
        session.Sql.Execute(
            "UPDATE webhook_deliveries SET state = $state, due = $due, status = $status, error = $error, ended = $ended WHERE id = $id",
            ("$state", (long)state), ("$due", delivered || dead ? null : now + (long)options.DelayAfter(delivery.Attempts).TotalMilliseconds),
            ("$status", (long?)outcome.Status), ("$error", outcome.Error), ("$ended", delivered || dead ? now : null), ("$id", delivery.Key));
        session.Sql.Execute("DELETE FROM webhook_deliveries WHERE ended IS NOT NULL AND ended < $oldest", ("$oldest", now - (long)Kept.TotalMilliseconds));
    }
}
