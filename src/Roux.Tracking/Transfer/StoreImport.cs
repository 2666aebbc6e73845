using System.Globalization;
using System.Text.Json;
using Roux.Tracking.Runs;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>
/// Puts items of elsewhere into a store, wherever they come from. Whatever is there already stays as it is, so the same import may run
/// twice, or go on after it broke off: an item is written whole, in one transaction, or not at all.
/// </summary>
/// <param name="tracker">The store.</param>
/// <param name="report">Is told what became of every item.</param>
/// <param name="largestId">Experiments of larger ids get new ones.</param>
internal sealed class StoreImport(Tracker tracker, TransferReport report, long largestId = long.MaxValue)
{
    public const string Experiments = "experiments";
    public const string Runs = "runs";

    /// <summary>Tag of an experiment that has another id here.</summary>
    public const string OriginTag = "roux.imported_id";

    private readonly Dictionary<string, long> experiments = new(StringComparer.Ordinal);
    private readonly List<(string Child, string Parent)> parents = [];

    private WriteQueue Writes => tracker.Database.WritesOrThrow();

    /// <summary>The key of an imported experiment's counterpart here.</summary>
    public long? KeyOf(string experimentId) => experiments.TryGetValue(experimentId, out var key) ? key : null;

    /// <summary>Adds an experiment, or finds the one of its name.</summary>
    public void Experiment(ExperimentItem item)
    {
        TransferRules.Text("experiment name", item.Name, 500);
        var (key, isNew) = Writes.Call(session =>
        {
            var (id, created) = Place(session, item);
            foreach (var (name, value) in item.Tags)
            {
                Tag(session, id, name, value);
            }

            if (created && Id(id) != item.Id)
            {
                Tag(session, id, OriginTag, item.Id);
            }

            return (id, created);
        });
        experiments[item.Id] = key;
        (isNew ? (Action<string, long>)report.Taken : report.There)(Experiments, 1);
        if (Id(key) != item.Id)
        {
            report.Note($"experiment '{item.Name}' has the id {Id(key)} here, not {item.Id}");
        }
    }

    /// <summary>Adds runs that are not there, in one transaction; returns the ids of those.</summary>
    public IReadOnlyList<string> AddRuns(IReadOnlyList<RunItem> items)
    {
        var added = Writes.Call(session => items.Where(item => AddRun(session, item)).Select(item => item.RunId).ToList());
        report.Taken(Runs, added.Count);
        report.There(Runs, items.Count - added.Count);
        parents.AddRange(items.Where(item => item.ParentId is not null).Select(item => (item.RunId, item.ParentId!)));
        return added;
    }

    /// <summary>Ties runs to the runs that they are parts of, once all are there.</summary>
    public void LinkParents()
    {
        foreach (var batch in parents.Chunk(500))
        {
            Writes.Call(session =>
            {
                foreach (var (child, parent) in batch)
                {
                    session.Sql.Execute(
                        "UPDATE runs SET parent = (SELECT p.id FROM runs p WHERE p.run_id = $parent) WHERE run_id = $child AND parent IS NULL", ("$parent", parent), ("$child", child));
                }

                return true;
            });
        }

        parents.Clear();
    }

    /// <summary>Ties runs to the logged models that they read or made, once both are there.</summary>
    public void LinkModels(string runId, IReadOnlyList<ModelLinkItem> links)
    {
        if (links.Count == 0)
        {
            return;
        }

        Writes.Call(session =>
        {
            foreach (var link in links)
            {
                session.Sql.Execute(
                    """
                    INSERT INTO run_models (run, is_input, model, step)
                    SELECT r.id, $input, m.id, $step FROM runs r, logged_models m WHERE r.run_id = $runId AND m.model_id = $modelId
                    ON CONFLICT DO NOTHING
                    """,
                    ("$input", link.IsInput ? 1L : 0L), ("$step", link.Step), ("$runId", runId), ("$modelId", link.ModelId));
            }

            return true;
        });
    }

    private (long Key, bool Created) Place(WriteSession session, ExperimentItem item)
    {
        if (session.Sql.Number("SELECT id FROM experiments WHERE name = $name", ("$name", item.Name)) is { } known)
        {
            return (known, false);
        }

        var wanted = long.TryParse(item.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= largestId
            && session.Sql.Number("SELECT id FROM experiments WHERE id = $id", ("$id", id)) is null ? id : (long?)null;
        (string, object?)[] values = [("$name", item.Name), ("$created", item.Created), ("$updated", item.Updated), ("$deleted", item.Deleted)];
        if (wanted is { } own)
        {
            session.Sql.Execute("INSERT INTO experiments (id, name, created, updated, deleted) VALUES ($id, $name, $created, $updated, $deleted)", [("$id", own), .. values]);
            session.Sql.Dialect.NoteOwnId(session.Sql, "experiments");
            return (own, true);
        }

        return (session.Sql.Insert("INSERT INTO experiments (name, created, updated, deleted) VALUES ($name, $created, $updated, $deleted)", values), true);
    }

    private bool AddRun(WriteSession session, RunItem item)
    {
        TransferRules.RunId(item.RunId);
        var known = session.Sql.Rows("SELECT name, started FROM runs WHERE run_id = $runId", row => (Name: row.Text(0), Started: row.Int64(1)), ("$runId", item.RunId));
        if (known is [var other])
        {
            if (other.Started != item.Started)
            {
                report.Note($"run {item.RunId}: another run of that id is here ('{other.Name}'); it stays as it is");
            }

            return false;
        }

        var experiment = KeyOf(item.ExperimentId) ?? throw new InvalidDataException($"run {item.RunId} is of experiment {item.ExperimentId}, which is not among those imported");
        var run = session.Sql.Insert(
            """
            INSERT INTO runs (run_id, experiment, name, status, started, ended, deleted, error, user_id)
            VALUES ($runId, $experiment, $name, $status, $started, $ended, $deleted, $error, $user)
            """,
            ("$runId", item.RunId), ("$experiment", experiment), ("$name", item.Name), ("$status", (long)item.Status), ("$started", item.Started),
            ("$ended", item.Ended), ("$deleted", item.Deleted), ("$error", item.Error), ("$user", item.User));
        AddTexts(session, run, item);
        foreach (var input in item.Datasets)
        {
            var dataset = new Dataset(input.Name, input.Digest, input.Source, input.Bytes, input.Rows, input.Schema) { SourceType = input.SourceType, Profile = input.Profile };
            RunWrites.Dataset(session, run, dataset, input.Context, input.Tags.Count == 0 ? null : JsonSerializer.Serialize(input.Tags));
        }

        foreach (var finding in item.Findings)
        {
            var plain = new Finding(finding.Check, finding.Severity, finding.Message) { Columns = finding.Columns, Cause = finding.Cause, Fix = finding.Fix, Verify = finding.Verify };
            RunWrites.Finding(session, run, plain, finding.Evidence);
        }

        foreach (var warning in item.Warnings)
        {
            RunWrites.Warning(session, run, warning.Time, warning.Message);
        }

        return true;
    }

    private static void AddTexts(WriteSession session, long run, RunItem item)
    {
        foreach (var (key, value) in item.Params)
        {
            TransferRules.Text("param", key, TransferRules.LongestKey);
            session.Sql.Execute("INSERT INTO params (run, key, value) VALUES ($run, $key, $value)", ("$run", run), ("$key", session.Key(key)), ("$value", value));
        }

        foreach (var (key, value) in item.Tags)
        {
            TransferRules.Text("tag", key, TransferRules.LongestKey);
            session.Sql.Execute("INSERT INTO tags (run, key, value) VALUES ($run, $key, $value)", ("$run", run), ("$key", session.Key(key)), ("$value", value));
        }
    }

    private static void Tag(WriteSession session, long experiment, string name, string value) => session.Sql.Execute(
        "INSERT INTO experiment_tags (experiment, name, value) VALUES ($experiment, $name, $value) ON CONFLICT DO NOTHING",
        ("$experiment", experiment), ("$name", name), ("$value", value));

    private static string Id(long key) => key.ToString(CultureInfo.InvariantCulture);
}
