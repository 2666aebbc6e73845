using Roux.Tracking.Registry;
using Roux.Tracking.Service;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>Who agreed to a version: one approval a person, and none by the one who registered it. Obtained from <see cref="ModelRegistry.Approvals"/>.</summary>
public sealed class ModelApprovals
{
    /// <summary>Characters of a reason.</summary>
    internal const int LongestReason = 5000;

    private readonly Tracker tracker;
    private readonly string actor;

    internal ModelApprovals(Tracker tracker, string actor) => (this.tracker, this.actor) = (tracker, actor);

    /// <summary>Approves a version in the name of the tracker's actor; a second time replaces the reason.</summary>
    /// <param name="reference">See <see cref="ModelRegistry.Find"/>.</param>
    /// <param name="reason">Why, in words.</param>
    /// <exception cref="TrackingException">There is no such version, the reason is empty, or the actor registered the version.</exception>
    public ModelVersionRecord Approve(string reference, string reason) => ApproveAsync(tracker.Models.FindOrThrow(reference), reason).GetAwaiter().GetResult();

    /// <summary>Takes the actor's approval back.</summary>
    /// <exception cref="TrackingException">There is no such version, or no approval of the actor.</exception>
    public ModelVersionRecord Withdraw(string reference) => WithdrawAsync(tracker.Models.FindOrThrow(reference)).GetAwaiter().GetResult();

    internal async Task<ModelVersionRecord> ApproveAsync(ModelVersionRecord version, string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
        {
            throw ServiceException.Invalid($"an approval needs a reason, in words, of at most {LongestReason} characters");
        }

        if (version.RegisteredBy == actor)
        {
            throw ServiceException.Invalid($"'{actor}' registered {version.Name}/{version.Version}: approvals come from others");
        }

        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var model = VersionWrites.Existing(session.Sql, version.Name, version.Version);
            var time = tracker.Now();
            session.Sql.Execute(
                """
                INSERT INTO approvals (model, version, actor, reason, time) VALUES ($model, $version, $actor, $reason, $time)
                ON CONFLICT (model, version, actor) DO UPDATE SET reason = excluded.reason, time = excluded.time
                """,
                ("$model", model), ("$version", (long)version.Version), ("$actor", actor), ("$reason", reason), ("$time", time));
            new RegistryChange(RegistryAction.Approved, version.Name, version.Version) { After = RegistryChange.Of("reason", reason) }.Record(session, actor, time);
            return true;
        }).ConfigureAwait(false);
        return tracker.Models.FindOrThrow($"{version.Name}/{version.Version}");
    }

    internal async Task<ModelVersionRecord> WithdrawAsync(ModelVersionRecord version)
    {
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var model = VersionWrites.Existing(session.Sql, version.Name, version.Version);
            var before = Read(session.Sql, model, version.Version).FirstOrDefault(approval => approval.Actor == actor)
                ?? throw ServiceException.NotFound($"'{actor}' has not approved {version.Name}/{version.Version}");
            session.Sql.Execute("DELETE FROM approvals WHERE model = $model AND version = $version AND actor = $actor", ("$model", model), ("$version", (long)version.Version), ("$actor", actor));
            new RegistryChange(RegistryAction.ApprovalWithdrawn, version.Name, version.Version) { Before = RegistryChange.Of("reason", before.Reason) }.Record(session, actor, tracker.Now());
            return true;
        }).ConfigureAwait(false);
        return tracker.Models.FindOrThrow($"{version.Name}/{version.Version}");
    }

    /// <summary>The approvals of a version, the first first.</summary>
    internal static List<Approval> Read(StoreSession session, long model, long version) => session.Rows(
        "SELECT actor, reason, time FROM approvals WHERE model = $model AND version = $version ORDER BY id",
        row => new Approval(row.Text(0), row.Text(1), RunReader.Time(row.Int64(2))), ("$model", model), ("$version", version));
}
