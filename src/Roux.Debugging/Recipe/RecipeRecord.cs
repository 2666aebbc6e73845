using System.Text.Json.Nodes;
using Roux.Debugging.Findings;

namespace Roux.Debugging.Recipe;

/// <summary>The recipe as it was walked, as a document that a run keeps.</summary>
internal static class RecipeRecord
{
    /// <summary>Where a run keeps it.</summary>
    public const string Path = "debug/recipe.json";

    /// <summary>Every step with its proof, its picture and what was found in it.</summary>
    public static JsonObject Of(string learner, IReadOnlyList<string> facts, IReadOnlyList<RecipeStep> steps) => new()
    {
        ["format"] = "roux.recipe/1",
        ["learner"] = learner,
        ["facts"] = new JsonArray([.. facts.Select(fact => JsonValue.Create(fact))]),
        ["outcome"] = steps.Any(step => step.Outcome == StepOutcome.Failed) ? "failed" : "passed",
        ["steps"] = new JsonArray([.. steps.Select(step =>
        {
            var json = step.ToJson();
            json["seconds"] = step.Seconds;
            json["plot"] = step.Shown?.DeepClone();
            json["findings"] = new JsonArray([.. step.Findings.Select(finding => (JsonNode)new JsonObject
            {
                ["check"] = finding.Check,
                ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
                ["message"] = finding.Message,
            })]);
            return (JsonNode)json;
        })]),
    };
}
