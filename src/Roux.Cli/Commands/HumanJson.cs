using System.Text.Json.Nodes;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;

namespace Roux.Cli.Commands;

/// <summary>People beside models, in the JSON document of a development.</summary>
internal static class HumanJson
{
    public static JsonObject? Of(HumanLevel? level)
    {
        if (level is null)
        {
            return null;
        }

        var json = AgreementJson.Of(level.Human);
        json["error"] = Number(level.Error.Estimate);
        json["error_ci95"] = new JsonArray(Number(level.Error.Low), Number(level.Error.High));
        json["target_is_consensus"] = level.TargetIsConsensus;
        json["rows"] = level.Rows;
        json["against_others"] = AgreementJson.Of(level.Study.Human);
        json["candidates"] = new JsonArray([.. level.Candidates.Select(candidate => (JsonNode)new JsonObject
        {
            ["name"] = candidate.Name,
            ["headline"] = Number(candidate.Headline.Estimate),
            ["same_rows"] = Number(candidate.SameRows.Estimate),
            ["same_rows_ci95"] = new JsonArray(Number(candidate.SameRows.Low), Number(candidate.SameRows.High)),
            ["rows"] = candidate.Rows,
        })]);
        json["winner_final"] = Number(level.Final);
        json["final_rows"] = level.FinalRows;
        json["study"] = AgreementJson.Of(level.Study);
        return json;
    }

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
