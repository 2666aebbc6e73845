using System.Globalization;
using Roux.Tracking.Search;

namespace Roux.Tracking.Storage;

/// <summary>The SQL of single comparisons, with the values that they compare with bound as parameters.</summary>
internal sealed class ConditionSql(StoreDialect dialect)
{
    // Above, doubles skip whole numbers.
    private const double LargestExact = 1L << 53;

    private readonly List<(string Name, object? Value)> parameters = [];

    /// <summary>What was bound so far.</summary>
    public (string Name, object? Value)[] Parameters => [.. parameters];

    public string NumberTest(string expression, Condition condition, bool nanIsNull)
    {
        var comparator = condition.Comparator;
        return comparator switch
        {
            Comparator.IsNull or Comparator.IsNotNull => $"{expression} {Condition.Symbol(comparator)}",

            // As in IEEE 754, NaN differs from every number and no other comparison with it holds.
            Comparator.NotEqual when nanIsNull => $"({expression} IS NULL OR {expression} != {Bind(condition.Number)})",
            // A whole number is compared as one, so that an index on whole numbers serves.
            _ when !nanIsNull && condition.Number is > -LargestExact and < LargestExact && Math.Floor(condition.Number) == condition.Number
                => $"{expression} {Condition.Symbol(comparator)} {Bind((long)condition.Number)}",
            _ => $"{expression} {Condition.Symbol(comparator)} {Bind(condition.Number)}",
        };
    }

    /// <summary>As <see cref="TextTest"/>, for values of params and tags, which may be long.</summary>
    public string LongTextTest(string expression, Condition condition) => condition.Comparator == Comparator.Equal
        ? dialect.LongText(expression, Bind(condition.Text))
        : TextTest(expression, condition);

    public string TextTest(string expression, Condition condition) => condition.Comparator switch
    {
        Comparator.Equal => $"{expression} = {Bind(condition.Text)}",
        Comparator.NotEqual => $"{expression} != {Bind(condition.Text)}",
        Comparator.Like => dialect.Like(expression, Bind(condition.Text), ignoreCase: false),
        Comparator.ILike => dialect.Like(expression, Bind(condition.Text), ignoreCase: true),
        Comparator.In => $"{expression} IN {dialect.Texts(Bind(condition.Texts!.ToArray()))}",
        Comparator.NotIn => $"{expression} NOT IN {dialect.Texts(Bind(condition.Texts!.ToArray()))}",
        Comparator.IsNull or Comparator.IsNotNull => $"{expression} {Condition.Symbol(condition.Comparator)}",
        _ => throw new InvalidOperationException($"{condition}: no such comparison of texts"),
    };

    /// <summary>The placeholder of a value.</summary>
    public string Bind(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"$p{parameters.Count}");
        parameters.Add((name, value));
        return name;
    }
}
