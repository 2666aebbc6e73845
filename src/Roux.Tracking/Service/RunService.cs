using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Registry;
using Roux.Tracking.Runs;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Runs for a server's clients. Such runs belong to no process: they outlive the server.</summary>
internal sealed class RunService(Tracker tracker)
{
    private const string ModelHistory = "mlflow.log-model.history";

    private readonly RunReader reader = new(tracker.Database);

    public async Task<RunRecord> CreateAsync(
        string experimentId, string? user, string? name, long? started, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        for (var index = 0; index < tags.Count; index++)
        {
            Limits.CheckTag($"tags[{index}].key", tags[index].Key, tags[index].Value);
        }

        var id = Guid.NewGuid().ToString("N");
        var given = tags.Where(tag => tag.Key == RunTags.Name).Select(tag => tag.Value).LastOrDefault();
        if (!string.IsNullOrEmpty(name) && !string.IsNullOrEmpty(given) && name != given)
        {
            throw ServiceException.Invalid($"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{name}', mlflow.runName='{given}').");
        }

        var title = !string.IsNullOrEmpty(name) ? name : !string.IsNullOrEmpty(given) ? given : RunName.From(id);
        Limits.CheckLength("Run name", title, Limits.TagValue);
        Limits.CheckLength("User", user ?? "", Limits.ShortText);
        var time = Limits.Time("start_time", started ?? tracker.Now());
        return await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var experiment = ExperimentService.Active(session.Sql, experimentId);
            var run = session.Sql.Insert(
                "INSERT INTO runs (run_id, experiment, name, status, started, user_id) VALUES ($runId, $experiment, $name, $status, $started, $user)",
                ("$runId", id), ("$experiment", experiment), ("$name", title), ("$status", (long)RunStatus.Running), ("$started", time), ("$user", user));
            var kept = new Dictionary<string, string>(StringComparer.Ordinal);
            string? parent = null;
            foreach (var (key, value) in tags.Where(tag => tag.Key != RunTags.Name))
            {
                if (RunTags.Set(session, run, key, value))
                {
                    kept[key] = value;
                }
                else
                {
                    parent = value;
                }
            }

            return new RunRecord
            {
                Id = id, Name = title, ExperimentId = experiment.ToString(CultureInfo.InvariantCulture), Experiment = "", Status = RunStatus.Running,
                Started = RunReader.Time(time), User = user, Tags = kept, ParentId = parent,
            };
        }).ConfigureAwait(false);
    }

    public RunRecord Get(string runId) => tracker.Database.Read(session => reader.Load(session, [Key(session, runId)])[0]);

    public Page<RunRecord> Search(IReadOnlyList<string> experimentIds, string filter, IReadOnlyList<string> order, View view, int maxResults, long offset, Reach reach)
    {
        var search = new RunSearch(
            EntityCompiler.Parse(filter, Vocabulary.MlflowRuns), EntityCompiler.ParseOrder(order, Vocabulary.MlflowRuns),
            new RunQuery { MaxResults = maxResults + 1, Offset = (int)Math.Min(offset, int.MaxValue), IncludeDeleted = view == View.All })
        {
            OnlyDeleted = view == View.DeletedOnly,
        };
        var experiments = ExperimentService.Keys(experimentIds);
        return tracker.Database.Read(session =>
            Page<RunRecord>.Of(reader.Search(session, search with { ExperimentKeys = reach.Of(session, experiments) }), maxResults, offset));
    }

    /// <summary>Changes status, end or name of a live run.</summary>
    public async Task<RunRecord> UpdateAsync(string runId, RunStatus? status, long? ended, string? name)
    {
        Limits.CheckLength("Run name", name ?? "", Limits.TagValue);
        var time = ended is { } given ? Limits.Time("end_time", given) : (long?)null;
        await tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var run = Active(session, runId);
            if (status is { } state)
            {
                session.Sql.Execute("UPDATE runs SET status = $status WHERE id = $run", ("$status", (long)state), ("$run", run));
                if (state is RunStatus.Finished or RunStatus.Failed or RunStatus.Killed)
                {
                    session.Sql.Execute("UPDATE runs SET owner = NULL WHERE id = $run", ("$run", run));
                    WebhookOutbox.QueueEnd(session, run, state, tracker.Now());
                }
            }

            session.Sql.Execute(
                "UPDATE runs SET ended = coalesce($ended, ended), name = coalesce($name, name) WHERE id = $run",
                ("$ended", time), ("$name", string.IsNullOrEmpty(name) ? null : name), ("$run", run));
            return true;
        }).ConfigureAwait(false);
        return Get(runId);
    }

    public Task DeleteAsync(string runId) => tracker.Database.WritesOrThrow().StartAsync(session => session.Sql.Execute(
        "UPDATE runs SET deleted = coalesce(deleted, $time) WHERE id = $run", ("$time", tracker.Now()), ("$run", Key(session.Sql, runId))));

    public Task RestoreAsync(string runId) => tracker.Database.WritesOrThrow().StartAsync(session => session.Sql.Execute(
        "UPDATE runs SET deleted = NULL WHERE id = $run", ("$run", Key(session.Sql, runId))));

    public Task LogParamAsync(string runId, string key, string value)
    {
        Limits.CheckName("key", key);
        Limits.CheckLength("Param value", value, Limits.ParamValue);
        return tracker.Database.WritesOrThrow().StartAsync(session => SetParams(
            session, Active(session, runId, () => new RunPlan([key], [])), runId, [KeyValuePair.Create(key, value)]));
    }

    public Task LogMetricAsync(string runId, MetricValue point)
    {
        Limits.CheckName("name", point.Key);
        Limits.Time("timestamp", point.Timestamp);
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            MetricWrites.Append(session, Active(session, runId, () => new RunPlan([], [(point.Key, 1)])), [point]);
            return true;
        });
    }

    public Task LogBatchAsync(string runId, LogBatch batch)
    {
        batch.Check();
        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            session.Foresee(batch.Tags.Select(pair => pair.Key));
            var run = Active(session, runId, () => PlanOf(batch));
            SetParams(session, run, runId, batch.Params);
            foreach (var (key, value) in batch.Tags)
            {
                RunTags.Set(session, run, key, value);
            }

            MetricWrites.Append(session, run, batch.Metrics);
            return true;
        });
    }

    public Task SetTagAsync(string runId, string key, string value)
    {
        Limits.CheckTag("key", key, value);
        return tracker.Database.WritesOrThrow().StartAsync(session => RunTags.Set(session, Active(session, runId), key, value));
    }

    public Task DeleteTagAsync(string runId, string key) => tracker.Database.WritesOrThrow().StartAsync(session =>
        RunTags.Delete(session, Active(session, runId), key)
            ? true
            : throw ServiceException.NotFound($"No tag with name: {key} in run with id {runId}"));

    /// <summary>Notes data sets and logged models that a run read.</summary>
    public Task LogInputsAsync(string runId, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<RunModel> models)
    {
        Limits.CheckCount("datasets", Limits.Datasets, datasets.Count);
        foreach (var input in datasets)
        {
            Limits.CheckLength("Dataset name", input.Dataset.Name, 500);
            Limits.CheckLength("Dataset digest", input.Dataset.Digest, 100);
            Limits.CheckLength("Dataset source", input.Dataset.Source, 65_535);
            Limits.CheckLength("Dataset schema", input.Dataset.Schema ?? "", 1_048_575);
        }

        return tracker.Database.WritesOrThrow().StartAsync(session =>
        {
            var run = Active(session, runId);
            foreach (var input in datasets)
            {
                RunWrites.Dataset(session, run, input.Dataset, input.Context, input.Tags.Count == 0 ? null : JsonSerializer.Serialize(input.Tags));
            }

            LinkModels(session, run, models);
            return true;
        });
    }

    /// <summary>Notes logged models that a run made.</summary>
    public Task LogOutputsAsync(string runId, IReadOnlyList<RunModel> models) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        LinkModels(session, Active(session, runId), models);
        return true;
    });

    /// <summary>Adds a model's description to the run's history of models: what 2.x clients do when they log one.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="model">A JSON object.</param>
    public Task LogModelAsync(string runId, JsonObject model) => tracker.Database.WritesOrThrow().StartAsync(session =>
    {
        var run = Active(session, runId);
        var known = session.Sql.Rows("SELECT value FROM tags WHERE run = $run AND key = $key", row => row.Text(0), ("$run", run), ("$key", session.Key(ModelHistory)));
        var history = known is [var text] ? TryParse(text) ?? [] : [];
        history.Add(model.DeepClone());
        var value = history.ToJsonString();
        Limits.CheckLength("Model history", value, Limits.LongText);
        RunWrites.Tag(session, run, ModelHistory, value);
        return true;
    });

    private static RunPlan PlanOf(LogBatch batch) =>
        new([.. batch.Params.Select(pair => pair.Key)], [.. batch.Metrics.CountBy(point => point.Key).Select(series => (series.Key, series.Value))]);

    /// <summary>The key of a live run that is about to be written.</summary>
    private static long Active(WriteSession session, string runId, Func<RunPlan>? plan = null) => session.FindRun(runId, plan) switch
    {
        null => throw NoSuchRun(runId),
        (_, true) => throw ServiceException.Invalid($"The run {runId} must be in the 'active' state. Current state is deleted."),
        (var key, false) => key,
    };

    /// <summary>The key of a run, live or deleted.</summary>
    internal static long Key(StoreSession session, string runId) =>
        session.Number("SELECT id FROM runs WHERE run_id = $runId", ("$runId", runId)) ?? throw NoSuchRun(runId);

    internal static ServiceException NoSuchRun(string runId) => ServiceException.NotFound($"Run with id={runId} not found");

    private static bool SetParams(WriteSession session, long run, string runId, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        parameters.Count == 0 || session.AddParams(run, parameters) is not [var (key, given, known), ..]
            ? true
            : throw ServiceException.Invalid($"Changing param values is not allowed. Param with key='{key}' was already logged with value='{known}' for run ID='{runId}'. Attempted logging new value '{given}'.");

    private static void LinkModels(WriteSession session, long run, IReadOnlyList<RunModel> models)
    {
        foreach (var model in models)
        {
            session.Sql.Execute(
                "INSERT INTO run_models (run, is_input, model, step) VALUES ($run, $input, $model, $step) ON CONFLICT DO NOTHING",
                ("$run", run), ("$input", model.IsInput ? 1L : 0L), ("$model", LoggedModelService.Key(session.Sql, model.ModelId)), ("$step", model.Step));
        }
    }

    private static JsonArray? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
