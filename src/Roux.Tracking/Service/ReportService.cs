using System.Text.Json.Nodes;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Reports of a store. Each change is a new version; earlier ones stay, so that any can be undone. What the blocks mean is for the server to know.</summary>
internal sealed class ReportService(Tracker tracker)
{
    public const int LongestTitle = 200;

    /// <summary>Characters of the JSON of all blocks.</summary>
    public const int LongestContent = 4 << 20;

    /// <summary>The latest versions that are kept.</summary>
    private const int KeptVersions = 100;

    private const string Columns = "r.report_id, r.project, r.title, r.version, r.created, r.created_by, r.updated, r.updated_by, r.deleted, r.linked, r.linked_by";

    /// <summary>Reports, the latest changed first.</summary>
    public IReadOnlyList<Report> List(Reach reach, bool deleted = false, string? find = null, int most = 200)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        List<string> conditions = [deleted ? "r.deleted IS NOT NULL" : "r.deleted IS NULL", .. reach.ConditionsOn(sql, "r.project")];
        if (find is { Length: > 0 })
        {
            conditions.Add($"lower(r.title) LIKE {sql.Bind("%" + find.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%")} ESCAPE '!'");
        }

        return tracker.Database.Read(session => session.Rows(
            $"SELECT {Columns} FROM reports r WHERE {string.Join(" AND ", conditions)} ORDER BY r.updated DESC, r.id DESC LIMIT {sql.Bind((long)most)}", Read, sql.Parameters));
    }

    /// <exception cref="ServiceException">There is none.</exception>
    public Report Get(string id) => tracker.Database.Read(session => session.Rows($"SELECT {Columns} FROM reports r WHERE r.report_id = $id", Read, ("$id", id))) is [var found] ? found : throw NoSuchReport(id);

    /// <summary>What it says, now or at a version.</summary>
    /// <exception cref="ServiceException">There is no such report or version.</exception>
    public ReportVersion Text(string id, int? version = null) => tracker.Database.Read(session => TextOf(session, id, version));

    /// <summary>Its versions without what they say, the latest first.</summary>
    public IReadOnlyList<ReportVersion> Versions(string id) => tracker.Database.Read(session => session.Rows(
        "SELECT v.version, v.title, '', v.saved, v.saved_by FROM report_versions v JOIN reports r ON r.id = v.report WHERE r.report_id = $id ORDER BY v.version DESC", ReadVersion, ("$id", id)));

    /// <summary>Makes a report; returns its id.</summary>
    public async Task<string> CreateAsync(string project, string title, string content, string actor)
    {
        var (id, named) = ("rp-" + Guid.NewGuid().ToString("N"), Checked(title, content));
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var time = tracker.Now();
            var key = session.Sql.Insert(
                "INSERT INTO reports (report_id, project, title, version, created, created_by, updated, updated_by) VALUES ($id, $project, $title, 1, $time, $actor, $time, $actor)",
                ("$id", id), ("$project", project), ("$title", named), ("$time", time), ("$actor", actor));
            Put(session, key, 1, named, content, time, actor);
            return true;
        }).ConfigureAwait(false);
        return id;
    }

    /// <summary>Changes what it says, in one transaction on the latest version: what somebody else saved a moment before is what the change is given.</summary>
    /// <param name="id">The report.</param>
    /// <param name="actor">Who changes it.</param>
    /// <param name="change">From the latest title and content to the next. What it throws ends the change.</param>
    /// <returns>The number of the new version; that of the latest where nothing changed.</returns>
    public Task<int> ChangeAsync(string id, string actor, Func<ReportVersion, (string Title, string Content)> change) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var now = TextOf(session.Sql, id, null);
        var (title, content) = change(now);
        title = Checked(title, content);
        if (title == now.Title && content == now.Content)
        {
            return now.Version;
        }

        var (key, time) = (Key(session.Sql, id), tracker.Now());
        Put(session, key, now.Version + 1, title, content, time, actor);
        session.Sql.Execute("UPDATE reports SET title = $title, version = $version, updated = $time, updated_by = $actor WHERE id = $key",
            ("$title", title), ("$version", (long)now.Version + 1), ("$time", time), ("$actor", actor), ("$key", key));
        session.Sql.Execute("DELETE FROM report_versions WHERE report = $key AND version <= $old", ("$key", key), ("$old", (long)now.Version + 1 - KeptVersions));
        return now.Version + 1;
    });

    /// <summary>Hides it, and ends its public link.</summary>
    public Task DeleteAsync(string id) => SetAsync(id, "deleted = $time, link = NULL, linked = NULL, linked_by = NULL", ("$time", tracker.Now()));

    public Task RestoreAsync(string id) => SetAsync(id, "deleted = NULL");

    /// <summary>Makes a public link, in place of an earlier one, or ends it; both are in the audit log.</summary>
    /// <param name="id">The report.</param>
    /// <param name="hash">SHA-256 of the link's secret; <c>null</c>: no link.</param>
    /// <param name="actor">Who.</param>
    public Task LinkAsync(string id, string? hash, string actor) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var (key, time) = (Key(session.Sql, id), tracker.Now());
        var done = session.Sql.Execute(
            "UPDATE reports SET link = $hash, linked = $time, linked_by = $actor WHERE id = $key AND (CAST($hash AS TEXT) IS NULL OR deleted IS NULL)",
            ("$hash", hash), ("$time", hash is null ? null : time), ("$actor", hash is null ? null : actor), ("$key", key)) == 1;
        if (!done)
        {
            throw ServiceException.Invalid("a deleted report takes no public link; restore it first");
        }

        AuditLog.Append(session, new RegistryChange(hash is null ? RegistryAction.ReportUnlinked : RegistryAction.ReportLinked) { After = new JsonObject { ["report"] = id } }, actor, time);
        return true;
    });

    /// <summary>The report of a public link; <c>null</c> where there is none.</summary>
    public Report? OfLink(string hash) =>
        tracker.Database.Read(session => session.Rows($"SELECT {Columns} FROM reports r WHERE r.link = $hash AND r.deleted IS NULL", Read, ("$hash", hash))) is [var found] ? found : null;

    public static ServiceException NoSuchReport(string id) => ServiceException.NotFound($"No report with id={(id.Length > 60 ? id[..60] + "…" : id)} exists");

    private static string Checked(string title, string content)
    {
        var named = title.Trim();
        return named.Length is 0 or > LongestTitle ? throw ServiceException.Invalid($"title: give 1 to {LongestTitle} characters")
            : content.Length > LongestContent ? throw ServiceException.Invalid($"the report would be longer than {LongestContent >> 20} MiB: freeze less, or begin another report")
            : named;
    }

    private static long Key(StoreSession session, string id) => session.Number("SELECT id FROM reports WHERE report_id = $id", ("$id", id)) ?? throw NoSuchReport(id);

    private static ReportVersion TextOf(StoreSession session, string id, int? version)
    {
        var key = Key(session, id);
        return session.Rows(
            """
            SELECT v.version, v.title, v.content, v.saved, v.saved_by FROM report_versions v JOIN reports r ON r.id = v.report
            WHERE v.report = $key AND v.version = coalesce(CAST($version AS BIGINT), r.version)
            """,
            ReadVersion, ("$key", key), ("$version", (long?)version)) is [var found] ? found : throw ServiceException.NotFound($"The report has no version {version}; the latest {KeptVersions} are kept");
    }

    private static void Put(WriteSession session, long key, int version, string title, string content, long time, string actor) => session.Sql.Execute(
        "INSERT INTO report_versions (report, version, title, content, saved, saved_by) VALUES ($key, $version, $title, $content, $time, $actor)",
        ("$key", key), ("$version", (long)version), ("$title", title), ("$content", content), ("$time", time), ("$actor", actor));

    private Task<bool> SetAsync(string id, string assignments, params (string Name, object? Value)[] values) => tracker.Database.WritesOrThrow().StartAsync(session =>
        session.Sql.Execute($"UPDATE reports SET {assignments} WHERE report_id = $id", [.. values, ("$id", id)]) == 1 ? true : throw NoSuchReport(id));

    private static Report Read(StoreRow row) => new(row.Text(0), row.Text(1), row.Text(2), (int)row.Int64(3), RunReader.Time(row.Int64(4)), row.Text(5), RunReader.Time(row.Int64(6)), row.Text(7))
    {
        Deleted = row.Int64OrNull(8) is { } deleted ? RunReader.Time(deleted) : null,
        Linked = row.Int64OrNull(9) is { } linked ? RunReader.Time(linked) : null,
        LinkedBy = row.TextOrNull(10),
    };

    private static ReportVersion ReadVersion(StoreRow row) => new((int)row.Int64(0), row.Text(1), row.Text(2), RunReader.Time(row.Int64(3)), row.Text(4));
}
