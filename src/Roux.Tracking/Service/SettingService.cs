using System.Text.Json.Nodes;
using Roux.Tracking.Registry;

namespace Roux.Tracking.Service;

/// <summary>What admins set for all servers of a store.</summary>
internal sealed class SettingService(Tracker tracker)
{
    private const string PublicLinks = "reports.public_links";

    /// <summary>Whether reports may be shown to whoever has a secret link. Off until an admin says otherwise.</summary>
    public bool HasPublicLinks => tracker.Database.Read(session => session.Rows("SELECT value FROM server_settings WHERE name = $name", row => row.Text(0), ("$name", PublicLinks))) is ["on"];

    /// <summary>Allows public links, or closes all there are until they are allowed again; either is in the audit log.</summary>
    public Task SetPublicLinksAsync(bool allowed, string actor) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var time = tracker.Now();
        session.Sql.Execute(
            """
            INSERT INTO server_settings (name, value, changed, actor) VALUES ($name, $value, $time, $actor)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed, actor = excluded.actor
            """,
            ("$name", PublicLinks), ("$value", allowed ? "on" : "off"), ("$time", time), ("$actor", actor));
        AuditLog.Append(session, new RegistryChange(RegistryAction.SettingChanged) { After = new JsonObject { [PublicLinks] = allowed ? "on" : "off" } }, actor, time);
        return true;
    });
}
