using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.Evaluations;

/// <summary>How much columns matter to a model, as a run stored it.</summary>
/// <param name="Title">By what measure.</param>
/// <param name="Path">The file.</param>
/// <param name="Lines">Columns, the most important first, with the ends of an interval where there is one.</param>
public sealed record Importances(string Title, string Path, IReadOnlyList<(string Name, double Value, double Low, double High)> Lines)
{
    private const int Most = 30;

    /// <summary>Reads what Roux stores with its plots, or the object of names and numbers that MLflow's autologging leaves; <c>null</c> for anything else.</summary>
    internal static Importances? TryRead(string path, string text)
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) as JsonObject;
            var lines = json?["lines"] is JsonArray array
                ? array.OfType<JsonObject>().Select(line => (line["name"]?.ToString() ?? "", Number(line["value"]), Number(line["low"]), Number(line["high"]))).ToList()
                : json?.Select(pair => (pair.Key, Number(pair.Value), double.NaN, double.NaN)).ToList();
            return lines is { Count: > 0 } && lines.TrueForAll(line => double.IsFinite(line.Item2)) ? new Importances(TitleOf(path, json?["score"]), path, [.. lines.OrderByDescending(line => line.Item2).Take(Most)]) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string TitleOf(string path, JsonNode? score)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name switch
        {
            "permutation_importance" => $"Importance: {Format.Cut(score?.ToString() ?? "loss when shuffled", 80)}",
            "importance" => "Importance: share of gain or weight",
            _ => Format.Cut(name.Replace('_', ' '), 80),
        };
    }

    private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : double.NaN;
}
