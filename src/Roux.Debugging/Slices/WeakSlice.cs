using System.Text.Json.Nodes;

namespace Roux.Debugging.Slices;

/// <summary>Rows on which a model does worse than it should, and what they have in common.</summary>
public sealed record WeakSlice
{
    /// <summary>All hold for every row of the slice; one to three.</summary>
    public required IReadOnlyList<SliceCondition> Conditions { get; init; }

    /// <summary>The rows, as places in the rows that were searched, ascending.</summary>
    public required int[] Rows { get; init; }

    /// <summary>Mean loss in the slice: the share of wrong answers for classes, the mean absolute error for numbers.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss of rows for which the model is as sure (classes) or predicts as much (numbers), wherever they are.</summary>
    public required double ExpectedLoss { get; init; }

    /// <summary>Mean loss outside the slice.</summary>
    public required double RestLoss { get; init; }

    /// <summary>How far the losses in the slice and outside lie apart, in standard deviations (Cohen's d, as in Chung et al. 2019, section 2.3).</summary>
    public required double EffectSize { get; init; }

    /// <summary>Bound on the chance of so bad a slice where none is, over all slices that could have been named.</summary>
    public required double PValue { get; init; }

    /// <summary>Logarithm of the likelihood ratio against equal losses, less the cost of naming the slice: what slices are ranked by.</summary>
    public required double Score { get; init; }

    /// <summary>The conditions in words.</summary>
    public string Text => string.Join(" and ", Conditions.Select(condition => condition.Text));

    /// <summary>The figures, for evidence.</summary>
    public JsonObject ToJson(int rows) => new()
    {
        ["slice"] = Text,
        ["conditions"] = new JsonArray([.. Conditions.Select(condition => (JsonNode)JsonValue.Create(condition.Text))]),
        ["rows"] = Rows.Length,
        ["share_of_rows"] = (double)Rows.Length / rows,
        ["loss"] = Loss,
        ["expected_loss"] = ExpectedLoss,
        ["rest_loss"] = RestLoss,
        ["effect_size"] = EffectSize,
        ["p_value"] = PValue,
    };
}
