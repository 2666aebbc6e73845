using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Server.Components.Debugging;

/// <summary>Documents that a debugging session leaves among a run's artifacts (docs/debugging.md, "What is kept"). They may come from any client, so nothing in them is taken for granted.</summary>
internal static class DebugRecord
{
    public const string Recipe = "debug/recipe.json";
    public const string Slices = "debug/slices.json";
    public const string Labels = "debug/labels.json";

    private const int Most = 8 << 20;
    private const int Folder = 6; // the length of "debug/"

    /// <summary>Reads one; <c>null</c> where there is none, or it is none.</summary>
    public static JsonObject? Read(Tracker tracker, string runId, string path)
    {
        if (tracker.ListArtifacts(runId, path[..(Folder - 1)]).FirstOrDefault(file => file.Path == path) is not { Bytes: <= Most })
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

    public static string Text(JsonNode? node) => node is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToString() : "";

    public static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;

    public static long Whole(JsonNode? node) => Number(node) is var number && number is > -9e15 and < 9e15 ? (long)number : 0;

    public static bool Yes(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    public static IEnumerable<JsonObject> List(JsonNode? node, int most) => (node as JsonArray ?? []).Take(most).OfType<JsonObject>();

    public static IReadOnlyList<string> Texts(JsonNode? node, int most) => [.. (node as JsonArray ?? []).Take(most).Select(Text)];

    /// <summary>The cells of a row by column.</summary>
    public static IReadOnlyList<(string Column, string? Value)> Cells(JsonNode? node, int most) => [.. (node as JsonObject ?? []).Take(most).Select(cell => (cell.Key, cell.Value is null ? null : Text(cell.Value)))];
}
