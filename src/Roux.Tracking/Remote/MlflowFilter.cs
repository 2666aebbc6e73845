using Roux.Tracking.Search;

namespace Roux.Tracking.Remote;

/// <summary>A query in the words of MLflow: the conditions that its servers understand, and those that are left to check on what they answer.</summary>
/// <param name="Text">A filter for the server.</param>
/// <param name="Rest">Conditions that its language has no words for.</param>
/// <param name="Order">Sort keys for the server.</param>
internal sealed record MlflowFilter(string Text, IReadOnlyList<Condition> Rest, IReadOnlyList<string> Order)
{
    /// <summary>Translates a query.</summary>
    /// <exception cref="TrackingException">A sort key is one that no server sorts by.</exception>
    public static MlflowFilter Of(RunSearch search)
    {
        var said = new List<string>();
        var rest = new List<Condition>();
        foreach (var condition in search.Filter.Conditions)
        {
            if (Say(condition) is { } text)
            {
                said.Add(text);
            }
            else
            {
                rest.Add(condition);
            }
        }

        return new MlflowFilter(string.Join(" AND ", said), rest, [.. search.Order.Select(Say)]);
    }

    private static string Say(OrderKey key) => key.Field is { Kind: FieldKind.Attribute, Key: "parent_run_id" or "experiment_name" or "experiment_id" } or { Kind: FieldKind.Dataset }
        ? throw new TrackingException($"order by {key.Field}: a server does not sort by this; sort by a metric, a param, a tag, run_name, status, start_time or end_time")
        : $"{Name(key.Field)} {(key.Descending ? "DESC" : "ASC")}";

    private static string? Say(Condition condition)
    {
        var field = condition.Field;
        var isKeyed = field.Kind is FieldKind.Metric or FieldKind.Param or FieldKind.Tag;
        if (condition.Comparator is Comparator.IsNull or Comparator.IsNotNull
            || (isKeyed && (field.Key.Contains('`', StringComparison.Ordinal) || condition.Comparator is Comparator.In or Comparator.NotIn))
            || field is { Kind: FieldKind.Attribute, Key: "experiment_name" or "experiment_id" }
            || (field.Key == "parent_run_id" && condition.Comparator is not (Comparator.Equal or Comparator.NotEqual)))
        {
            return null;
        }

        if (field.IsNumeric)
        {
            return double.IsFinite(condition.Number) ? $"{Name(field)} {Condition.Symbol(condition.Comparator)} {condition.Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}" : null;
        }

        var texts = condition.Texts ?? [condition.Text];
        return texts.Any(text => text.Contains('\'', StringComparison.Ordinal)) ? null
            : condition.Comparator is Comparator.In or Comparator.NotIn
                ? $"{Name(field)} {Condition.Symbol(condition.Comparator)} ({string.Join(", ", texts.Select(text => $"'{text}'"))})"
                : $"{Name(field)} {Condition.Symbol(condition.Comparator)} '{condition.Text}'";
    }

    private static string Name(Field field) => field switch
    {
        { Kind: FieldKind.Attribute, Key: "parent_run_id" } => $"tags.`{RemoteTags.Parent}`",
        { Kind: FieldKind.Attribute, Key: "run_name" } => $"tags.`{RemoteTags.RunName}`",
        { Kind: FieldKind.Dataset } => "dataset." + field.Key,
        _ => field.ToString(),
    };
}
