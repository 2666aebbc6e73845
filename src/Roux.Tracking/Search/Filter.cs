using System.Globalization;

namespace Roux.Tracking.Search;

/// <summary>What a field belongs to.</summary>
internal enum FieldKind
{
    Metric,
    Param,
    Tag,
    Attribute,
    Dataset,
}

/// <summary>How a field is compared.</summary>
internal enum Comparator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
}

/// <summary>A named property of a run.</summary>
internal readonly record struct Field(FieldKind Kind, string Key)
{
    /// <summary>Whether its values are numbers.</summary>
    public bool IsNumeric => Kind == FieldKind.Metric || (Kind == FieldKind.Attribute && (Attributes.Numeric.Contains(Key) || Attributes.OtherNumeric.Contains(Key)));

    public override string ToString() => Kind switch
    {
        FieldKind.Metric => "metrics." + Quote(Key),
        FieldKind.Param => "params." + Quote(Key),
        FieldKind.Tag => "tags." + Quote(Key),
        FieldKind.Dataset => "datasets." + Key,
        _ => "attributes." + Key,
    };

    private static string Quote(string key) => "`" + key.Replace("`", "``", StringComparison.Ordinal) + "`";
}

/// <summary>The names of a run's attributes and data set fields.</summary>
internal static class Attributes
{
    public static IReadOnlySet<string> Numeric { get; } = new HashSet<string>(StringComparer.Ordinal) { "start_time", "end_time" };

    /// <summary>Those of experiments and models.</summary>
    public static IReadOnlySet<string> OtherNumeric { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp", "version_number", "created_time",
    };

    public static IReadOnlySet<string> Text { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "run_id", "run_name", "status", "experiment_id", "experiment_name", "parent_run_id",
    };

    public static IReadOnlySet<string> Dataset { get; } = new HashSet<string>(StringComparer.Ordinal) { "name", "digest", "context" };
}

/// <summary>One condition on a field: a number, a text, or texts to compare with, or none for IS NULL.</summary>
internal sealed record Condition(Field Field, Comparator Comparator, double Number = 0, string Text = "", IReadOnlyList<string>? Texts = null)
{
    public bool Equals(Condition? other) => other is not null && Field == other.Field && Comparator == other.Comparator
        && Number.Equals(other.Number) && Text == other.Text && (Texts ?? []).SequenceEqual(other.Texts ?? []);

    public override int GetHashCode() => HashCode.Combine(Field, Comparator, Number, Text);

    public override string ToString() => Comparator switch
    {
        Comparator.IsNull => $"{Field} IS NULL",
        Comparator.IsNotNull => $"{Field} IS NOT NULL",
        Comparator.In => $"{Field} IN ({List()})",
        Comparator.NotIn => $"{Field} NOT IN ({List()})",
        _ => $"{Field} {Symbol(Comparator)} {(Field.IsNumeric ? Print(Number) : Quote(Text))}",
    };

    public static string Symbol(Comparator comparator) => comparator switch
    {
        Comparator.Equal => "=",
        Comparator.NotEqual => "!=",
        Comparator.Less => "<",
        Comparator.LessOrEqual => "<=",
        Comparator.Greater => ">",
        Comparator.GreaterOrEqual => ">=",
        Comparator.Like => "LIKE",
        Comparator.ILike => "ILIKE",
        Comparator.In => "IN",
        Comparator.NotIn => "NOT IN",
        Comparator.IsNull => "IS NULL",
        _ => "IS NOT NULL",
    };

    // Infinity has no literal, but a number too large for a double reads as it.
    private static string Print(double number) => double.IsInfinity(number)
        ? number > 0 ? "1e999" : "-1e999"
        : number.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private string List() => string.Join(", ", (Texts ?? []).Select(Quote));
}

/// <summary>Conditions that must all hold. Prints as a filter string that parses to the same tree.</summary>
internal sealed record Filter(IReadOnlyList<Condition> Conditions)
{
    public bool Equals(Filter? other) => other is not null && Conditions.SequenceEqual(other.Conditions);

    public override int GetHashCode() => Conditions.Count;

    public override string ToString() => string.Join(" AND ", Conditions);
}

/// <summary>A sort key.</summary>
internal sealed record OrderKey(Field Field, bool Descending)
{
    public override string ToString() => $"{Field} {(Descending ? "DESC" : "ASC")}";
}
