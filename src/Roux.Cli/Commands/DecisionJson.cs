using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation.Decisions;

namespace Roux.Cli.Commands;

/// <summary>The rule of decision and other thresholds, in JSON documents.</summary>
internal static class DecisionJson
{
    public static JsonObject? Of(DecisionEvidence? decision) => decision is null ? null : new JsonObject
    {
        ["goal"] = decision.Goal,
        ["rule"] = decision.Rule is null ? null : new JsonObject
        {
            ["reason"] = decision.Rule.Reason,
            ["thresholds"] = new JsonArray([.. decision.Rule.Thresholds.Select(threshold => Number(threshold))]),
            ["costs"] = new JsonArray([.. decision.Rule.Costs.Select(cost => Number(cost))]),
        },
        ["reached"] = decision.Reached,
        ["event"] = decision.Event,
        ["points"] = Of(decision.Points),
        ["labels"] = new JsonArray([.. decision.Labels.Select(label => (JsonNode)new JsonObject { ["label"] = label.Label, ["threshold"] = Number(label.Threshold), ["usual"] = Number(label.Usual), ["chosen"] = Number(label.Chosen) })]),
        ["measure"] = decision.Measure,
        ["out_of_fold"] = Pair(decision.OutOfFold),
        ["final"] = Pair(decision.Final),
    };

    public static JsonArray Of(IReadOnlyList<OperatingPoint> points) => new([.. points.Select(point => (JsonNode)new JsonObject
    {
        ["threshold"] = Number(point.Threshold),
        ["precision"] = Number(point.Precision),
        ["recall"] = Number(point.Recall),
        ["alerts_per_1000"] = Number(point.AlertsPerThousand),
        ["cost_per_1000"] = Number(point.CostPerThousand),
        ["value"] = Number(point.Value),
        ["kind"] = point.Kind,
    })]);

    private static JsonObject Pair((double Usual, double Chosen) pair) => new() { ["usual"] = Number(pair.Usual), ["chosen"] = Number(pair.Chosen) };

    internal static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
