using System.Text.Json;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Artifacts;

/// <summary>JSON documents among a run's artifacts. They may come from any client, so nothing in them is taken for granted: what is not there or of another kind is empty, NaN or false.</summary>
public static class JsonArtifact
{
    private const int Most = 8 << 20;

    /// <summary>Reads one of up to 8 MB; <c>null</c> where there is none, or it is none.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public static JsonObject? Read(Tracker tracker, string runId, string path)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(path);
        var folder = path.LastIndexOf('/') is > 0 and var end ? path[..end] : null;
        if (tracker.ListArtifacts(runId, folder).FirstOrDefault(file => file.Path == path) is not { Bytes: <= Most })
        {
            return null;
        }

        try
        {
            using var stream = tracker.OpenArtifact(runId, path);
            return JsonNode.Parse(stream) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text, or a value as text.</summary>
    public static string Text(JsonNode? node) => node is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToString() : "";

    /// <summary>A number; NaN where it is none.</summary>
    public static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;

    /// <summary>A whole number; 0 where it is none.</summary>
    public static long Whole(JsonNode? node) => Number(node) is var number && number is > -9e15 and < 9e15 ? (long)number : 0;

    /// <summary>Whether it is true.</summary>
    public static bool Yes(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    /// <summary>The objects of a list, at most so many.</summary>
    public static IEnumerable<JsonObject> List(JsonNode? node, int most) => (node as JsonArray ?? []).Take(most).OfType<JsonObject>();

    /// <summary>The texts of a list, at most so many.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? node, int most) => [.. (node as JsonArray ?? []).Take(most).Select(Text)];

    /// <summary>The cells of a row by column.</summary>
    public static IReadOnlyList<(string Column, string? Value)> Cells(JsonNode? node, int most) => [.. (node as JsonObject ?? []).Take(most).Select(cell => (cell.Key, cell.Value is null ? null : Text(cell.Value)))];
}
