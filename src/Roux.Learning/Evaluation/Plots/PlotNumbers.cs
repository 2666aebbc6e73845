using System.Text.Json.Nodes;

namespace Roux.Learning.Evaluation;

/// <summary>Numbers beside a plot, as JSON that every reader takes: what is not finite becomes <c>null</c>.</summary>
internal static class PlotNumbers
{
    public static JsonNode? Of(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Of(IEnumerable<double> values) => new([.. values.Select(Of)]);

    public static JsonArray Of(IEnumerable<int> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    public static JsonArray Of(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
}
