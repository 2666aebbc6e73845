using System.Globalization;
using Roux.Tracking.Metrics;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Transfer;

/// <summary>Reads what is exported, in one snapshot.</summary>
internal sealed class ExportRows(StoreSession session, Store store)
{
    private readonly RunReader runs = new(store);

    public IEnumerable<ExperimentItem> Experiments(IReadOnlyList<long> keys) => keys.Select(key => session.Rows(
        "SELECT name, created, coalesce(updated, created), deleted FROM experiments WHERE id = $key",
        row => new ExperimentItem(Id(key), row.Text(0), row.Int64(1), row.Int64(2), row.Int64OrNull(3)) { Tags = Pairs("experiment_tags", "experiment", key) },
        ("$key", key))[0]);

    public IEnumerable<RunItem> Runs(IReadOnlyList<long> keys) => runs.Load(session, keys).Select(Item);

    /// <summary>The points of a run, as they lie in the store: series by series, in the order logged.</summary>
    public void Metrics(long run, Action<MetricItem> write)
    {
        var runId = session.Rows("SELECT run_id FROM runs WHERE id = $run", row => row.Text(0), ("$run", run))[0];
        var (last, from) = (-1L, 0L);
        session.Each(
            "SELECT key, points FROM metric_chunks WHERE run = $run ORDER BY key, id",
            row =>
            {
                var key = row.Int64(0);
                from = key == last ? from : 0;
                last = key;
                var block = MetricChunk.Decode(row.Blob(1));
                write(new MetricItem(runId, store.Keys.Name(session, key), from, block.Steps, block.Timestamps, block.Values));
                from += block.Count;
            },
            ("$run", run));
    }

    public LoggedModelItem LoggedModel(long key) => session.Rows(
        """
        SELECT m.model_id, m.experiment, m.name, m.status, m.created, m.updated, r.run_id, m.model_type, m.status_message, m.deleted
        FROM logged_models m LEFT JOIN runs r ON r.id = m.run WHERE m.id = $key
        """,
        row => new LoggedModelItem(row.Text(0), Id(row.Int64(1)), row.Text(2), (int)row.Int64(3), row.Int64(4), row.Int64(5))
        {
            RunId = row.TextOrNull(6),
            ModelType = row.TextOrNull(7),
            StatusMessage = row.TextOrNull(8),
            Deleted = row.Int64OrNull(9),
            Params = Pairs("logged_model_params", "model", key),
            Tags = Pairs("logged_model_tags", "model", key),
            Metrics = session.Rows(
                """
                SELECT t.name, t.step, t.time, t.value, r.run_id, t.dataset_name, t.dataset_digest
                FROM logged_model_metrics t JOIN runs r ON r.id = t.run WHERE t.model = $key ORDER BY t.id
                """,
                metric => new LoggedModelMetricItem(
                    metric.Text(0), metric.Int64(1), metric.Int64(2), metric.Text(4), metric.IsNull(3) ? null : metric.Double(3), metric.TextOrNull(5), metric.TextOrNull(6)),
                ("$key", key)),
        },
        ("$key", key))[0];

    public ModelItem Model(long key) => session.Rows(
        "SELECT name, description, created, updated, last_version, gates FROM models WHERE id = $key",
        row => new ModelItem(row.Text(0), row.Text(1), row.Int64(2), row.Int64(3), (int)row.Int64(4))
        {
            Tags = Pairs("model_tags", "model", key),
            Aliases = session.Rows("SELECT alias, version FROM model_aliases WHERE model = $key", alias => (alias.Text(0), (int)alias.Int64(1)), ("$key", key))
                .ToDictionary(alias => alias.Item1, alias => alias.Item2, StringComparer.Ordinal),
            Gates = row.TextOrNull(5),
            Versions = Versions(key),
        },
        ("$key", key))[0];

    public EvaluationDatasetItem Dataset(long key) => session.Rows(
        "SELECT dataset_id, name, project, schema, digest, created, updated, created_by, updated_by FROM evaluation_datasets WHERE id = $key",
        row => new EvaluationDatasetItem(row.Text(0), row.Text(1), row.Text(2), row.Text(4), row.Int64(5), row.Int64(6), row.TextOrNull(3))
        {
            CreatedBy = row.TextOrNull(7),
            UpdatedBy = row.TextOrNull(8),
            Tags = Pairs("evaluation_dataset_tags", "dataset", key),
            ExperimentIds = session.Rows("SELECT experiment FROM evaluation_dataset_experiments WHERE dataset = $key ORDER BY experiment", link => Id(link.Int64(0)), ("$key", key)),
        },
        ("$key", key))[0];

    public IEnumerable<EvaluationRecordItem> Records(long dataset)
    {
        const int atOnce = 500;
        var id = session.Rows("SELECT dataset_id FROM evaluation_datasets WHERE id = $key", row => row.Text(0), ("$key", dataset))[0];
        for (var last = 0L; ;)
        {
            var page = session.Rows(
                """
                SELECT id, record_id, input_hash, inputs, created, updated, outputs, expectations, tags, source, created_by, updated_by
                FROM evaluation_records WHERE dataset = $key AND id > $last ORDER BY id LIMIT $limit
                """,
                row => (Key: row.Int64(0), Item: new EvaluationRecordItem(id, row.Text(1), row.Text(2), row.Text(3), row.Int64(4), row.Int64(5))
                {
                    Outputs = row.TextOrNull(6),
                    Expectations = row.TextOrNull(7),
                    Tags = row.TextOrNull(8),
                    Source = row.TextOrNull(9),
                    CreatedBy = row.TextOrNull(10),
                    UpdatedBy = row.TextOrNull(11),
                }),
                ("$key", dataset), ("$last", last), ("$limit", (long)atOnce));
            foreach (var (key, item) in page)
            {
                last = key;
                yield return item;
            }

            if (page.Count < atOnce)
            {
                yield break;
            }
        }
    }

    /// <summary>All versions of all reports. Public links stay behind: their secrets belong to one server.</summary>
    public IEnumerable<ReportItem> Reports() => session.Rows("SELECT report, version FROM report_versions ORDER BY report, version", row => (Report: row.Int64(0), Version: row.Int64(1))).Select(key => session.Rows(
        """
        SELECT r.report_id, r.project, r.created, r.created_by, v.version, v.title, v.content, v.saved, v.saved_by, r.deleted
        FROM report_versions v JOIN reports r ON r.id = v.report WHERE v.report = $report AND v.version = $version
        """,
        row => new ReportItem(row.Text(0), row.Text(1), row.Int64(2), row.Text(3), (int)row.Int64(4), row.Text(5), row.Text(6), row.Int64(7), row.Text(8), row.Int64OrNull(9)),
        ("$report", key.Report), ("$version", key.Version))[0]);

    public IEnumerable<SavedViewItem> Views() => session.Rows(
        "SELECT view_id, project, name, query, owner, is_shared, is_default, created, updated, experiment FROM saved_views ORDER BY id",
        row => new SavedViewItem(
            row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int64(5) == 1, row.Int64(6) == 1, row.Int64(7), row.Int64(8), row.Int64OrNull(9) is { } key ? Id(key) : null));

    /// <summary>Owners of artifacts: runs, logged models, the registry's copies.</summary>
    public IReadOnlyList<string> Owners(ExportKeys keys) =>
    [
        .. keys.Runs.Select(key => session.Rows("SELECT run_id FROM runs WHERE id = $key", row => row.Text(0), ("$key", key))[0]),
        .. keys.LoggedModels.Select(key => session.Rows("SELECT model_id FROM logged_models WHERE id = $key", row => "logged-models/" + row.Text(0), ("$key", key))[0]),
        .. keys.Models.SelectMany(key => session.Rows("SELECT folder FROM model_versions WHERE model = $key ORDER BY version", row => "models/" + row.Text(0), ("$key", key))),
    ];

    private List<VersionItem> Versions(long model) => session.Rows(
        """
        SELECT v.version, v.artifact_path, v.folder, v.digest, v.bytes, v.stage, v.description, v.created, v.updated, r.run_id, v.source, v.run_link,
          v.signature, v.lineage, v.registered_by
        FROM model_versions v LEFT JOIN runs r ON r.id = v.run WHERE v.model = $model ORDER BY v.version
        """,
        row => new VersionItem(
            (int)row.Int64(0), row.Text(1), row.Text(2), row.Text(3), row.Int64(4), (ModelStage)row.Int64(5), row.Text(6), row.Int64(7), row.Int64(8))
        {
            RunId = row.TextOrNull(9),
            Source = row.TextOrNull(10),
            RunLink = row.TextOrNull(11),
            Signature = row.TextOrNull(12),
            Lineage = row.TextOrNull(13),
            RegisteredBy = row.TextOrNull(14),
            Approvals = session.Rows(
                "SELECT actor, reason, time FROM approvals WHERE model = $model AND version = $version ORDER BY id",
                approval => new ApprovalItem(approval.Text(0), approval.Text(1), approval.Int64(2)), ("$model", model), ("$version", row.Int64(0))),
            Tags = session.Rows(
                "SELECT name, value FROM model_version_tags WHERE model = $model AND version = $version",
                tag => (tag.Text(0), tag.Text(1)), ("$model", model), ("$version", row.Int64(0))).ToDictionary(tag => tag.Item1, tag => tag.Item2, StringComparer.Ordinal),
        },
        ("$model", model));

    private static RunItem Item(RunRecord run) => new(run.Id, run.ExperimentId, run.Name, run.Status, run.Started.ToUnixTimeMilliseconds())
    {
        ParentId = run.ParentId,
        Ended = run.Ended?.ToUnixTimeMilliseconds(),
        Deleted = run.Deleted?.ToUnixTimeMilliseconds(),
        Error = run.Error,
        User = run.User,
        Params = run.Params,
        Tags = run.Tags,
        Datasets = [.. run.Datasets.Select(input => new DatasetItem(input.Dataset.Name, input.Dataset.Digest, input.Dataset.Source, input.Context)
        {
            SourceType = input.Dataset.SourceType,
            Bytes = input.Dataset.Bytes,
            Rows = input.Dataset.Rows,
            Schema = input.Dataset.Schema,
            Profile = input.Dataset.Profile,
            Tags = input.Tags,
        })],
        Findings = [.. run.Findings.Select(finding => new FindingItem(
            finding.Check, finding.Severity, finding.Message, finding.Columns, finding.Cause, finding.Fix, finding.Verify, finding.Evidence?.ToJsonString()))],
        Warnings = [.. run.Warnings.Select(warning => new WarningItem(warning.Time.ToUnixTimeMilliseconds(), warning.Message))],
        Models = [.. run.Models.Select(model => new ModelLinkItem(model.ModelId, model.IsInput, model.Step))],
    };

    private Dictionary<string, string> Pairs(string table, string owner, long key) =>
        session.Rows($"SELECT name, value FROM {table} WHERE {owner} = $key ORDER BY name", row => (row.Text(0), row.Text(1)), ("$key", key))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    private static string Id(long key) => key.ToString(CultureInfo.InvariantCulture);
}
