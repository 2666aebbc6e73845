using System.Globalization;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>
/// MLflow's SQL schema (mlflow/store/tracking/dbmodels/models.py and store/model_registry/dbmodels/models.py), as of 1.x to 3.x: tables and
/// columns that a version does not have yet count as empty.
/// </summary>
internal sealed class MlflowDatabase : MlflowSource
{
    private const int RunsAtOnce = 500;

    /// <summary>What every version has had since runs could be deleted and metrics had steps.</summary>
    private static readonly (string Table, string Column)[] Needed =
    [
        ("experiments", "experiment_id"), ("experiments", "lifecycle_stage"), ("runs", "run_uuid"), ("runs", "artifact_uri"), ("runs", "lifecycle_stage"),
        ("metrics", "step"), ("metrics", "is_nan"), ("params", "run_uuid"), ("tags", "run_uuid"),
    ];

    private static readonly (string Table, string Kind)[] NotTaken =
    [
        ("trace_info", "traces"), ("assessments", "assessments"), ("scorers", "scorers"), ("webhooks", "webhooks"), ("jobs", "jobs"), ("secrets", "gateway secrets"), ("endpoints", "gateway endpoints"),
    ];

    private readonly MlflowRows rows;

    /// <exception cref="TrackingException">It is no database of MLflow's, or of a version too old.</exception>
    public MlflowDatabase(MlflowRows rows)
    {
        this.rows = rows;
        if (!rows.HasTable("experiments") || !rows.HasTable("runs"))
        {
            rows.Dispose();
            throw new TrackingException("the database is not one of MLflow's: it has no tables 'experiments' and 'runs'");
        }

        var missing = Array.Find(Needed, need => !rows.Has(need.Table, need.Column));
        if (missing.Table is not null)
        {
            rows.Dispose();
            throw new TrackingException($"the database is of a version of MLflow too old to read (it has no {missing.Table}.{missing.Column}): bring a copy of it up to date with 'mlflow db upgrade' first");
        }
    }

    public override void Experiments(Action<ExperimentItem> take)
    {
        var tags = Pairs("experiment_tags", "experiment_id", "key", "value", null);
        var items = rows.Rows(
            $"SELECT experiment_id, name, lifecycle_stage, {rows.Optional("experiments", "creation_time")}, {rows.Optional("experiments", "last_update_time")} FROM experiments ORDER BY experiment_id",
            row =>
            {
                var created = row.WholeOrNull(3) ?? 0;
                var updated = row.WholeOrNull(4) ?? created;
                return new ExperimentItem(row.Text(0), row.Text(1), created, updated, row.Text(2) == "deleted" ? updated : null) { Tags = tags(row.Text(0)) };
            });
        items.ForEach(take);
    }

    public override void Runs(Action<IReadOnlyList<MlflowRun>> take)
    {
        var ids = rows.Rows("SELECT run_uuid FROM runs ORDER BY start_time, run_uuid", row => row.Text(0));
        foreach (var batch in ids.Chunk(RunsAtOnce))
        {
            var list = string.Join(',', batch.Select(MlflowRows.Quoted));
            var tags = Pairs("tags", "run_uuid", "key", "value", list);
            var parameters = Pairs("params", "run_uuid", "key", "value", list);
            var datasets = Datasets(list);
            var models = ModelLinks(list);
            var found = rows.Rows(
                $"""
                SELECT run_uuid, experiment_id, name, status, start_time, end_time, {rows.Optional("runs", "deleted_time")}, lifecycle_stage, user_id, artifact_uri
                FROM runs WHERE run_uuid IN ({list})
                """,
                row => (Id: row.Text(0), Run: new MlflowRun(
                    MlflowRunItem.Of(row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3) ?? "", row.WholeOrNull(4), tags(row.Text(0))) with
                    {
                        Ended = row.WholeOrNull(5),
                        Deleted = row.TextOrNull(7) == "deleted" ? row.WholeOrNull(6) ?? row.WholeOrNull(5) ?? row.WholeOrNull(4) ?? 0 : null,
                        User = row.TextOrNull(8) is { Length: > 0 } user ? user : null,
                        Params = parameters(row.Text(0)),
                        Datasets = [.. datasets[row.Text(0)].Select(entry => entry.Item)],
                        Models = [.. models[row.Text(0)].Select(entry => entry.Item)],
                    },
                    row.TextOrNull(9)))).ToDictionary(entry => entry.Id, entry => entry.Run, StringComparer.Ordinal);
            take([.. batch.Select(id => found[id])]);
        }
    }

    public override void Metrics(Action<MetricItem> take)
    {
        var series = new MlflowSeries(take);
        rows.Each(
            "SELECT run_uuid, key, step, timestamp, value, is_nan FROM metrics ORDER BY run_uuid, key, step, timestamp, value, is_nan",
            row => series.Add(row.Text(0), row.Text(1), row.WholeOrNull(2) ?? 0, row.WholeOrNull(3) ?? 0, row.IsNull(5) || row.Whole(5) == 0 ? row.Number(4) : double.NaN));
        series.Finish();
    }

    public override void LoggedModels(Action<MlflowLoggedModel> take)
    {
        if (!rows.HasTable("logged_models"))
        {
            return;
        }

        var parameters = Pairs("logged_model_params", "model_id", "param_key", "param_value", null);
        var tags = Pairs("logged_model_tags", "model_id", "tag_key", "tag_value", null);
        var metrics = rows.Rows(
            "SELECT model_id, metric_name, metric_step, metric_timestamp_ms, run_id, metric_value, dataset_name, dataset_digest FROM logged_model_metrics ORDER BY model_id, metric_name, metric_step, metric_timestamp_ms",
            row => (Id: row.Text(0), Item: new LoggedModelMetricItem(
                row.Text(1), row.Whole(2), row.Whole(3), MlflowIds.Run(row.Text(4)), row.IsNull(5) ? null : row.Number(5), row.TextOrNull(6), row.TextOrNull(7)))).ToLookup(entry => entry.Id, entry => entry.Item);
        var items = rows.Rows(
            """
            SELECT model_id, experiment_id, name, status, creation_timestamp_ms, last_updated_timestamp_ms, source_run_id, model_type, status_message, lifecycle_stage, artifact_location
            FROM logged_models ORDER BY creation_timestamp_ms, model_id
            """,
            row => new MlflowLoggedModel(
                new LoggedModelItem(MlflowIds.LoggedModel(row.Text(0)), row.Text(1), row.Text(2), (int)row.Whole(3), row.Whole(4), row.Whole(5))
                {
                    RunId = row.TextOrNull(6) is { Length: > 0 } run ? MlflowIds.Run(run) : null,
                    ModelType = row.TextOrNull(7),
                    StatusMessage = row.TextOrNull(8),
                    Deleted = row.TextOrNull(9) == "deleted" ? row.Whole(5) : null,
                    Params = parameters(row.Text(0)),
                    Tags = tags(row.Text(0)),
                    Metrics = [.. metrics[row.Text(0)]],
                },
                row.TextOrNull(10)));
        items.ForEach(take);
    }

    public override void Models(Action<MlflowModel> take)
    {
        if (rows.HasTable("registered_models"))
        {
            new MlflowRegistry(rows, (table, owner, name, value) => Pairs(table, owner, name, value, null)).Models(take);
        }
    }

    public override void Datasets(Action<EvaluationDatasetItem> take)
    {
        if (!rows.HasTable("evaluation_datasets"))
        {
            return;
        }

        var tags = Pairs("evaluation_dataset_tags", "dataset_id", "key", "value", null);
        var experiments = rows.Rows(
            "SELECT source_id, destination_id FROM entity_associations WHERE source_type = 'evaluation_dataset' AND destination_type = 'experiment'",
            row => (Dataset: row.Text(0), Experiment: row.Text(1))).ToLookup(link => link.Dataset, link => link.Experiment);
        var items = rows.Rows(
            "SELECT dataset_id, name, digest, created_time, last_update_time, schema, created_by, last_updated_by FROM evaluation_datasets ORDER BY created_time, dataset_id",
            row => new EvaluationDatasetItem(row.Text(0), row.Text(1), Accounts.Project.Default, row.TextOrNull(2) ?? "", row.WholeOrNull(3) ?? 0, row.WholeOrNull(4) ?? 0, row.TextOrNull(5))
            {
                CreatedBy = row.TextOrNull(6),
                UpdatedBy = row.TextOrNull(7),
                Tags = tags(row.Text(0)),
                ExperimentIds = [.. experiments[row.Text(0)]],
            });
        items.ForEach(take);
    }

    public override void Records(Action<EvaluationRecordItem> take)
    {
        if (!rows.HasTable("evaluation_dataset_records"))
        {
            return;
        }

        rows.Each(
            $"""
            SELECT dataset_id, dataset_record_id, input_hash, CAST(inputs AS TEXT), created_time, last_update_time, CAST(expectations AS TEXT), CAST(tags AS TEXT), CAST(source AS TEXT),
              created_by, last_updated_by, {(rows.Has("evaluation_dataset_records", "outputs") ? "CAST(outputs AS TEXT)" : "NULL")}
            FROM evaluation_dataset_records ORDER BY dataset_id, created_time, dataset_record_id
            """,
            row => take(new EvaluationRecordItem(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.WholeOrNull(4) ?? 0, row.WholeOrNull(5) ?? 0)
            {
                Expectations = MlflowRunItem.JsonOrNull(row.TextOrNull(6)),
                Tags = MlflowRunItem.JsonOrNull(row.TextOrNull(7)),
                Source = MlflowRunItem.JsonOrNull(row.TextOrNull(8)),
                CreatedBy = row.TextOrNull(9),
                UpdatedBy = row.TextOrNull(10),
                Outputs = MlflowRunItem.Unwrapped(row.TextOrNull(11)),
            }));
    }

    public override IReadOnlyList<MlflowLeftover> Leftovers() =>
        [.. NotTaken.Where(entry => rows.HasTable(entry.Table)).Select(entry => new MlflowLeftover(entry.Kind, rows.Rows($"SELECT count(*) FROM {entry.Table}", row => row.Whole(0))[0])).Where(left => left.Count > 0)];

    public override void Dispose() => rows.Dispose();

    private ILookup<string, (string RunId, DatasetItem Item)> Datasets(string runs)
    {
        if (!rows.HasTable("inputs") || !rows.HasTable("datasets"))
        {
            return Enumerable.Empty<(string RunId, DatasetItem Item)>().ToLookup(entry => entry.RunId);
        }

        var inputs = rows.Rows(
            $"""
            SELECT i.destination_id, i.input_uuid, d.name, d.digest, d.dataset_source, d.dataset_source_type, d.dataset_schema, d.dataset_profile
            FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id IN ({runs})
            """,
            row => (RunId: row.Text(0), Input: row.Text(1), Item: new DatasetItem(row.Text(2), row.Text(3), row.Text(4), "")
            {
                SourceType = row.TextOrNull(5),
                Schema = row.TextOrNull(6),
                Profile = row.TextOrNull(7),
            }));
        var tags = inputs.Count == 0 ? _ => RunRecord.EmptyText : Pairs("input_tags", "input_uuid", "name", "value", string.Join(',', inputs.Select(input => MlflowRows.Quoted(input.Input))));
        return inputs.Select(input => (input.RunId, MlflowRunItem.Tagged(input.Item, tags(input.Input)))).ToLookup(entry => entry.RunId);
    }

    private ILookup<string, (string RunId, ModelLinkItem Item)> ModelLinks(string runs) => (rows.HasTable("inputs")
        ? rows.Rows(
            $"""
            SELECT source_id, destination_id, source_type, {rows.Optional("inputs", "step")} FROM inputs
            WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT') AND source_id IN ({runs})
            """,
            row => (RunId: row.Text(0), Item: new ModelLinkItem(MlflowIds.LoggedModel(row.Text(1)), row.Text(2) == "RUN_INPUT", row.WholeOrNull(3) ?? 0)))
        : []).ToLookup(entry => entry.RunId);

    /// <summary>Pairs by owner; of some owners, or of all.</summary>
    private Func<string, IReadOnlyDictionary<string, string>> Pairs(string table, string owner, string name, string value, string? owners)
    {
        var found = rows.HasTable(table)
            ? rows.Rows(
                string.Create(CultureInfo.InvariantCulture, $"SELECT {owner}, {name}, {value} FROM {table}{(owners is null ? "" : $" WHERE {owner} IN ({owners})")}"),
                row => (Owner: row.Text(0), Name: row.Text(1), Value: row.TextOrNull(2) ?? "")).ToLookup(pair => pair.Owner)
            : Enumerable.Empty<(string Owner, string Name, string Value)>().ToLookup(pair => pair.Owner);
        return id => found[id].ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
    }
}
