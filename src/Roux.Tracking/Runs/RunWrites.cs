using System.Globalization;
using System.Text.Json;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Runs;

/// <summary>The SQL behind a run's life: created, labelled, ended, resumed.</summary>
internal static class RunWrites
{
    public static long Create(WriteSession session, string runId, long experiment, long? parent, string name, long started)
    {
        var run = session.Sql.Insert(
            """
            INSERT INTO runs (run_id, experiment, parent, name, status, started, owner)
            VALUES ($runId, $experiment, $parent, $name, $status, $started, $owner)
            """,
            ("$runId", runId), ("$experiment", experiment), ("$parent", parent), ("$name", name),
            ("$status", (long)RunStatus.Running), ("$started", started), ("$owner", RunOwner.Current.ToString()));
        return run;
    }

    /// <summary>Sets a param; a run keeps the value that came first, and is warned of another.</summary>
    public static void Param(WriteSession session, long run, string key, string value, long time)
    {
        var keyId = session.Key(key);
        var known = session.Sql.Rows("SELECT value FROM params WHERE run = $run AND key = $key", row => row.Text(0), ("$run", run), ("$key", keyId));
        if (known.Count == 0)
        {
            session.Sql.Execute("INSERT INTO params (run, key, value) VALUES ($run, $key, $value)", ("$run", run), ("$key", keyId), ("$value", value));
        }
        else if (known[0] != value)
        {
            Warning(session, run, time, $"param '{key}' is '{known[0]}'; another process tried to set it to '{value}'");
        }
    }

    /// <summary>Sets a param over what is there: a program knows its settings better than its command line tells them.</summary>
    public static void ParamOver(WriteSession session, long run, string key, string value) =>
        session.Sql.Execute(
            "INSERT INTO params (run, key, value) VALUES ($run, $key, $value) ON CONFLICT (run, key) DO UPDATE SET value = excluded.value",
            ("$run", run), ("$key", session.Key(key)), ("$value", value));

    /// <summary>Finds an open run that another process records, to add to it; where nobody chose its experiment, it goes to the one given.</summary>
    public static (long Key, string Name, string? Parent)? Join(WriteSession session, string runId, long experiment)
    {
        var found = session.Sql.Rows(
            """
            SELECT runs.id, runs.name, above.run_id, experiments.name FROM runs
            JOIN experiments ON experiments.id = runs.experiment LEFT JOIN runs above ON above.id = runs.parent
            WHERE runs.run_id = $runId AND runs.deleted IS NULL AND runs.ended IS NULL
            """,
            row => (Key: row.Int64(0), Name: row.Text(1), Parent: row.TextOrNull(2), Experiment: row.Text(3)),
            ("$runId", runId));
        if (found is not [var run])
        {
            return null;
        }

        if (run.Experiment == "Default")
        {
            session.Sql.Execute("UPDATE runs SET experiment = $experiment WHERE id = $run", ("$experiment", experiment), ("$run", run.Key));
        }

        return (run.Key, run.Name, run.Parent);
    }

    public static void Tag(WriteSession session, long run, string key, string value) =>
        session.Sql.Later(
            "INSERT INTO tags (run, key, value) VALUES ($run, $key, $value) ON CONFLICT (run, key) DO UPDATE SET value = excluded.value",
            ("$run", run), ("$key", session.Key(key)), ("$value", value));

    public static void Warning(WriteSession session, long run, long time, string message) =>
        session.Sql.Later("INSERT INTO warnings (run, time, message) VALUES ($run, $time, $message)", ("$run", run), ("$time", time), ("$message", message));

    public static void Dataset(WriteSession session, long run, Dataset dataset, string context, string? tags = null)
    {
        session.Sql.Execute(
            $"""
            INSERT INTO datasets (name, digest, source, bytes, rows, schema, source_type, profile)
            VALUES ($name, $digest, $source, $bytes, $rows, $schema, $sourceType, $profile)
            ON CONFLICT (name, digest, {session.Sql.Dialect.LongKey("source")}) DO UPDATE SET
              bytes = coalesce(excluded.bytes, datasets.bytes), rows = coalesce(excluded.rows, datasets.rows), schema = coalesce(excluded.schema, datasets.schema),
              source_type = coalesce(excluded.source_type, datasets.source_type), profile = coalesce(excluded.profile, datasets.profile)
            """,
            ("$name", dataset.Name), ("$digest", dataset.Digest), ("$source", dataset.Source),
            ("$bytes", dataset.Bytes), ("$rows", dataset.Rows), ("$schema", dataset.Schema),
            ("$sourceType", dataset.SourceType), ("$profile", dataset.Profile));
        session.Sql.Execute(
            """
            INSERT INTO run_datasets (run, dataset, context, tags)
            SELECT $run, id, $context, $tags FROM datasets WHERE name = $name AND digest = $digest AND source = $source
            ON CONFLICT DO NOTHING
            """,
            ("$run", run), ("$context", context), ("$tags", tags), ("$name", dataset.Name), ("$digest", dataset.Digest), ("$source", dataset.Source));
    }

    public static void Finding(WriteSession session, long run, Finding finding, string? evidence) =>
        session.Sql.Later(
            """
            INSERT INTO findings (run, check_name, severity, message, columns, evidence, cause, fix, verify)
            VALUES ($run, $check, $severity, $message, $columns, $evidence, $cause, $fix, $verify)
            """,
            ("$run", run), ("$check", finding.Check), ("$severity", (long)finding.Severity), ("$message", finding.Message),
            ("$columns", JsonSerializer.Serialize(finding.Columns)), ("$evidence", evidence),
            ("$cause", finding.Cause), ("$fix", finding.Fix), ("$verify", finding.Verify));

    public static void ForgetFindings(WriteSession session, long run, bool ofCapture) => session.Sql.Execute(
        $"DELETE FROM findings WHERE run = $run AND check_name {(ofCapture ? "IN" : "NOT IN")} {session.Sql.Dialect.Texts("$names")}", ("$run", run), ("$names", CaptureChecks.Names));

    public static void End(WriteSession session, long run, RunStatus status, long time, string? error)
    {
        session.Sql.Execute(
            "UPDATE runs SET status = $status, ended = $ended, error = $error, owner = NULL WHERE id = $run",
            ("$run", run), ("$status", (long)status), ("$ended", time), ("$error", error));
        WebhookOutbox.QueueEnd(session, run, status, time);
    }

    /// <summary>Opens a run again and returns what is needed to go on with it.</summary>
    public static (long Run, string Name, long Experiment) Reopen(WriteSession session, string runId, bool evenFinished = false)
    {
        var found = session.Sql.Rows(
            "SELECT id, name, experiment, status, owner FROM runs WHERE run_id = $runId AND deleted IS NULL",
            row => (Id: row.Int64(0), Name: row.Text(1), Experiment: row.Int64(2), Status: (RunStatus)row.Int64(3),
                Owner: row.TextOrNull(4)),
            ("$runId", runId));
        if (found.Count == 0)
        {
            throw new TrackingException($"'{runId}': no such run to resume; give the full id of a run that is not deleted");
        }

        var (id, name, experiment, status, _) = found[0];
        if (status == RunStatus.Finished && !evenFinished)
        {
            throw new TrackingException($"run {runId} ('{name}') is finished; start a new run, or a child of it");
        }

        session.Sql.Execute(
            "UPDATE runs SET status = $status, ended = NULL, error = NULL, owner = $owner WHERE id = $run",
            ("$run", id), ("$status", (long)RunStatus.Running), ("$owner", RunOwner.Current.ToString()));
        return (id, name, experiment);
    }

    /// <summary>Marks runs as killed whose process on this machine is gone.</summary>
    public static int EndAbandoned(WriteSession session, long time)
    {
        var abandoned = session.Sql.Rows("SELECT id, owner FROM runs WHERE owner IS NOT NULL", row => (Id: row.Int64(0), Owner: RunOwner.Parse(row.Text(1))))
            .Where(run => run.Owner is { IsGone: true }).ToList();
        foreach (var (id, owner) in abandoned)
        {
            End(session, id, RunStatus.Killed, time, string.Create(CultureInfo.InvariantCulture, $"process {owner!.Process} went away without finishing the run"));
        }

        return abandoned.Count;
    }
}
