using System.Text.Json;
using Roux.Server.Protocol;
using Roux.Server.Security;
using Roux.Tracking;
using Roux.Tracking.Search;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary><c>logged-models/…</c></summary>
internal static class LoggedModels
{
    private const int UsualResults = 100;
    private const int MostResults = 1000;

    public static IReadOnlyList<Operation> Routes { get; } =
    [
        new("POST", "/logged-models", Access.Experiment(Role.Editor).And(call =>
            call.Fields.Text("source_run_id") is { Length: > 0 } run ? [new Need(Role.Viewer, SubjectKind.Run, run)] : []), Create),
        new("POST", "/logged-models/search", Access.SignedIn, Search),
        new("GET", "/logged-models/{model_id}", Access.LoggedModel(Role.Viewer), call => Answer(call, Task.FromResult(call.Service.LoggedModels.Get(Id(call))))),
        new("PATCH", "/logged-models/{model_id}", Access.LoggedModel(Role.Editor), call => Answer(call, call.Service.LoggedModels.FinalizeAsync(Id(call), Status(call.Fields)))),
        new("DELETE", "/logged-models/{model_id}", Access.LoggedModel(Role.Editor), call => call.Done(call.Service.LoggedModels.DeleteAsync(Id(call)))),
        new("POST", "/logged-models/{model_id}/params", Access.LoggedModel(Role.Editor), call => call.Done(call.Service.LoggedModels.LogParamsAsync(Id(call), call.Fields.Pairs("params")))),
        new("PATCH", "/logged-models/{model_id}/tags", Access.LoggedModel(Role.Editor), call => call.Done(call.Service.LoggedModels.SetTagsAsync(Id(call), call.Fields.Pairs("tags")))),
        new("DELETE", "/logged-models/{model_id}/tags/{tag}", Access.LoggedModel(Role.Editor), call => call.Done(call.Service.LoggedModels.DeleteTagAsync(Id(call), call.PathPart("tag")))),
        new("GET", "/logged-models/{model_id}/artifacts/directories", Access.LoggedModel(Role.Viewer), call => RunArtifacts.ListAsync(
            call, call.Service.Artifacts.OfLoggedModel(Id(call), call.Fields.Text("artifact_directory_path")), RootOf(call))),
    ];

    private static string Id(Call call) => call.PathPart("model_id");

    private static string RootOf(Call call)
    {
        var model = call.Service.LoggedModels.Get(Id(call));
        return ArtifactUri.OfLoggedModel(model.ExperimentId, model.Id);
    }

    private static async Task Answer(Call call, Task<LoggedModel> work) => await call.Json("model", await work.ConfigureAwait(false), Write).ConfigureAwait(false);

    private static Task Create(Call call)
    {
        var fields = call.Fields;
        return Answer(call, call.Service.LoggedModels.CreateAsync(
            fields.Required("experiment_id"), fields.Text("name"), fields.Text("model_type"), fields.Text("source_run_id"), fields.Pairs("params"), fields.Pairs("tags")));
    }

    private static LoggedModelStatus Status(Fields fields) => fields.Required("status") switch
    {
        "LOGGED_MODEL_PENDING" or "PENDING" or "1" => LoggedModelStatus.Pending,
        "LOGGED_MODEL_READY" or "READY" or "2" => LoggedModelStatus.Ready,
        "LOGGED_MODEL_UPLOAD_FAILED" or "FAILED" or "3" => LoggedModelStatus.UploadFailed,
        var other => throw Fields.Invalid("status", other, "one of LOGGED_MODEL_PENDING, LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED"),
    };

    private static Task Search(Call call)
    {
        var fields = call.Fields;
        var experiments = fields.Texts("experiment_ids");
        if (experiments.Count == 0)
        {
            throw ServiceException.Missing("experiment_ids");
        }

        var datasets = fields.Objects("datasets").Select(dataset => (dataset.Required("dataset_name"), dataset.Text("dataset_digest"))).ToList();
        if (datasets.Count > Limits.Conditions)
        {
            throw Fields.Invalid("datasets", "of many", $"at most {Limits.Conditions} data sets");
        }

        return call.Page("models", call.Service.LoggedModels.Search(
            experiments, fields.Text("filter") ?? "", Order(fields), datasets, fields.MaxResults(UsualResults, MostResults), fields.Offset, call.Reach), Write);
    }

    /// <summary>Sort keys come as objects: <c>{"field_name": "metrics.acc", "ascending": false}</c>.</summary>
    private static IReadOnlyList<OrderKey> Order(Fields fields) => EntityCompiler.ParseOrder(
        [.. fields.Objects("order_by").Select(key => $"{key.Required("field_name")} {(key.Text("ascending") is null || key.Flag("ascending") ? "ASC" : "DESC")}")],
        Vocabulary.LoggedModels);

    private static void Write(Utf8JsonWriter json, LoggedModel model)
    {
        json.WriteStartObject();
        json.WriteStartObject("info"u8);
        json.WriteString("model_id"u8, model.Id);
        json.WriteString("experiment_id"u8, model.ExperimentId);
        json.WriteString("name"u8, model.Name);
        json.WriteNumber("creation_timestamp_ms"u8, model.Created);
        json.WriteNumber("last_updated_timestamp_ms"u8, model.Updated);
        json.WriteString("artifact_uri"u8, ArtifactUri.OfLoggedModel(model.ExperimentId, model.Id));
        json.WriteString("status"u8, model.Status switch
        {
            LoggedModelStatus.Pending => "LOGGED_MODEL_PENDING"u8,
            LoggedModelStatus.Ready => "LOGGED_MODEL_READY"u8,
            _ => "LOGGED_MODEL_UPLOAD_FAILED"u8,
        });
        if (model.ModelType is { } type)
        {
            json.WriteString("model_type"u8, type);
        }

        if (model.RunId is { } run)
        {
            json.WriteString("source_run_id"u8, run);
        }

        if (model.StatusMessage is { } message)
        {
            json.WriteString("status_message"u8, message);
        }

        Pairs.Write(json, "tags"u8, model.Tags);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        Pairs.Write(json, "params"u8, model.Params);
        WriteMetrics(json, model);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, LoggedModel model)
    {
        if (model.Metrics.Count == 0)
        {
            return;
        }

        json.WriteStartArray("metrics"u8);
        foreach (var metric in model.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, metric.Key);
            Numbers.Write(json, "value"u8, metric.Value);
            json.WriteNumber("timestamp"u8, metric.Timestamp);
            json.WriteNumber("step"u8, metric.Step);
            if (metric.DatasetName is { } dataset)
            {
                json.WriteString("dataset_name"u8, dataset);
            }

            if (metric.DatasetDigest is { } digest)
            {
                json.WriteString("dataset_digest"u8, digest);
            }

            json.WriteString("model_id"u8, model.Id);
            json.WriteString("run_id"u8, metric.RunId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
