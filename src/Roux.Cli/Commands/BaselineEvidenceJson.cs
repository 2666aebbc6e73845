using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Existing;

namespace Roux.Cli.Commands;

/// <summary>The existing system and the rule file in the JSON document of a development or a comparison of baselines.</summary>
internal static class BaselineEvidenceJson
{
    public static JsonObject? Of(ExistingEvidence? existing) => existing is null ? null : new JsonObject
    {
        ["kind"] = existing.Kind,
        ["description"] = existing.Description,
        ["cross_validated"] = existing.CrossValidated is { } mean ? Interval(mean) : null,
        ["test"] = new JsonObject(existing.Final.Metrics.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Number(pair.Value)))),
        ["gain"] = Interval(existing.Gain),
        ["verdict"] = existing.Verdict,
        ["rows_without_answer"] = existing.Missing,
        ["rows_with_unknown_label"] = existing.Unknown,
        ["labels_only"] = existing.LabelsOnly,
        ["latency"] = Of(existing.Latency),
        ["run_id"] = existing.RunId,
    };

    public static JsonObject? Of(ExistingLatency? latency) => latency is null ? null : new JsonObject
    {
        ["request_ms"] = Of(latency.Requests),
        ["row_ms"] = Of(latency.Rows),
        ["single_row_ms"] = latency.Single is { } single ? Of(single) : null,
        ["rows_per_request"] = latency.RowsPerRequest,
        ["concurrency"] = latency.Concurrency,
        ["retries"] = latency.Retries,
    };

    public static JsonObject? Of(RuleAudit? audit) => audit is null ? null : new JsonObject
    {
        ["rows"] = audit.Rows,
        ["default_share"] = audit.DefaultShare,
        ["overlapping_rows"] = audit.Overlapping,
        ["conflicting_rows"] = audit.Conflicting,
        ["rules"] = new JsonArray([.. audit.Rules.Select(rule => (JsonNode)new JsonObject
        {
            ["number"] = rule.Number,
            ["if"] = rule.Condition,
            ["then"] = rule.Answer,
            ["matches"] = rule.Matches,
            ["decides"] = rule.Decides,
            ["coverage"] = Number((double)rule.Decides / Math.Max(1, audit.Rows)),
            ["precision"] = rule.Precision is { } precision ? Number(precision.Estimate) : null,
            ["precision_low"] = rule.Precision is { } low ? Number(low.Low) : null,
            ["precision_of_matches"] = Number(rule.PrecisionOfMatches),
            ["mean_absolute_error"] = Number(rule.MeanAbsoluteError),
            ["mean_of_rows"] = Number(rule.MeanOfRows),
            ["shadowed_by"] = new JsonArray([.. rule.ShadowedBy.Select(number => (JsonNode)JsonValue.Create(number))]),
            ["never_matches"] = rule.Condition is not null && rule.Matches == 0,
        })]),
        ["conflicts"] = new JsonArray([.. audit.Conflicts.Select(conflict => (JsonNode)new JsonObject
        {
            ["earlier"] = conflict.Earlier,
            ["later"] = conflict.Later,
            ["rows"] = conflict.Rows,
            ["earlier_correct"] = conflict.EarlierCorrect,
            ["later_correct"] = conflict.LaterCorrect,
            ["later_is_better"] = conflict.LaterIsBetter,
        })]),
    };

    public static JsonObject Interval(Interval interval) => new()
    {
        ["estimate"] = Number(interval.Estimate),
        ["ci95"] = new JsonArray(Number(interval.Low), Number(interval.High)),
        ["method"] = interval.Method,
    };

    /// <summary>JSON has no NaN: an undefined figure is null.</summary>
    public static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static JsonObject Of(LatencyFigures figures) => new() { ["count"] = figures.Count, ["p50"] = Number(figures.P50), ["p95"] = Number(figures.P95), ["p99"] = Number(figures.P99) };
}
