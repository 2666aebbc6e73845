using System.Globalization;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Views of the table of runs that people named: their own, and those they share with a project.</summary>
internal sealed class SavedViewService(Tracker tracker)
{
    private const int LongestName = 100;
    private const int LongestQuery = 8000;
    private const int MostViews = 500;
    private const string Columns = "v.view_id, v.project, v.experiment, v.name, v.query, v.owner, v.is_shared, v.is_default";

    /// <summary>What somebody sees for an experiment, or for the table of all runs: the default first, then by name.</summary>
    public IReadOnlyList<SavedView> List(string? experimentId, string owner, Reach reach)
    {
        var sql = new ConditionSql(tracker.Database.Dialect);
        var shared = string.Join(" AND ", (string[])["v.is_shared = 1", .. reach.ConditionsOn(sql, "v.project")]);
        var place = experimentId is null ? "v.experiment IS NULL" : $"v.experiment = {sql.Bind(ExperimentService.TryKey(experimentId) ?? -1)}";
        return tracker.Database.Read(session => session.Rows(
            $"SELECT {Columns} FROM saved_views v WHERE {place} AND (v.owner = {sql.Bind(owner)} OR ({shared})) ORDER BY v.is_default DESC, lower(v.name), v.id", Read, sql.Parameters));
    }

    /// <exception cref="ServiceException">There is none.</exception>
    public SavedView Get(string id) => tracker.Database.Read(session => session.Rows($"SELECT {Columns} FROM saved_views v WHERE v.view_id = $id", Read, ("$id", id))) is [var found] ? found : throw NoSuchView(id);

    /// <summary>The view that an experiment opens with; <c>null</c>: the usual one.</summary>
    public SavedView? Default(string experimentId) => ExperimentService.TryKey(experimentId) is not { } key ? null
        : tracker.Database.Read(session => session.Rows($"SELECT {Columns} FROM saved_views v WHERE v.experiment = $key AND v.is_default = 1 ORDER BY v.id LIMIT 1", Read, ("$key", key))).FirstOrDefault();

    /// <summary>Names a view; one of the same name, owner and place is written over.</summary>
    /// <returns>Its id.</returns>
    public Task<string> SaveAsync(string project, string? experimentId, string name, string query, string owner, bool isShared)
    {
        var named = Named(name);
        if (query.Length > LongestQuery)
        {
            throw ServiceException.Invalid($"a view of more than {LongestQuery} characters; show fewer columns");
        }

        var experiment = experimentId is null ? (long?)null : ExperimentService.TryKey(experimentId) ?? throw ExperimentService.NoSuchExperiment(experimentId);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            if (experiment is { } key && session.Sql.Number("SELECT id FROM experiments WHERE id = $key", ("$key", key)) is null)
            {
                throw ExperimentService.NoSuchExperiment(experimentId!);
            }

            var time = tracker.Now();
            var known = session.Sql.Rows(
                "SELECT view_id FROM saved_views WHERE owner = $owner AND name = $name AND coalesce(experiment, -1) = $experiment",
                row => row.Text(0), ("$owner", owner), ("$name", named), ("$experiment", experiment ?? -1));
            if (known is [var id, ..])
            {
                session.Sql.Execute("UPDATE saved_views SET query = $query, is_shared = $shared, project = $project, updated = $time WHERE view_id = $id",
                    ("$query", query), ("$shared", isShared ? 1L : 0L), ("$project", project), ("$time", time), ("$id", id));
                return id;
            }

            if (session.Sql.Number("SELECT count(*) FROM saved_views WHERE owner = $owner", ("$owner", owner)) >= MostViews)
            {
                throw ServiceException.Invalid($"there are {MostViews} views of yours already; delete some first");
            }

            id = "vw-" + Guid.NewGuid().ToString("N");
            session.Sql.Execute(
                """
                INSERT INTO saved_views (view_id, project, experiment, name, query, owner, is_shared, is_default, created, updated)
                VALUES ($id, $project, $experiment, $name, $query, $owner, $shared, 0, $time, $time)
                """,
                ("$id", id), ("$project", project), ("$experiment", experiment), ("$name", named), ("$query", query), ("$owner", owner), ("$shared", isShared ? 1L : 0L), ("$time", time));
            return id;
        });
    }

    public Task RenameAsync(string id, string name)
    {
        var named = Named(name);
        return SetAsync(id, "name = $name, updated = $time", ("$name", named), ("$time", tracker.Now()));
    }

    /// <summary>Makes a shared view the one that its experiment opens with, or ends that.</summary>
    public Task SetDefaultAsync(string id, bool isDefault) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var view = session.Sql.Rows($"SELECT {Columns} FROM saved_views v WHERE v.view_id = $id", Read, ("$id", id)) is [var found] ? found : throw NoSuchView(id);
        if (isDefault && (!view.IsShared || view.ExperimentId is null))
        {
            throw ServiceException.Invalid("the view that an experiment opens with is one of the experiment that is shared");
        }

        if (isDefault)
        {
            session.Sql.Execute("UPDATE saved_views SET is_default = 0 WHERE experiment = (SELECT o.experiment FROM saved_views o WHERE o.view_id = $id)", ("$id", id));
        }

        return session.Sql.Execute("UPDATE saved_views SET is_default = $default WHERE view_id = $id", ("$default", isDefault ? 1L : 0L), ("$id", id));
    });

    public Task DeleteAsync(string id) => tracker.Database.WritesOrThrow().StartAsync(session =>
        session.Sql.Execute("DELETE FROM saved_views WHERE view_id = $id", ("$id", id)) == 1 ? true : throw NoSuchView(id));

    public static ServiceException NoSuchView(string id) => ServiceException.NotFound($"No view with id={(id.Length > 60 ? id[..60] + "…" : id)} exists");

    private static string Named(string name) => name.Trim() is { Length: > 0 and <= LongestName } named ? named : throw ServiceException.Invalid($"name: give 1 to {LongestName} characters");

    private Task<bool> SetAsync(string id, string assignments, params (string Name, object? Value)[] values) => tracker.Database.WritesOrThrow().StartAsync(session =>
        session.Sql.Execute($"UPDATE saved_views SET {assignments} WHERE view_id = $id", [.. values, ("$id", id)]) == 1 ? true : throw NoSuchView(id));

    private static SavedView Read(StoreRow row) => new(
        row.Text(0), row.Text(1), row.Int64OrNull(2)?.ToString(CultureInfo.InvariantCulture), row.Text(3), row.Text(4), row.Text(5), row.Int64(6) == 1, row.Int64(7) == 1);
}
