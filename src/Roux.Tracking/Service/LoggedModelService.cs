using System.Buffers;
using System.Globalization;
using Roux.Tracking.Runs;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Logged models for a server's clients.</summary>
internal sealed class LoggedModelService(Tracker tracker)
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/:.%\"'");

    private static readonly EntityShape Shape = new("logged_models m JOIN experiments e ON e.id = m.experiment", "m.id")
    {
        Columns = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = "m.name",
            ["model_id"] = "m.model_id",
            ["model_type"] = "m.model_type",
            ["status"] = "CASE m.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' ELSE 'FAILED' END",
            ["source_run_id"] = "(SELECT r.run_id FROM runs r WHERE r.id = m.run)",
            ["experiment_id"] = "CAST(m.experiment AS TEXT)",
            ["creation_timestamp"] = "m.created",
            ["last_updated_timestamp"] = "m.updated",
        },
        Tags = "SELECT 1 FROM logged_model_tags t WHERE t.model = m.id",
        Params = "SELECT 1 FROM logged_model_params t WHERE t.model = m.id",
        Metrics = "SELECT 1 FROM logged_model_metrics t WHERE t.model = m.id",
        DefaultOrder = "m.created DESC, m.id DESC",
    };

    private const string ExperimentTags = "SELECT 1 FROM experiment_tags t WHERE t.experiment = m.experiment";

    public async Task<LoggedModel> CreateAsync(
        string experimentId, string? name, string? modelType, string? runId,
        IReadOnlyList<KeyValuePair<string, string>> parameters, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        var id = "m-" + Guid.NewGuid().ToString("N");
        var title = string.IsNullOrEmpty(name) ? RunName.From(id[2..]) : name;
        Limits.CheckLength("Model name", title, Limits.Key);
        if (title.AsSpan().IndexOfAny(Forbidden) >= 0)
        {
            throw ServiceException.Invalid($"Invalid model name ({title}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")");
        }

        Limits.CheckLength("Model type", modelType ?? "", Limits.ShortText);
        Check(parameters, tags);
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var experiment = ExperimentService.Active(session.Sql, experimentId);
            var time = tracker.Now();
            var key = session.Sql.Insert(
                """
                INSERT INTO logged_models (model_id, experiment, run, name, model_type, status, created, updated)
                VALUES ($modelId, $experiment, $run, $name, $type, $status, $time, $time)
                """,
                ("$modelId", id), ("$experiment", experiment), ("$run", string.IsNullOrEmpty(runId) ? null : RunService.Key(session.Sql, runId)),
                ("$name", title), ("$type", modelType), ("$status", (long)LoggedModelStatus.Pending), ("$time", time));
            SetParams(session, key, parameters);
            SetTags(session, key, tags);
            return true;
        }).ConfigureAwait(false);
        return Get(id);
    }

    public LoggedModel Get(string modelId) => tracker.Database.Read(session => Load(session, [Key(session, modelId)])[0]);

    public async Task<LoggedModel> FinalizeAsync(string modelId, LoggedModelStatus status)
    {
        await Change(modelId, (session, model) => session.Sql.Execute("UPDATE logged_models SET status = $status WHERE id = $model", ("$status", (long)status), ("$model", model))).ConfigureAwait(false);
        return Get(modelId);
    }

    public Task SetTagsAsync(string modelId, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        Check([], tags);
        return Change(modelId, (session, model) => SetTags(session, model, tags));
    }

    public Task LogParamsAsync(string modelId, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Check(parameters, []);
        return Change(modelId, (session, model) => SetParams(session, model, parameters));
    }

    public Task DeleteTagAsync(string modelId, string key) => Change(modelId, (session, model) =>
    {
        if (session.Sql.Execute("DELETE FROM logged_model_tags WHERE model = $model AND name = $name", ("$model", model), ("$name", key)) == 0)
        {
            throw ServiceException.NotFound($"No tag with key '{key}' found for model with ID '{modelId}'.");
        }
    });

    public Task DeleteAsync(string modelId) => Change(modelId, (session, model) =>
        session.Sql.Execute("UPDATE logged_models SET deleted = $time WHERE id = $model", ("$time", tracker.Now()), ("$model", model)));

    /// <summary>Models of some experiments. With data sets, conditions on metrics look only at figures measured on one of those.</summary>
    public Page<LoggedModel> Search(
        IReadOnlyList<string> experimentIds, string filter, IReadOnlyList<OrderKey> order, IReadOnlyList<(string Name, string? Digest)> datasets, int maxResults, long offset, Reach reach)
    {
        var keys = ExperimentService.Keys(experimentIds);
        var sql = new ConditionSql(tracker.Database.Dialect);
        var shape = datasets.Count == 0 ? Shape : Shape with
        {
            Metrics = $"{Shape.Metrics} AND ({string.Join(" OR ", datasets.Select(dataset => $"(t.dataset_name = {sql.Bind(dataset.Name)}{(dataset.Digest is { } digest ? $" AND t.dataset_digest = {sql.Bind(digest)}" : "")})"))})",
        };
        var compiled = EntityCompiler.Compile(
            sql, shape, EntityCompiler.Parse(filter, Vocabulary.LoggedModels), order,
            ["m.deleted IS NULL", "e.deleted IS NULL", $"m.experiment IN ({(keys.Count == 0 ? "NULL" : string.Join(',', keys))})", .. reach.Conditions(sql, ExperimentTags)], maxResults + 1, offset);
        return tracker.Database.Read(session =>
            Page<LoggedModel>.Of(Load(session, session.Rows(compiled.Sql, row => row.Int64(0), compiled.Parameters)), maxResults, offset));
    }

    internal static long Key(StoreSession session, string modelId) =>
        session.Number("SELECT id FROM logged_models WHERE model_id = $modelId AND deleted IS NULL", ("$modelId", modelId)) ?? throw NoSuchModel(modelId);

    internal static ServiceException NoSuchModel(string modelId) => ServiceException.NotFound($"Logged model with ID '{modelId}' not found.");

    private static void Check(IReadOnlyList<KeyValuePair<string, string>> parameters, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        Limits.CheckCount("params", Limits.Batch, parameters.Count);
        Limits.CheckCount("tags", Limits.Batch, tags.Count);
        foreach (var (key, value) in parameters)
        {
            Limits.CheckName("params.key", key);
            Limits.CheckLength("Param value", value, Limits.ParamValue);
        }

        foreach (var (key, value) in tags)
        {
            Limits.CheckTag("tags.key", key, value);
        }
    }

    private Task<int> Change(string modelId, Action<WriteSession, long> work) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var model = Key(session.Sql, modelId);
        work(session, model);
        return session.Sql.Execute("UPDATE logged_models SET updated = $time WHERE id = $model", ("$time", tracker.Now()), ("$model", model));
    });

    private static void SetParams(WriteSession session, long model, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        foreach (var (key, value) in parameters)
        {
            session.Sql.Execute(
                "INSERT INTO logged_model_params (model, name, value) VALUES ($model, $name, $value) ON CONFLICT (model, name) DO UPDATE SET value = excluded.value",
                ("$model", model), ("$name", key), ("$value", value));
        }
    }

    private static void SetTags(WriteSession session, long model, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (key, value) in tags)
        {
            session.Sql.Execute(
                "INSERT INTO logged_model_tags (model, name, value) VALUES ($model, $name, $value) ON CONFLICT (model, name) DO UPDATE SET value = excluded.value",
                ("$model", model), ("$name", key), ("$value", value));
        }
    }

    private static List<LoggedModel> Load(StoreSession session, IReadOnlyList<long> keys)
    {
        var list = keys.ToArray();
        var tags = Texts(session, list, "logged_model_tags");
        var parameters = Texts(session, list, "logged_model_params");
        var metrics = Metrics(session, list);
        return session.Rows(
            $"""
            SELECT m.id, m.model_id, m.experiment, m.name, m.status, m.created, m.updated, m.model_type, m.status_message, r.run_id
            FROM {session.Dialect.Numbers("$keys")} CROSS JOIN logged_models m LEFT JOIN runs r ON r.id = m.run WHERE m.id = j.value ORDER BY j.key
            """,
            row => new LoggedModel(
                row.Int64(0), row.Text(1), row.Int64(2).ToString(CultureInfo.InvariantCulture), row.Text(3), (LoggedModelStatus)row.Int64(4), row.Int64(5), row.Int64(6))
            {
                ModelType = row.TextOrNull(7),
                StatusMessage = row.TextOrNull(8),
                RunId = row.TextOrNull(9),
                Tags = tags[row.Int64(0)].ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal),
                Params = parameters[row.Int64(0)].ToDictionary(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal),
                Metrics = [.. metrics[row.Int64(0)].Select(entry => entry.Metric)],
            },
            ("$keys", list));
    }

    private static ILookup<long, (long Model, string Name, string Value)> Texts(StoreSession session, long[] keys, string table) => session.Rows(
        $"SELECT t.model, t.name, t.value FROM {session.Dialect.Numbers("$keys")} CROSS JOIN {table} t WHERE t.model = j.value",
        row => (row.Int64(0), row.Text(1), row.Text(2)), ("$keys", keys)).ToLookup(row => row.Item1);

    /// <summary>The latest point of each metric of a model, per run and data set.</summary>
    private static ILookup<long, (long Model, LoggedModelMetric Metric)> Metrics(StoreSession session, long[] keys)
    {
        var latest = new Dictionary<(long, string, string, string?, string?), (long Model, LoggedModelMetric Metric)>();
        session.Each(
            $"""
            SELECT t.model, t.name, t.value, t.time, t.step, r.run_id, t.dataset_name, t.dataset_digest
            FROM {session.Dialect.Numbers("$keys")} CROSS JOIN logged_model_metrics t JOIN runs r ON r.id = t.run WHERE t.model = j.value ORDER BY t.model, t.name, t.step, t.time, t.id
            """,
            row =>
            {
                var metric = new LoggedModelMetric(
                    row.Text(1), row.IsNull(2) ? double.NaN : row.Double(2), row.Int64(3), row.Int64(4), row.Text(5), row.TextOrNull(6), row.TextOrNull(7));
                latest[(row.Int64(0), metric.Key, metric.RunId, metric.DatasetName, metric.DatasetDigest)] = (row.Int64(0), metric);
            },
            ("$keys", keys));
        return latest.Values.ToLookup(entry => entry.Model);
    }
}
