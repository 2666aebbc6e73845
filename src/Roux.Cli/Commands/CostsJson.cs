using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;

namespace Roux.Cli.Commands;

/// <summary>The costs of a development as JSON: <c>evidence.costs</c>.</summary>
internal static class CostsJson
{
    public static JsonObject? Of(DevelopCosts? costs) => costs is null ? null : new JsonObject
    {
        ["winner"] = costs.Winner,
        ["simplest"] = costs.Simplest,
        ["limits"] = new JsonObject
        {
            ["latency_seconds"] = costs.Limits.LatencySeconds,
            ["size_bytes"] = costs.Limits.SizeBytes,
            ["fit_seconds"] = costs.Limits.FitSeconds,
            ["memory_bytes"] = costs.Limits.MemoryBytes,
            ["monthly_cost"] = costs.Limits.MonthlyCost,
        },
        ["within_limits"] = costs.WithinLimits,
        ["currency"] = costs.Rates?.Currency,
        ["watts_per_core"] = costs.WattsPerCore,
        ["candidates"] = new JsonArray([.. costs.Candidates.Select(candidate => (JsonNode)Candidate(candidate))]),
        ["rejected"] = new JsonArray([.. costs.Rejected.Select(candidate => (JsonNode)Candidate(candidate))]),
        ["fronts"] = new JsonObject { ["latency_us"] = Front(costs.LatencyFront), ["size_bytes"] = Front(costs.SizeFront), ["fit_cpu_seconds"] = Front(costs.FitFront) },
    };

    private static JsonObject Candidate(CandidateCosts candidate) => new()
    {
        ["name"] = candidate.Name,
        ["quality"] = Number(candidate.Quality),
        ["fit"] = candidate.Fit is not { } fit ? null : new JsonObject
        {
            ["seconds"] = Number(fit.Seconds),
            ["cpu_seconds"] = Number(fit.CpuSeconds),
            ["peak_memory_bytes"] = fit.PeakBytes > 0 ? fit.PeakBytes : null,
            ["added_memory_bytes"] = fit.AddedBytes,
            ["energy_wh"] = fit.Energy is { } energy ? Number(energy.WattHours) : null,
            ["energy_source"] = fit.Energy?.Source,
            ["measured"] = fit.Measured,
        },
        ["fold_cpu_seconds"] = Number(candidate.FoldCpuSeconds),
        ["model_bytes"] = candidate.ModelBytes,
        ["file_bytes"] = candidate.FileBytes,
        ["predict_us_per_row"] = Number(candidate.BatchMicroseconds),
        ["measured"] = candidate.Measured?.ToJson(),
        ["interpretability"] = candidate.Interpretability.ToString().ToLowerInvariant(),
        ["parameters"] = candidate.Parameters,
        ["settings_tuned"] = candidate.SettingsTuned,
        ["trials"] = candidate.Trials,
        ["lines_of_code"] = candidate.LinesOfCode,
        ["rows_for_95_percent"] = candidate.RowsFor95Percent,
        ["training_cost"] = candidate.TrainingCost,
        ["monthly_serving_cost"] = candidate.ServingCost,
        ["misses"] = new JsonArray([.. candidate.Misses.Select(miss => (JsonNode)new JsonObject { ["limit"] = miss.Limit, ["value"] = Number(miss.Value), ["most"] = Number(miss.Most) })]),
    };

    private static JsonArray Front(IEnumerable<ParetoPoint> points) => new([.. points.Select(point => (JsonNode)point.ToJson())]);

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
