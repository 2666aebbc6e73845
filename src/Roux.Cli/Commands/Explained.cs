using System.Text.Json.Nodes;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Explanations;
using Roux.Learning.Pipelines;

namespace Roux.Cli.Commands;

/// <summary>What <c>roux explain</c> found out: of a model as a whole, or of one row.</summary>
internal sealed record Explained
{
    public required Pipeline Pipeline { get; init; }

    /// <summary>The rows, with the columns that the model reads.</summary>
    public required Table Table { get; init; }

    public ModelExplanation? Model { get; init; }

    public IReadOnlyList<ColumnImportance> Permutation { get; init; } = [];

    /// <summary>Number of the explained row, from 1.</summary>
    public int? RowNumber { get; init; }

    public ShapValues? Row { get; init; }

    public Table? RowTable { get; init; }

    public Predictions? Prediction { get; init; }

    public CounterfactualSet? Counterfactuals { get; init; }

    public IReadOnlyList<ContraryExample> Contrary { get; init; } = [];

    /// <summary>Beside a row: how predictions change with the columns asked for.</summary>
    public IReadOnlyList<PartialDependence> Columns { get; init; } = [];

    /// <summary>The output of the row that matters most: the predicted class, or the only one.</summary>
    public int RowOutput => Row is not { Outputs.Count: > 1 } || Prediction is null ? 0 : Enumerable.Range(0, Row.Outputs.Count).MaxBy(k => Prediction.Values[k]);

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["model"] = Pipeline.Name, ["task"] = Pipeline.Task.ToString().ToLowerInvariant(), ["target"] = Pipeline.TargetColumn };
        if (Model is { } model)
        {
            foreach (var (name, value) in ExplanationJson.Of(model).ToArray())
            {
                json[name] = value?.DeepClone();
            }

            json["permutation"] = new JsonArray([.. Permutation.Select(importance => (JsonNode)Of(importance))]);
        }

        if (Row is { } row)
        {
            json["row"] = RowNumber;
            json["prediction"] = Pipeline.Task == TaskKind.Regression ? Number(Prediction!.Values[0])
                : new JsonObject(Pipeline.Classes.Select((name, k) => KeyValuePair.Create<string, JsonNode?>(name, Number(Prediction!.Values[k]))));
            json["explanation"] = ExplanationJson.Row(row, 0);
            json["counterfactuals"] = Counterfactuals is null ? null : ExplanationJson.Of(Counterfactuals);
            json["contrary_examples"] = ExplanationJson.Of(Contrary);
            json["dependence"] = new JsonArray([.. Columns.Select(column => (JsonNode)ExplanationJson.Of(column))]);
        }

        return json;
    }

    private static JsonObject Of(ColumnImportance importance)
    {
        var json = new JsonObject { ["column"] = importance.Column, ["drop"] = Number(importance.Drop.Estimate), ["ci95"] = new JsonArray(Number(importance.Drop.Low), Number(importance.Drop.High)) };
        if (importance.Together is { } together)
        {
            json["together"] = Of(together);
        }

        return json;
    }

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
