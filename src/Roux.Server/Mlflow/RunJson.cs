using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Server.Protocol;
using Roux.Tracking;
using Roux.Tracking.Service;

namespace Roux.Server.Mlflow;

/// <summary>A run as clients read it.</summary>
internal static class RunJson
{
    private const string ContextTag = "mlflow.data.context";

    /// <summary>A run that was just made: nothing but its info and tags.</summary>
    public static void WriteNew(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject();
        WriteInfoMember(json, run);
        json.WriteStartObject("data"u8);
        Pairs.Write(json, "tags"u8, RunTags.Of(run));
        json.WriteEndObject();
        json.WriteStartObject("inputs"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A run.</summary>
    public static void Write(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject();
        WriteInfoMember(json, run);
        json.WriteStartObject("data"u8);
        if (run.Metrics.Count > 0)
        {
            json.WriteStartArray("metrics"u8);
            foreach (var (key, point) in run.Metrics)
            {
                json.WriteStartObject();
                json.WriteString("key"u8, key);
                Numbers.Write(json, "value"u8, point.Value);
                json.WriteNumber("timestamp"u8, point.Timestamp.ToUnixTimeMilliseconds());
                json.WriteNumber("step"u8, point.Step);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Pairs.Write(json, "params"u8, run.Params);
        Pairs.Write(json, "tags"u8, RunTags.Of(run));
        json.WriteEndObject();
        json.WriteStartObject("inputs"u8);
        WriteDatasets(json, run.Datasets);
        WriteModels(json, "model_inputs"u8, run.Models, isInput: true);
        json.WriteEndObject();
        json.WriteStartObject("outputs"u8);
        WriteModels(json, "model_outputs"u8, run.Models, isInput: false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What is known about a run without its data.</summary>
    public static void WriteInfo(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject();
        json.WriteString("run_uuid"u8, run.Id);
        json.WriteString("experiment_id"u8, run.ExperimentId);
        json.WriteString("run_name"u8, run.Name);
        json.WriteString("user_id"u8, run.User ?? run.Tags.GetValueOrDefault("mlflow.user", ""));
        json.WriteString("status"u8, Status(run.Status));
        json.WriteNumber("start_time"u8, run.Started.ToUnixTimeMilliseconds());
        if (run.Ended is { } ended)
        {
            json.WriteNumber("end_time"u8, ended.ToUnixTimeMilliseconds());
        }

        json.WriteString("artifact_uri"u8, ArtifactUri.OfRun(run.ExperimentId, run.Id));
        json.WriteString("lifecycle_stage"u8, run.Deleted is null ? "active"u8 : "deleted"u8);
        json.WriteString("run_id"u8, run.Id);
        json.WriteEndObject();
    }

    private static void WriteInfoMember(Utf8JsonWriter json, RunRecord run)
    {
        json.WritePropertyName("info"u8);
        WriteInfo(json, run);
    }

    private static ReadOnlySpan<byte> Status(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING"u8,
        RunStatus.Scheduled => "SCHEDULED"u8,
        RunStatus.Finished => "FINISHED"u8,
        RunStatus.Failed => "FAILED"u8,
        _ => "KILLED"u8,
    };

    private static void WriteDatasets(Utf8JsonWriter json, IReadOnlyList<DatasetInput> inputs)
    {
        if (inputs.Count == 0)
        {
            return;
        }

        json.WriteStartArray("dataset_inputs"u8);
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            Pairs.Write(json, "tags"u8, input.Context.Length == 0 ? input.Tags : input.Tags.Prepend(KeyValuePair.Create(ContextTag, input.Context)));
            json.WriteStartObject("dataset"u8);
            json.WriteString("name"u8, input.Dataset.Name);
            json.WriteString("digest"u8, input.Dataset.Digest);
            json.WriteString("source_type"u8, input.Dataset.SourceType ?? "local");

            // Roux notes the place itself; clients expect JSON that holds it.
            json.WriteString("source"u8, input.Dataset.SourceType is null ? new JsonObject { ["uri"] = input.Dataset.Source }.ToJsonString() : input.Dataset.Source);
            if (input.Dataset.Schema is { } schema)
            {
                json.WriteString("schema"u8, schema);
            }

            if (input.Dataset.Profile is { } profile)
            {
                json.WriteString("profile"u8, profile);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteModels(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<RunModel> models, bool isInput)
    {
        var any = false;
        foreach (var model in models)
        {
            if (model.IsInput != isInput)
            {
                continue;
            }

            if (!any)
            {
                json.WriteStartArray(name);
                any = true;
            }

            json.WriteStartObject();
            json.WriteString("model_id"u8, model.ModelId);
            if (!isInput)
            {
                json.WriteNumber("step"u8, model.Step);
            }

            json.WriteEndObject();
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }
}
