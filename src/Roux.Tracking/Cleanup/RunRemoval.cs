using System.Text.Json.Nodes;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Cleanup;

/// <summary>
/// Removes rows of runs, logged models and experiments in small batches, so that others write in between. Each batch looks again, inside its
/// transaction, at everything that could have changed since it was planned. Whose files are to go is put down with it, so that a crash loses none.
/// </summary>
internal static class RunRemoval
{
    private const string Finished = "r.status >= 3";

    /// <summary>Runs of a batch that still can go, under the database's locks.</summary>
    private static string StillFree(StoreDialect dialect) =>
        $"""
        SELECT r.id, r.run_id FROM runs r
        WHERE r.id IN (SELECT j.value FROM {dialect.Numbers("$runs")}) AND r.owner IS NULL
          AND (r.deleted <= $cutoff OR ({Finished} AND r.id IN (SELECT j.value FROM {dialect.Numbers("$ruled")})))
          AND NOT EXISTS (SELECT 1 FROM runs c WHERE c.parent = r.id AND c.id NOT IN (SELECT j.value FROM {dialect.Numbers("$runs")}))
          AND NOT EXISTS (SELECT 1 FROM model_versions v WHERE v.run = r.id)
          AND NOT EXISTS (SELECT 1 FROM tags t JOIN keys k ON k.id = t.key WHERE k.name IN ('roux.captured_by', 'roux.reproduces') AND {dialect.LongText("t.value", "r.run_id")}
            AND t.run NOT IN (SELECT j.value FROM {dialect.Numbers("$runs")}))
          AND NOT EXISTS (SELECT 1 FROM logged_models m JOIN run_models x ON x.model = m.id
            WHERE m.run = r.id AND x.is_input = 1 AND x.run NOT IN (SELECT j.value FROM {dialect.Numbers("$runs")}))
          AND NOT EXISTS (SELECT 1 FROM logged_models m JOIN model_versions v ON v.source LIKE '%' || m.model_id || '%' WHERE m.run = r.id)
        {dialect.Locked}
        """;

    /// <summary>Removes a batch of runs with all that hangs on them.</summary>
    /// <param name="session">The writer.</param>
    /// <param name="batch">The runs; parts do not come after what they are parts of.</param>
    /// <param name="cutoff">Runs deleted until then are removed whatever their state.</param>
    /// <param name="time">Now.</param>
    /// <param name="actor">In whose name.</param>
    /// <returns>Keys of runs, and owners of artifacts, that are gone.</returns>
    public static (IReadOnlyList<long> Runs, IReadOnlyList<string> Owners, int Models) Remove(WriteSession session, IReadOnlyList<RunGraph.Node> batch, long cutoff, long time, string actor)
    {
        var sql = session.Sql;
        var given = batch.Select(node => node.Key).ToArray();
        var free = sql.Rows(
            StillFree(sql.Dialect), row => (Key: row.Int64(0), Id: row.Text(1)),
            ("$runs", given), ("$cutoff", cutoff), ("$ruled", batch.Where(node => node.Choice == RunGraph.Choice.Rule).Select(node => node.Key).ToArray()));

        // One that stays keeps what it is a part of; so does one that came since.
        var keys = free.Select(run => run.Key).ToHashSet();
        for (var changed = true; changed;)
        {
            changed = keys.RemoveWhere(key => batch.Any(node => node.Parent == key && !keys.Contains(node.Key))) > 0;
        }

        var runs = free.Where(run => keys.Contains(run.Key)).ToList();
        if (runs.Count == 0)
        {
            return ([], [], 0);
        }

        var models = Models(sql, $"m.run IN (SELECT j.value FROM {sql.Dialect.Numbers("$runs")})", ("$runs", keys.ToArray()));
        RemoveModels(sql, models.Select(model => model.Key).ToArray());
        foreach (var table in (ReadOnlySpan<string>)["params", "tags", "metric_chunks", "latest_metrics", "run_datasets", "findings", "warnings", "run_models", "logged_model_metrics"])
        {
            sql.Execute($"DELETE FROM {table} WHERE run IN (SELECT j.value FROM {sql.Dialect.Numbers("$runs")})", ("$runs", keys.ToArray()));
        }

        sql.Execute($"UPDATE runs SET parent = NULL WHERE id IN (SELECT j.value FROM {sql.Dialect.Numbers("$runs")}) AND parent IS NOT NULL", ("$runs", keys.ToArray()));
        sql.Execute($"DELETE FROM runs WHERE id IN (SELECT j.value FROM {sql.Dialect.Numbers("$runs")})", ("$runs", keys.ToArray()));
        string[] owners = [.. runs.Select(run => run.Id), .. models.Select(model => ArtifactStore.OwnerOfModel(model.Id))];
        PutDown(sql, owners, time);
        AuditLog.Append(
            session,
            new RegistryChange(RegistryAction.RunsRemoved) { Before = new JsonObject { ["runs"] = List(runs.Select(run => run.Id)), ["logged_models"] = List(models.Select(model => model.Id)) } },
            actor, time);
        return ([.. keys], owners, models.Count);
    }

    /// <summary>Removes logged models that were deleted until a time and that nothing needs.</summary>
    public static IReadOnlyList<string> RemoveDeletedModels(WriteSession session, IReadOnlyList<long> batch, long cutoff, long time, string actor)
    {
        var sql = session.Sql;
        var models = Models(
            sql,
            $"""
            m.id IN (SELECT j.value FROM {sql.Dialect.Numbers("$models")}) AND m.deleted <= $cutoff
              AND NOT EXISTS (SELECT 1 FROM run_models x WHERE x.model = m.id AND x.is_input = 1)
              AND NOT EXISTS (SELECT 1 FROM model_versions v WHERE v.source LIKE '%' || m.model_id || '%')
            """,
            ("$models", batch.ToArray()), ("$cutoff", cutoff));
        if (models.Count == 0)
        {
            return [];
        }

        RemoveModels(sql, models.Select(model => model.Key).ToArray());
        string[] owners = [.. models.Select(model => ArtifactStore.OwnerOfModel(model.Id))];
        PutDown(sql, owners, time);
        AuditLog.Append(session, new RegistryChange(RegistryAction.RunsRemoved) { Before = new JsonObject { ["logged_models"] = List(models.Select(model => model.Id)) } }, actor, time);
        return owners;
    }

    /// <summary>Removes experiments that were deleted until a time and have nothing in them.</summary>
    public static int RemoveExperiments(WriteSession session, IReadOnlyList<long> experiments, long cutoff, long time, string actor)
    {
        var sql = session.Sql;
        var free = sql.Rows(
            $"""
            SELECT e.id, e.name FROM experiments e
            WHERE e.id IN (SELECT j.value FROM {sql.Dialect.Numbers("$experiments")}) AND e.id <> 0 AND e.deleted <= $cutoff
              AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment = e.id) AND NOT EXISTS (SELECT 1 FROM logged_models m WHERE m.experiment = e.id)
            {sql.Dialect.Locked}
            """,
            row => (Key: row.Int64(0), Name: row.Text(1)), ("$experiments", experiments.ToArray()), ("$cutoff", cutoff));
        if (free.Count == 0)
        {
            return 0;
        }

        var keys = free.Select(experiment => experiment.Key).ToArray();
        sql.Execute($"DELETE FROM experiment_tags WHERE experiment IN (SELECT j.value FROM {sql.Dialect.Numbers("$keys")})", ("$keys", keys));
        sql.Execute($"DELETE FROM evaluation_dataset_experiments WHERE experiment IN (SELECT j.value FROM {sql.Dialect.Numbers("$keys")})", ("$keys", keys));
        sql.Execute($"DELETE FROM accepted_findings WHERE experiment IN (SELECT j.value FROM {sql.Dialect.Numbers("$keys")})", ("$keys", keys));
        sql.Execute($"DELETE FROM saved_views WHERE experiment IN (SELECT j.value FROM {sql.Dialect.Numbers("$keys")})", ("$keys", keys));
        sql.Execute($"DELETE FROM experiments WHERE id IN (SELECT j.value FROM {sql.Dialect.Numbers("$keys")})", ("$keys", keys));
        AuditLog.Append(session, new RegistryChange(RegistryAction.RunsRemoved) { Before = new JsonObject { ["experiments"] = List(free.Select(experiment => experiment.Name)) } }, actor, time);
        return free.Count;
    }

    /// <summary>Removes data sets that no run has read.</summary>
    public static void RemoveDatasets(WriteSession session) => session.Sql.Execute("DELETE FROM datasets WHERE NOT EXISTS (SELECT 1 FROM run_datasets x WHERE x.dataset = datasets.id)");

    private static List<(long Key, string Id)> Models(StoreSession sql, string condition, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        sql.Rows($"SELECT m.id, m.model_id FROM logged_models m WHERE {condition}{sql.Dialect.Locked}", row => (row.Int64(0), row.Text(1)), parameters);

    private static void RemoveModels(StoreSession sql, long[] models)
    {
        if (models.Length == 0)
        {
            return;
        }

        foreach (var table in (ReadOnlySpan<string>)["run_models", "logged_model_metrics", "logged_model_params", "logged_model_tags"])
        {
            sql.Execute($"DELETE FROM {table} WHERE model IN (SELECT j.value FROM {sql.Dialect.Numbers("$models")})", ("$models", models));
        }

        sql.Execute($"DELETE FROM logged_models WHERE id IN (SELECT j.value FROM {sql.Dialect.Numbers("$models")})", ("$models", models));
    }

    private static void PutDown(StoreSession sql, IEnumerable<string> owners, long time)
    {
        foreach (var owner in owners)
        {
            sql.Execute("INSERT INTO removed_artifacts (owner, removed) VALUES ($owner, $time) ON CONFLICT DO NOTHING", ("$owner", owner), ("$time", time));
        }
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
