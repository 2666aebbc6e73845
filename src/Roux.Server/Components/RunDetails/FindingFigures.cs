using System.Text.Json.Nodes;
using Roux.Server.Components.Widgets;

namespace Roux.Server.Components.RunDetails;

/// <summary>The figures in a finding's evidence, for reading. Evidence may come from any client.</summary>
internal static class FindingFigures
{
    private const int Most = 60;
    private const int MostItems = 20;
    private const int Longest = 300;

    /// <summary>Name and value of each figure, plots and consequences left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(JsonObject? evidence) => evidence is null ? []
        : [.. evidence.Where(pair => pair.Key is not ("plot" or "consequences")).Take(Most).Select(pair => (pair.Key.Replace('_', ' '), Format.Cut(Text(pair.Value), Longest)))];

    /// <summary>What the finding explains: check and message of each.</summary>
    public static IReadOnlyList<(string Check, string Message)> Consequences(JsonObject? evidence) =>
        [.. (evidence?["consequences"] as JsonArray ?? []).OfType<JsonObject>().Take(MostItems).Select(one => (Text(one["check"]), Text(one["message"])))];

    private static string Text(JsonNode? node) => node switch
    {
        null => "–",
        JsonArray array => string.Join(" · ", array.Take(MostItems).Select(Text)) + (array.Count > MostItems ? " · …" : ""),
        JsonValue value when value.TryGetValue<double>(out var number) => Format.Number(number),
        JsonValue value when value.TryGetValue<bool>(out var yes) => yes ? "yes" : "no",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };
}
