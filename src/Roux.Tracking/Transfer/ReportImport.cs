using Roux.Tracking.Service;

namespace Roux.Tracking.Transfer;

/// <summary>Puts reports and named views of elsewhere into a store; those that are there stay as they are.</summary>
internal sealed class ReportImport(Tracker tracker, TransferReport report, StoreImport imported)
{
    public const string Versions = "versions of reports";
    public const string Views = "named views";

    /// <summary>Adds a version that its report here does not have; the latest one is what the report says.</summary>
    public void Report(ReportItem item)
    {
        TransferRules.Text("report id", item.ReportId, TransferRules.LongestKey);
        TransferRules.Text("report title", item.Title, ReportService.LongestTitle);
        var added = tracker.Database.WritesOrThrow().Call(session =>
        {
            var sql = session.Sql;
            var known = sql.Rows("SELECT id, created, version FROM reports WHERE report_id = $id", row => (Key: row.Int64(0), Created: row.Int64(1), Version: row.Int64(2)), ("$id", item.ReportId));
            if (known is [var there] && (there.Created != item.Created || sql.Number("SELECT version FROM report_versions WHERE report = $key AND version = $version", ("$key", there.Key), ("$version", (long)item.Version)) is not null))
            {
                return false;
            }

            var key = known is [var old] ? old.Key : sql.Insert(
                """
                INSERT INTO reports (report_id, project, title, version, created, created_by, updated, updated_by, deleted)
                VALUES ($id, $project, $title, $version, $created, $createdBy, $saved, $savedBy, $deleted)
                """,
                ("$id", item.ReportId), ("$project", item.Project), ("$title", item.Title), ("$version", (long)item.Version), ("$created", item.Created), ("$createdBy", item.CreatedBy),
                ("$saved", item.Saved), ("$savedBy", item.SavedBy), ("$deleted", item.Deleted));
            sql.Execute(
                "INSERT INTO report_versions (report, version, title, content, saved, saved_by) VALUES ($key, $version, $title, $content, $saved, $savedBy)",
                ("$key", key), ("$version", (long)item.Version), ("$title", item.Title), ("$content", item.Content), ("$saved", item.Saved), ("$savedBy", item.SavedBy));
            sql.Execute(
                "UPDATE reports SET title = $title, version = $version, updated = $saved, updated_by = $savedBy WHERE id = $key AND version < $version",
                ("$title", item.Title), ("$version", (long)item.Version), ("$saved", item.Saved), ("$savedBy", item.SavedBy), ("$key", key));
            return true;
        });
        Count(Versions, added);
    }

    public void View(SavedViewItem item)
    {
        TransferRules.Text("view id", item.ViewId, TransferRules.LongestKey);
        var experiment = item.ExperimentId is null ? null : imported.KeyOf(item.ExperimentId);
        if (item.ExperimentId is not null && experiment is null)
        {
            report.Left(Views, $"{item.Name}: its experiment is not among those imported");
            return;
        }

        var added = tracker.Database.WritesOrThrow().Call(session => session.Sql.Number("SELECT id FROM saved_views WHERE view_id = $id", ("$id", item.ViewId)) is null && session.Sql.Execute(
            """
            INSERT INTO saved_views (view_id, project, experiment, name, query, owner, is_shared, is_default, created, updated)
            VALUES ($id, $project, $experiment, $name, $query, $owner, $shared, $default, $created, $updated)
            """,
            ("$id", item.ViewId), ("$project", item.Project), ("$experiment", experiment), ("$name", item.Name), ("$query", item.Query), ("$owner", item.Owner), ("$shared", item.IsShared ? 1L : 0L),
            ("$default", item.IsDefault ? 1L : 0L), ("$created", item.Created), ("$updated", item.Updated)) == 1);
        Count(Views, added);
    }

    private void Count(string kind, bool added) => (added ? (Action<string, long>)report.Taken : report.There)(kind, 1);
}
