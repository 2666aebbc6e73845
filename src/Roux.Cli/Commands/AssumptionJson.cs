using System.Text.Json.Nodes;
using Roux.Learning.Evaluation.Assumptions;

namespace Roux.Cli.Commands;

/// <summary>Checked assumptions as JSON.</summary>
internal static class AssumptionJson
{
    public static JsonObject Of(AssumptionReport report) => new()
    {
        ["rows"] = report.Rows,
        ["features"] = report.Features,
        ["checks"] = new JsonArray([.. report.Checks.Select(check => (JsonNode)new JsonObject
        {
            ["assumption"] = check.Assumption,
            ["learners"] = Texts(check.Learners),
            ["status"] = check.Status == AssumptionStatus.NotChecked ? "not_checked" : check.Status.ToString().ToLowerInvariant(),
            ["message"] = check.Message,
            ["advice"] = check.Advice,
            ["statistic"] = check.Statistic,
            ["value"] = double.IsFinite(check.Value) ? JsonValue.Create(check.Value) : null,
            ["p_value"] = double.IsFinite(check.PValue) ? JsonValue.Create(check.PValue) : null,
            ["bounds"] = check.Bounds,
            ["columns"] = Texts(check.Columns),
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
