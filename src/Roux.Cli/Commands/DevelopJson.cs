using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>The JSON document of a development; other tools rely on its names.</summary>
internal static class DevelopJson
{
    public static JsonObject Of(DevelopResult result) => new()
    {
        ["task"] = result.Task.ToString().ToLowerInvariant(),
        ["metric"] = result.Metric.Name,
        ["target"] = result.Options.Target,
        ["candidates"] = new JsonArray([.. result.Candidates.Select(candidate => (JsonNode)Candidate(candidate, result))]),
        ["winner"] = result.Winner.Name,
        ["test"] = Figures(result.Test.Metrics),
        ["test_ci95"] = new JsonObject(result.Test.Intervals.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Ends(pair.Value)))),
        ["verdict"] = result.Verdict,
        ["evidence"] = new JsonObject
        {
            ["human"] = HumanJson.Of(result.Evidence.Human),
            ["calibration"] = CalibrationJson.Of(result.Evidence.Calibration),
            ["decision"] = DecisionJson.Of(result.Evidence.Decision),
            ["existing"] = BaselineEvidenceJson.Of(result.Evidence.Existing),
            ["rules"] = BaselineEvidenceJson.Of(result.Evidence.Rules),
            ["assumptions"] = result.Evidence.Assumptions is { } assumptions ? AssumptionJson.Of(assumptions) : null,
            ["explanations"] = result.Evidence.Explanations is { } explanations ? ExplanationJson.Of(explanations) : null,
            ["costs"] = CostsJson.Of(result.Evidence.Costs),
            ["learning_curve"] = LearningCurveJson.Of(result.Evidence.LearningCurve),
        },
        ["recommended"] = result.Comparison.Recommended,
        ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode)finding.ToJson())]),
        ["model_version"] = result.ModelVersion is { } version ? new JsonObject { ["name"] = version.Name, ["version"] = version.Version } : null,
        ["report"] = result.ReportPath,
        ["run_id"] = result.RunId,
        ["data"] = new JsonObject
        {
            ["sha256"] = result.Data.Digest,
            ["rows"] = result.Rows.Total,
            ["labelled"] = result.Rows.Labelled,
            ["development"] = result.Rows.Development,
            ["test"] = result.Rows.Test,
            ["folds"] = result.Rows.Folds,
        },
        ["skipped"] = new JsonArray([.. result.Skipped.Select(pair => (JsonNode)new JsonObject { ["name"] = pair.Name, ["reason"] = pair.Reason })]),
        ["notes"] = new JsonArray([.. result.Notes.Select(note => (JsonNode)JsonValue.Create(note))]),
        ["interrupted"] = result.Interrupted,
        ["seconds"] = result.Seconds,
    };

    private static JsonObject Candidate(CandidateResult candidate, DevelopResult result)
    {
        var row = result.Leaderboard.FirstOrDefault(row => row.Result.Name == candidate.Name);
        return new JsonObject
        {
            ["name"] = candidate.Name,
            ["family"] = candidate.Family,
            ["learner"] = candidate.LearnerName,
            ["settings"] = candidate.Candidate?.Configuration.ToJson(),
            ["members"] = candidate.Members.Count == 0 ? null : new JsonObject(candidate.Members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, member.Weight))),
            ["cv_mean"] = Number(candidate.Mean),
            ["cv_std"] = candidate.StandardDeviation,
            ["ci95"] = row is null ? null : Ends(row.Interval),
            ["p_against_best"] = row is null ? null : Number(row.PValueAgainstBest),
            ["folds"] = candidate.Scores.Length,
            ["fit_seconds"] = candidate.FitSeconds,
            ["predict_us_per_row"] = candidate.PredictMicrosecondsPerRow,
            ["size_bytes"] = candidate.SizeBytes,
            ["run_id"] = candidate.RunId,
            ["stopped"] = candidate.Stopped,
        };
    }

    private static JsonObject Figures(IReadOnlyDictionary<string, double> figures) => new(figures.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Number(pair.Value))));

    private static JsonArray Ends(Interval interval) => [Number(interval.Low), Number(interval.High)];

    /// <summary>JSON has no NaN: an undefined figure is null.</summary>
    internal static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
