using System.Text.Json.Nodes;

namespace Roux.Debugging.Slices;

/// <summary>A row that a model gets wrong, with what may explain it.</summary>
/// <param name="Row">Its place among the evaluation rows.</param>
/// <param name="Loss">Classes: minus the logarithm of the probability given to the right answer. Numbers: the absolute error. Labels: the sum over labels of the distance to 0 or 1.</param>
/// <param name="Answer">The known answer.</param>
/// <param name="Predicted">What the model says.</param>
/// <param name="Sureness">The probability of what it says; NaN for numbers.</param>
/// <param name="Cells">The row, by column.</param>
/// <param name="Neighbours">The training rows that are most alike, nearest first; empty where training rows are not at hand.</param>
/// <param name="Attributions">How much each column moved the score of what was predicted, largest first (Shapley values: Lundberg and Lee 2017); empty where they could not be computed.</param>
public sealed record ErrorExample(
    int Row, double Loss, string Answer, string Predicted, double Sureness, IReadOnlyList<(string Column, string? Value)> Cells,
    IReadOnlyList<NearRow> Neighbours, IReadOnlyList<(string Column, double Value)> Attributions)
{
    /// <summary>Whether the nearest training rows have, most of them, the answer that was predicted: then the label is worth a look.</summary>
    public bool NeighboursAgreeWithModel => Neighbours.Count > 0 && 2 * Neighbours.Count(near => near.Answer == Predicted) > Neighbours.Count;

    /// <summary>The example as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["row"] = Row,
        ["loss"] = double.IsFinite(Loss) ? Loss : null,
        ["answer"] = Answer,
        ["predicted"] = Predicted,
        ["sureness"] = double.IsFinite(Sureness) ? Sureness : null,
        ["cells"] = new JsonObject(Cells.Select(cell => KeyValuePair.Create(cell.Column, (JsonNode?)JsonValue.Create(cell.Value)))),
        ["neighbours"] = new JsonArray([.. Neighbours.Select(near => (JsonNode)new JsonObject { ["row"] = near.Row, ["distance"] = near.Distance, ["answer"] = near.Answer })]),
        ["neighbours_agree_with_model"] = NeighboursAgreeWithModel,
        ["attributions"] = new JsonObject(Attributions.Select(part => KeyValuePair.Create(part.Column, (JsonNode?)JsonValue.Create(part.Value)))),
    };
}

/// <summary>A training row that is like another row.</summary>
/// <param name="Row">Its place among the training rows.</param>
/// <param name="Distance">Mean distance over the columns, 0 to 1 (Gower 1971).</param>
/// <param name="Answer">Its answer.</param>
public sealed record NearRow(int Row, double Distance, string Answer);
