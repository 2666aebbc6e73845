using System.Globalization;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Every change of the registry, in the order made: nothing in it is ever changed or removed, and each entry holds the hash of the one before it,
/// so that tampering with the database shows. Obtained from <see cref="ModelRegistry.Audit"/>.
/// </summary>
public sealed class AuditLog
{
    private const int MostResults = 10_000;
    private const string Columns = "id, time, actor, action, model, version, before, after, previous, hash";

    private readonly Tracker tracker;

    internal AuditLog(Tracker tracker) => this.tracker = tracker;

    /// <summary>Entries that fit a query, the newest first.</summary>
    /// <exception cref="TrackingException">The number of results is out of range.</exception>
    public IReadOnlyList<AuditEntry> Search(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.MaxResults is < 1 or > MostResults)
        {
            throw Service.ServiceException.Invalid(string.Create(CultureInfo.InvariantCulture, $"max_results {query.MaxResults}: give 1 to {MostResults}"));
        }

        var prefix = query.Action is { } action && action.EndsWith('*') ? action[..^1] : null;
        return tracker.Read(session => session.Rows(
            $"""
            SELECT {Columns} FROM audit_log
            WHERE (CAST($model AS TEXT) IS NULL OR model = $model) AND (CAST($version AS BIGINT) IS NULL OR version = $version) AND (CAST($actor AS TEXT) IS NULL OR actor = $actor)
              AND (CAST($action AS TEXT) IS NULL OR action = $action) AND (CAST($prefix AS TEXT) IS NULL OR substr(action, 1, CAST($length AS INTEGER)) = $prefix)
              AND time >= $since AND time < $until AND id < $below
            ORDER BY id DESC LIMIT $most
            """,
            Read,
            ("$model", query.Model), ("$version", (long?)query.Version), ("$actor", query.Actor), ("$action", prefix is null ? query.Action : null),
            ("$prefix", prefix), ("$length", (long)(prefix?.Length ?? 0)),
            ("$since", query.Since?.ToUnixTimeMilliseconds() ?? long.MinValue), ("$until", query.Until?.ToUnixTimeMilliseconds() ?? long.MaxValue),
            ("$below", query.Below ?? long.MaxValue), ("$most", (long)query.MaxResults)));
    }

    /// <summary>Checks the whole chain.</summary>
    /// <param name="knownHead">A hash that <see cref="AuditVerification.Head"/> gave before: must still be in the chain. <c>null</c> for none.</param>
    public AuditVerification Verify(string? knownHead = null) => tracker.Read(session =>
    {
        var (entries, head, problem, brokenAt, met) = (0L, "", "", (long?)null, knownHead is null);
        session.Each($"SELECT {Columns} FROM audit_log ORDER BY id", row =>
        {
            var entry = Read(row);
            entries++;
            if (problem.Length == 0)
            {
                problem = entry.Number != entries ? "entries before it are missing"
                    : entry.Previous != head ? "it does not follow the entry before it"
                    : entry.Hash != AuditHash.Of(entry) ? "its content is not what was written" : "";
                brokenAt = problem.Length == 0 ? null : entry.Number;
            }

            head = entry.Hash;
            met |= entry.Hash == knownHead;
        });
        var end = session.Rows("SELECT entries, hash FROM audit_head WHERE id = 1", row => (Entries: row.Int64(0), Hash: row.Text(1)));
        if (problem.Length == 0 && (end is not [var last] || last.Entries != entries || last.Hash != head))
        {
            (problem, brokenAt) = ("entries at the end are missing, or were added by hand", entries + 1);
        }

        if (problem.Length == 0 && !met)
        {
            (problem, brokenAt) = ("the hash that was known is not in the chain: it was written anew", entries);
        }

        return new AuditVerification(problem.Length == 0, entries, head, brokenAt, problem);
    });

    /// <summary>Adds an entry, in the transaction of the change itself.</summary>
    internal static void Append(WriteSession session, RegistryChange change, string actor, long time)
    {
        session.Sql.Execute("UPDATE audit_head SET entries = entries + 1 WHERE id = 1");
        var (number, previous) = session.Sql.Rows("SELECT entries, hash FROM audit_head WHERE id = 1", row => (row.Int64(0), row.Text(1)))[0];
        var entry = new AuditEntry(number, RunReader.Time(time), actor, change.Action, change.Model, change.Version, change.Before?.ToJsonString(), change.After?.ToJsonString(), previous, "");
        entry = entry with { Hash = AuditHash.Of(entry) };
        session.Sql.Execute(
            $"INSERT INTO audit_log ({Columns}) VALUES ($id, $time, $actor, $action, $model, $version, $before, $after, $previous, $hash)",
            ("$id", number), ("$time", time), ("$actor", actor), ("$action", entry.Action), ("$model", entry.Model), ("$version", (long?)entry.Version),
            ("$before", entry.Before), ("$after", entry.After), ("$previous", previous), ("$hash", entry.Hash));
        session.Sql.Execute("UPDATE audit_head SET hash = $hash WHERE id = 1", ("$hash", entry.Hash));
    }

    private static AuditEntry Read(StoreRow row) => new(
        row.Int64(0), RunReader.Time(row.Int64(1)), row.Text(2), row.Text(3), row.TextOrNull(4), (int?)row.Int64OrNull(5), row.TextOrNull(6), row.TextOrNull(7), row.Text(8), row.Text(9));
}
