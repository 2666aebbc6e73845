using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>What in the costs a reader should act upon.</summary>
internal static class CostFindings
{
    public static IEnumerable<Finding> Of(DevelopCosts? costs)
    {
        if (costs is null || costs.WithinLimits || costs.Find(costs.Winner) is not { } nearest)
        {
            yield break;
        }

        yield return new Finding("no-candidate-within-limits", Severity.High,
            $"No candidate keeps to the limits ({CostWords.Limits(costs)}); {nearest.Name} comes nearest ({string.Join(", ", nearest.Misses.Select(miss => CostWords.Miss(miss, costs.Rates)))}). Nothing was registered.")
        {
            Evidence = new JsonObject(nearest.Misses.Select(miss => KeyValuePair.Create(miss.Limit, (JsonNode?)new JsonObject { ["value"] = miss.Value, ["limit"] = miss.Most }))),
            Cause = "The limits are tighter than what was tried can keep, on this machine and under its present load.",
            Fix = "Loosen the limits, try cheaper families (--families linear,tree), leave ensembles out (--no-ensemble), or register the nearest by hand if it will do: roux register NAME RUN.",
            Verify = "Run again with the new limits; measure a model by itself with: roux cost MODEL DATA.",
        };
    }
}
