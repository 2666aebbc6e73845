using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Stored;

/// <summary>What stored predictions are of: it lies beside them as JSON.</summary>
/// <param name="Task">The kind of task.</param>
/// <param name="Target">The column that was predicted.</param>
/// <param name="Classes">Names of the classes; empty for regression.</param>
/// <param name="DataName">Name of the data that the rows are of.</param>
/// <param name="DataDigest">Its digest: rows of two files are the same only where it is the same.</param>
/// <param name="Rows">Rows that were predicted.</param>
/// <param name="Stored">Rows that the file holds; fewer where there were very many.</param>
public sealed record PredictionsManifest(TaskKind Task, string Target, IReadOnlyList<string> Classes, string DataName, string DataDigest, int Rows, int Stored)
{
    /// <summary>The manifest as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["task"] = Task.ToString().ToLowerInvariant(),
        ["target"] = Target,
        ["classes"] = new JsonArray([.. Classes.Select(name => (JsonNode)name)]),
        ["data"] = DataName,
        ["data_digest"] = DataDigest,
        ["rows"] = Rows,
        ["stored_rows"] = Stored,
    };

    /// <summary>Reads one; <c>null</c> for what is none, whoever wrote it.</summary>
    public static PredictionsManifest? TryRead(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) is JsonObject json
                && Enum.TryParse<TaskKind>(json["task"]?.GetValue<string>(), ignoreCase: true, out var task) && Enum.IsDefined(task)
                ? new PredictionsManifest(
                    task, json["target"]?.GetValue<string>() ?? "", [.. (json["classes"] as JsonArray ?? []).Select(name => name?.GetValue<string>() ?? "")],
                    json["data"]?.GetValue<string>() ?? "", json["data_digest"]?.GetValue<string>() ?? "", json["rows"]?.GetValue<int>() ?? 0, json["stored_rows"]?.GetValue<int>() ?? 0)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
