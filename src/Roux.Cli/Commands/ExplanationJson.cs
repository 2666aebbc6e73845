using System.Text.Json.Nodes;
using Roux.Learning.Explanations;

namespace Roux.Cli.Commands;

/// <summary>Explanations as JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>What a model looks at.</summary>
    public static JsonObject Of(ModelExplanation explanation)
    {
        var json = Of(explanation.Shap);
        json["dependence"] = new JsonArray([.. explanation.Dependence.Select(dependence => (JsonNode)Of(dependence))]);
        return json;
    }

    /// <summary>Contributions, over all rows.</summary>
    public static JsonObject Of(ShapValues shap) => new()
    {
        ["scale"] = shap.Scale,
        ["method"] = shap.Method,
        ["rows"] = shap.Rows,
        ["samples"] = shap.Samples == 0 ? null : shap.Samples,
        ["additivity_gap"] = Number(shap.Gap),
        ["expectation"] = PerOutput(shap, shap.Expectation),
        ["importance"] = new JsonArray([.. shap.Importance().Select(pair => (JsonNode)new JsonObject { ["column"] = pair.Column, ["mean_abs"] = Number(pair.Mean) })]),
        ["features"] = new JsonArray([.. shap.Features.Select(feature => (JsonNode)new JsonObject { ["column"] = feature.Column, ["feature"] = feature.Feature, ["mean_abs"] = Number(feature.Mean) })]),
    };

    /// <summary>How one row's prediction came about, per output.</summary>
    public static JsonObject Row(ShapValues shap, int row) => new()
    {
        ["scale"] = shap.Scale,
        ["method"] = shap.Method,
        ["expectation"] = PerOutput(shap, shap.Expectation),
        ["score"] = PerOutput(shap, [.. Enumerable.Range(0, shap.Outputs.Count).Select(k => shap.Score(row, k))]),
        ["contributions"] = new JsonArray([.. Enumerable.Range(0, shap.Columns.Count)
            .OrderByDescending(column => Enumerable.Range(0, shap.Outputs.Count).Max(k => Math.Abs(shap[row, column, k])))
            .Select(column => (JsonNode)new JsonObject
            {
                ["column"] = shap.Columns[column],
                ["values"] = PerOutput(shap, [.. Enumerable.Range(0, shap.Outputs.Count).Select(k => shap[row, column, k])]),
                ["standard_errors"] = shap.Errors is { } errors ? PerOutput(shap, errors.AsSpan((row * shap.Columns.Count + column) * shap.Outputs.Count, shap.Outputs.Count).ToArray()) : null,
            })]),
        ["features"] = new JsonArray([.. shap.RowFeatures.Where(feature => feature.Row == row)
            .Select(feature => (JsonNode)new JsonObject { ["column"] = feature.Column, ["feature"] = feature.Feature, ["values"] = PerOutput(shap, feature.Values) })]),
    };

    /// <summary>How predictions change with a column.</summary>
    public static JsonObject Of(PartialDependence dependence) => new()
    {
        ["column"] = dependence.Column,
        ["rows"] = dependence.Rows,
        ["grid"] = new JsonArray([.. dependence.Labels.Select(label => (JsonNode)JsonValue.Create(label))]),
        ["support"] = Numbers(dependence.Support),
        ["mean"] = new JsonObject(dependence.Outputs.Select((output, k) => KeyValuePair.Create<string, JsonNode?>(
            output, Numbers(Enumerable.Range(0, dependence.Grid.Length).Select(g => dependence.Mean[g * dependence.Outputs.Count + k]))))),
        ["range"] = Number(dependence.Range),
        ["disagreement"] = Number(dependence.Disagreement),
    };

    /// <summary>Counterfactuals of a row.</summary>
    public static JsonObject Of(CounterfactualSet set) => new()
    {
        ["goal"] = set.Goal,
        ["note"] = set.Note,
        ["found"] = new JsonArray([.. set.Found.Select(found => (JsonNode)new JsonObject
        {
            ["changes"] = Changes(found.Changes), ["answer"] = found.Answer, ["figure"] = Number(found.Prediction), ["distance"] = Number(found.Distance),
        })]),
    };

    /// <summary>Near rows with another answer.</summary>
    public static JsonArray Of(IReadOnlyList<ContraryExample> examples) => new([.. examples.Select(example => (JsonNode)new JsonObject
    {
        ["row"] = example.Row + 1, ["answer"] = example.Answer, ["predicted"] = example.Predicted, ["distance"] = Number(example.Distance), ["differences"] = Changes(example.Differences),
    })]);

    private static JsonArray Changes(IReadOnlyList<CounterfactualChange> changes) =>
        new([.. changes.Select(change => (JsonNode)new JsonObject { ["column"] = change.Column, ["from"] = change.From, ["to"] = change.To })]);

    private static JsonObject PerOutput(ShapValues shap, double[] values) => new(shap.Outputs.Select((output, k) => KeyValuePair.Create<string, JsonNode?>(output, Number(values[k]))));

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(value => (JsonNode?)Number(value))]);

    /// <summary>JSON has no NaN: an undefined figure is null.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
