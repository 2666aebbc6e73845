using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>runs/…</c></summary>
internal static class Runs
{
    private const int UsualResults = 1000;
    private const int MostResults = 50_000;
    private const string ContextTag = "mlflow.data.context";

    /// <summary>What of a logged model's description 2.x clients look for in a run's history of models.</summary>
    private static readonly string[] KeptOfModel = ["run_id", "artifact_path", "utc_time_created", "flavors", "model_uuid", "mlflow_version", "model_size_bytes"];

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/runs/create", Access.Of(Role.Editor, call => [new Need(Role.Editor, SubjectKind.Experiment, ExperimentOf(call.Fields))]), Create),
        new("GET", "/runs/get", Access.Run(Role.Viewer), call => call.Json("run", call.Service.Runs.Get(call.Fields.RunId), RunJson.Write)),
        new("POST", "/runs/update", Access.Run(Role.Editor), Update),
        new("POST", "/runs/delete", Access.Run(Role.Editor), call => call.Done(call.Service.Runs.DeleteAsync(call.Fields.RunId))),
        new("POST", "/runs/restore", Access.Run(Role.Editor), call => call.Done(call.Service.Runs.RestoreAsync(call.Fields.RunId))),
        new("POST", "/runs/search", Access.SignedIn, Search),
        new("POST", "/runs/log-metric", LogsMetric, LogMetric),
        new("POST", "/runs/log-parameter", Access.Run(Role.Editor), call => call.Done(
            call.Service.Runs.LogParamAsync(call.Fields.RunId, call.Fields.Required("key"), call.Fields.Given("value")))),
        new("POST", "/runs/set-tag", Access.Run(Role.Editor), call => call.Done(
            call.Service.Runs.SetTagAsync(call.Fields.RunId, call.Fields.Required("key"), call.Fields.Given("value")))),
        new("POST", "/runs/delete-tag", Access.Run(Role.Editor), call => call.Done(call.Service.Runs.DeleteTagAsync(call.Fields.RunId, call.Fields.Required("key")))),
        new("POST", "/runs/log-batch", Access.ByHandler(Role.Editor), LogBatch) { Body = BodyKind.Bytes, TakesGzip = true },
        new("POST", "/runs/log-inputs", LinksModels, LogInputs),
        new("POST", "/runs/outputs", LinksModels, LogOutputs),
        new("POST", "/runs/log-outputs", LinksModels, LogOutputs),
        new("POST", "/runs/log-model", Access.Run(Role.Editor), LogModel),
    ];

    /// <summary>Figures of a model are the model's too.</summary>
    private static Access LogsMetric => Access.Run(Role.Editor).And(call =>
        call.Fields.Text("model_id") is { Length: > 0 } model ? [new Need(Role.Editor, SubjectKind.LoggedModel, model)] : []);

    private static Access LinksModels => Access.Run(Role.Editor).And(call =>
        call.Fields.Objects("models").Select(model => new Need(Role.Viewer, SubjectKind.LoggedModel, model.Required("model_id"))));

    private static string ExperimentOf(Fields fields) => fields.Text("experiment_id") is { Length: > 0 } id ? id : "0";

    private static async Task Create(Call call)
    {
        var fields = call.Fields;
        var run = await call.Service.Runs.CreateAsync(
            ExperimentOf(fields), fields.Text("user_id") ?? "", fields.Text("run_name"), fields.Whole("start_time"), fields.Pairs("tags")).ConfigureAwait(false);
        await call.Json("run", run, RunJson.WriteNew).ConfigureAwait(false);
    }

    private static async Task Update(Call call)
    {
        var fields = call.Fields;
        RunStatus? status = fields.Text("status") switch
        {
            null or "" => null,
            "RUNNING" => RunStatus.Running,
            "SCHEDULED" => RunStatus.Scheduled,
            "FINISHED" => RunStatus.Finished,
            "FAILED" => RunStatus.Failed,
            "KILLED" => RunStatus.Killed,
            var other => throw Fields.Invalid("status", other, "one of RUNNING, SCHEDULED, FINISHED, FAILED, KILLED"),
        };
        var run = await call.Service.Runs.UpdateAsync(fields.RunId, status, fields.Whole("end_time"), fields.Text("run_name")).ConfigureAwait(false);
        await call.Json("run_info", run, RunJson.WriteInfo).ConfigureAwait(false);
    }

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        return call.Page("runs", call.Service.Runs.Search(
            fields.Texts("experiment_ids"), fields.Text("filter") ?? "", fields.Texts("order_by"), fields.View("run_view_type"),
            fields.MaxResults(UsualResults, MostResults), fields.Offset, call.Reach), RunJson.Write);
    }

    private static Task LogMetric(Call call)
    {
        var fields = call.Fields;
        return call.Done(call.Service.Runs.LogMetricAsync(fields.RunId, new MetricValue(
            fields.Required("key"), fields.Number("value"), fields.Whole("timestamp") ?? throw ServiceException.Missing("timestamp"), fields.Whole("step") ?? 0)
        {
            ModelId = fields.Text("model_id"),
            DatasetName = fields.Text("dataset_name"),
            DatasetDigest = fields.Text("dataset_digest"),
        }));
    }

    private static async Task LogBatch(Call call)
    {
        var body = await Dispatcher.ReadAsync(call.Http).ConfigureAwait(false);
        var (runId, batch) = BatchReader.Read(body.Span);
        call.Require(new Need(Role.Editor, SubjectKind.Run, runId));
        foreach (var model in batch.Metrics.Select(metric => metric.ModelId).OfType<string>().Where(id => id.Length > 0).Distinct())
        {
            call.Require(new Need(Role.Editor, SubjectKind.LoggedModel, model));
        }

        await call.Done(call.Service.Runs.LogBatchAsync(runId, batch)).ConfigureAwait(false);
    }

    private static Task LogInputs(Call call) => call.Done(call.Service.Runs.LogInputsAsync(
        call.Fields.RunId,
        [.. call.Fields.Objects("datasets").Select(DatasetInput)],
        [.. call.Fields.Objects("models").Select(model => new RunModel(model.Required("model_id"), IsInput: true, 0))]));

    private static Task LogOutputs(Call call) => call.Done(call.Service.Runs.LogOutputsAsync(
        call.Fields.RunId, [.. call.Fields.Objects("models").Select(model => new RunModel(model.Required("model_id"), IsInput: false, model.Whole("step") ?? 0))]));

    private static DatasetInput DatasetInput(Fields input)
    {
        var dataset = input.Object("dataset") ?? throw ServiceException.Missing("dataset");
        var tags = input.Pairs("tags");
        return new DatasetInput(
            new Dataset(dataset.Required("name"), dataset.Required("digest"), dataset.Required("source"), Schema: dataset.Text("schema"))
            {
                SourceType = dataset.Required("source_type"),
                Profile = dataset.Text("profile"),
            },
            tags.LastOrDefault(tag => tag.Key == ContextTag).Value ?? "")
        {
            Tags = tags.Where(tag => tag.Key != ContextTag).GroupBy(tag => tag.Key).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
        };
    }

    private static Task LogModel(Call call)
    {
        var text = call.Fields.Required("model_json");
        try
        {
            var model = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) as JsonObject ?? throw Malformed();
            if (KeptOfModel.FirstOrDefault(name => name is "artifact_path" or "flavors" or "utc_time_created" or "run_id" && !model.ContainsKey(name)) is { } missing)
            {
                throw ServiceException.Invalid($"Model json is missing mandatory fields: {missing}");
            }

            var kept = new JsonObject(KeptOfModel.Where(model.ContainsKey).Select(name => KeyValuePair.Create(name, model[name]?.DeepClone())));
            return call.Done(call.Service.Runs.LogModelAsync(call.Fields.RunId, kept));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Malformed();
        }
    }

    private static ServiceException Malformed() => ServiceException.Invalid("Malformed model info. Please provide a JSON object");
}
