using System.Text.Json;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>What MLflow keeps in its own way, as it is kept here.</summary>
internal static class MlflowRunItem
{
    private const string NameTag = "mlflow.runName";
    private const string ParentTag = "mlflow.parentRunId";
    private const string ContextTag = "mlflow.data.context";
    private const string WrappedOutput = "mlflow_wrapped";

    /// <summary>A run; name and parent come out of the tags that MLflow keeps them in.</summary>
    public static RunItem Of(string id, string experiment, string? name, string status, long? started, IReadOnlyDictionary<string, string> tags)
    {
        var own = tags.Where(tag => tag.Key is not (NameTag or ParentTag)).ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        var runId = MlflowIds.Run(id);
        if (runId != id)
        {
            own[MlflowIds.OriginTag] = id;
        }

        var title = !string.IsNullOrEmpty(name) ? name : tags.GetValueOrDefault(NameTag) is { Length: > 0 } given ? given : $"run-{id[..Math.Min(8, id.Length)]}";
        return new RunItem(runId, experiment, title, StatusOf(status), started ?? 0)
        {
            ParentId = tags.GetValueOrDefault(ParentTag) is { Length: > 0 } parent ? MlflowIds.Run(parent) : null,
            Tags = own,
        };
    }

    /// <summary>A data set whose part is told by a tag.</summary>
    public static DatasetItem Tagged(DatasetItem item, IReadOnlyDictionary<string, string> tags) => item with
    {
        Context = tags.GetValueOrDefault(ContextTag, ""),
        Tags = tags.Where(tag => tag.Key != ContextTag).ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal),
    };

    /// <summary>A JSON value other than null, as text.</summary>
    public static string? JsonOrNull(string? json) => json is null or "" or "null" ? null : json;

    /// <summary>Outputs that are no object lie in an object of their own.</summary>
    public static string? Unwrapped(string? outputs)
    {
        if (JsonOrNull(outputs) is not { } text)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(WrappedOutput, out var inner) ? JsonOrNull(inner.GetRawText()) : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RunStatus StatusOf(string status) => status switch
    {
        "RUNNING" or "1" => RunStatus.Running,
        "SCHEDULED" or "2" => RunStatus.Scheduled,
        "FAILED" or "4" => RunStatus.Failed,
        "KILLED" or "5" => RunStatus.Killed,
        _ => RunStatus.Finished,
    };
}
