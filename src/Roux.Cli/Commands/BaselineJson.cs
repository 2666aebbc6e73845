using System.Text.Json.Nodes;
using Roux.Learning.AutoML;

namespace Roux.Cli.Commands;

/// <summary>The JSON document of a comparison of baselines.</summary>
internal static class BaselineJson
{
    public static JsonObject Of(BaselineResult result, string? path) => new()
    {
        ["task"] = result.Task.ToString().ToLowerInvariant(),
        ["metric"] = result.Metric.Name,
        ["target"] = result.Options.Data.Target,
        ["baselines"] = new JsonArray([.. result.Scores.Select(score => (JsonNode)Of(score))]),
        ["skipped"] = new JsonArray([.. result.Skipped.Select(pair => (JsonNode)new JsonObject { ["name"] = pair.Name, ["reason"] = pair.Reason })]),
        ["rules"] = BaselineEvidenceJson.Of(result.Rules),
        ["suggestion"] = result.Suggestion is { } suggestion ? new JsonObject
        {
            ["rules"] = JsonNode.Parse(suggestion.ToJson()),
            ["out"] = path is null ? null : Path.GetFullPath(path),
            ["learned_on"] = BaselineEvidenceJson.Of(suggestion.Learned),
            ["held_out"] = BaselineEvidenceJson.Of(suggestion.HeldOut),
        } : null,
        ["existing"] = result.ExistingDescription is { } description ? new JsonObject { ["description"] = description, ["latency"] = BaselineEvidenceJson.Of(result.ExistingLatency) } : null,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding.ToJson())]),
        ["notes"] = new JsonArray([.. result.Notes.Select(note => (JsonNode)JsonValue.Create(note))]),
        ["rows"] = new JsonObject { ["development"] = result.Rows.Development, ["test"] = result.Rows.Test, ["folds"] = result.Rows.Folds },
        ["run_id"] = result.RunId,
        ["seconds"] = result.Seconds,
    };

    private static JsonObject Of(BaselineScore score) => new()
    {
        ["name"] = score.Result.Name,
        ["family"] = score.Result.Family,
        ["cv_mean"] = BaselineEvidenceJson.Number(score.CrossValidated.Estimate),
        ["cv_std"] = BaselineEvidenceJson.Number(score.Result.StandardDeviation),
        ["ci95"] = new JsonArray(BaselineEvidenceJson.Number(score.CrossValidated.Low), BaselineEvidenceJson.Number(score.CrossValidated.High)),
        ["p_against_best"] = BaselineEvidenceJson.Number(score.PValueAgainstBest),
        ["test"] = new JsonObject(score.FinalMetrics.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, BaselineEvidenceJson.Number(pair.Value)))),
        ["test_ci95"] = new JsonArray(BaselineEvidenceJson.Number(score.Final.Low), BaselineEvidenceJson.Number(score.Final.High)),
        ["run_id"] = score.Result.RunId,
    };
}
