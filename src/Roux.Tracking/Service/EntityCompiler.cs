using System.Text;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>How a kind of thing other than runs lies in the store: where its attributes, tags, params and metrics are.</summary>
/// <param name="From">What follows FROM.</param>
/// <param name="Id">The column to select.</param>
internal sealed record EntityShape(string From, string Id)
{
    /// <summary>Attribute to SQL expression.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    /// <summary>A SELECT of its tags as <c>t.name, t.value</c>, open for a further condition.</summary>
    public string? Tags { get; init; }

    /// <summary>The same of its params.</summary>
    public string? Params { get; init; }

    /// <summary>The same of its metrics.</summary>
    public string? Metrics { get; init; }

    /// <summary>The last sort keys, which settle ties.</summary>
    public required string DefaultOrder { get; init; }
}

/// <summary>Compiles a search over experiments or models to one SELECT of keys. Names and values are bound as parameters.</summary>
internal static class EntityCompiler
{
    /// <summary>Clients hide MLflow's prompts by asking for models whose tag of this name is not 'true'; models without the tag must pass.</summary>
    private const string PromptTag = "mlflow.prompt.is_prompt";

    public static Filter Parse(string filter, Vocabulary vocabulary)
    {
        var parsed = ServiceException.Checked(() => FilterParser.ParseFilter(filter, vocabulary));
        return parsed.Conditions.Count <= Limits.Conditions ? parsed : throw TooLong();
    }

    public static IReadOnlyList<OrderKey> ParseOrder(IReadOnlyList<string> order, Vocabulary vocabulary) => order.Count <= Limits.Conditions
        ? ServiceException.Checked(() => order.Select(key => FilterParser.ParseOrder(key, vocabulary)).ToList())
        : throw TooLong();

    public static CompiledSearch Compile(
        ConditionSql sql, EntityShape shape, Filter filter, IReadOnlyList<OrderKey> order, IReadOnlyList<string> fixedConditions, int limit, long offset)
    {
        var conditions = fixedConditions.Concat(filter.Conditions.Select(condition => Test(sql, shape, condition))).ToList();
        var text = new StringBuilder("SELECT ").Append(shape.Id).Append(" FROM ").Append(shape.From);
        if (conditions.Count > 0)
        {
            text.Append("\nWHERE ").AppendJoin("\n  AND ", conditions);
        }

        var keys = order.SelectMany(key => OrderBy(sql, shape, key)).Append(shape.DefaultOrder);
        text.Append("\nORDER BY ").AppendJoin(", ", keys)
            .Append("\nLIMIT ").Append(sql.Bind((long)limit)).Append(" OFFSET ").Append(sql.Bind(offset));
        return new CompiledSearch(text.ToString(), sql.Parameters);
    }

    private static string Test(ConditionSql sql, EntityShape shape, Condition condition)
    {
        var field = condition.Field;
        if (field.Kind == FieldKind.Attribute)
        {
            var column = shape.Columns[field.Key];
            return field.IsNumeric ? sql.NumberTest(column, condition, nanIsNull: false) : sql.TextTest(column, condition);
        }

        var rows = $"{Keyed(shape, field)} AND t.name = {sql.Bind(field.Key)}";
        return condition.Comparator switch
        {
            Comparator.IsNull => $"NOT EXISTS ({rows})",
            Comparator.IsNotNull => $"EXISTS ({rows})",
            Comparator.NotEqual when field is { Kind: FieldKind.Tag, Key: PromptTag } => $"NOT EXISTS ({rows} AND t.value = {sql.Bind(condition.Text)})",
            _ => $"EXISTS ({rows} AND {(field.IsNumeric ? sql.NumberTest("t.value", condition, nanIsNull: true) : sql.TextTest("t.value", condition))})",
        };
    }

    private static IEnumerable<string> OrderBy(ConditionSql sql, EntityShape shape, OrderKey key)
    {
        var direction = key.Descending ? "DESC" : "ASC";
        if (key.Field.Kind == FieldKind.Attribute)
        {
            var column = shape.Columns[key.Field.Key];
            return [$"{column} IS NULL", $"{column} {direction}"];
        }

        var last = key.Field.Kind == FieldKind.Metric ? " ORDER BY t.step DESC, t.time DESC LIMIT 1" : "";
        var value = $"({Keyed(shape, key.Field).Replace("SELECT 1", "SELECT t.value", StringComparison.Ordinal)} AND t.name = {sql.Bind(key.Field.Key)}{last})";
        return [$"{value} IS NULL", $"{value} {direction}"];
    }

    private static string Keyed(EntityShape shape, Field field) => field.Kind switch
    {
        FieldKind.Tag => shape.Tags,
        FieldKind.Param => shape.Params,
        _ => shape.Metrics,
    } ?? throw new InvalidOperationException($"{field}: not in this vocabulary");

    private static ServiceException TooLong() => ServiceException.Invalid($"a search takes at most {Limits.Conditions} conditions and {Limits.Conditions} sort keys");
}
