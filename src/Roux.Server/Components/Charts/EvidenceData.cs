using System.Text.Json.Nodes;

namespace Roux.Server.Components.Charts;

/// <summary>The numbers of a finding's plot, as a check left them in its evidence.</summary>
/// <param name="Kind">line, scatter, bar or heat.</param>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">Name of the horizontal axis.</param>
/// <param name="YTitle">Name of the vertical axis.</param>
/// <param name="Series">Named points; values that are not numbers are NaN.</param>
/// <param name="Labels">Names of bars or columns.</param>
/// <param name="LogY">Whether equal ratios take equal space upwards.</param>
/// <param name="Reference">A value to compare with.</param>
public sealed record EvidenceData(
    string Kind, string Title, string XTitle, string YTitle, IReadOnlyList<(string Name, double[] X, double[] Y)> Series, IReadOnlyList<string> Labels, bool LogY, double? Reference)
{
    private const int MostSeries = 20;
    private const int MostPoints = 4000;

    /// <summary>Reads it; <c>null</c> for what is no plot: evidence may come from any client.</summary>
    internal static EvidenceData? TryRead(JsonObject json)
    {
        try
        {
            return new EvidenceData(
                Text(json["kind"]), Text(json["title"]), Text(json["x_title"]), Text(json["y_title"]),
                [.. (json["series"] as JsonArray ?? []).Take(MostSeries).OfType<JsonObject>().Select(series => (Text(series["name"]), Numbers(series["x"]), Numbers(series["y"])))],
                [.. (json["labels"] as JsonArray ?? []).Take(200).Select(Text)],
                json["log_y"]?.GetValue<bool>() ?? false, json["reference"]?.GetValue<double>());
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>As <see cref="TryRead"/> reads it.</summary>
    internal JsonObject ToJson() => new()
    {
        ["kind"] = Kind, ["title"] = Title, ["x_title"] = XTitle, ["y_title"] = YTitle, ["log_y"] = LogY, ["reference"] = Reference,
        ["labels"] = new JsonArray([.. Labels.Select(label => JsonValue.Create(label))]),
        ["series"] = new JsonArray([.. Series.Select(series => new JsonObject { ["name"] = series.Name, ["x"] = ListOf(series.X), ["y"] = ListOf(series.Y) })]),
    };

    private static JsonArray ListOf(double[] numbers) => new([.. numbers.Select(number => double.IsFinite(number) ? JsonValue.Create(number) : null)]);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToString() ?? "";

    private static double[] Numbers(JsonNode? node) => [.. (node as JsonArray ?? []).Take(MostPoints).Select(value => value is JsonValue number && number.TryGetValue<double>(out var read) ? read : double.NaN)];
}
