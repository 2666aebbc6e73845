using CsCheck;
using Roux.Tracking.Search;

namespace Roux.Tracking.Tests.Search;

/// <summary>Random filters and orders over few keys and values, so that they meet random runs.</summary>
internal static class SearchGen
{
    public static readonly string[] Keys = ["acc", "lr", "a b", "quote`d", "it's", "mlflow.x"];
    public static readonly string[] Texts = ["", "0.1", "0.01", "Team A", "team a", "50%", "it's", "été", "ÉTÉ", "FINISHED", "x😀y"];
    public static readonly double[] Numbers = [-1, 0, 0.5, 0.9, 1, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly Gen<string> Pattern = Gen.OneOf(Gen.OneOf(Texts), Gen.OneOf("%", "team%", "%A", "_.1", "%é%", "f%ed", "0.%1", "__"));

    private static readonly Gen<Field> Field = Gen.OneOf(
        Gen.OneOf(Keys).Select(key => new Field(FieldKind.Metric, key)),
        Gen.OneOf(Keys).Select(key => new Field(FieldKind.Param, key)),
        Gen.OneOf(Keys).Select(key => new Field(FieldKind.Tag, key)),
        Gen.OneOf([.. Attributes.Text.Concat(Attributes.Numeric).Order(StringComparer.Ordinal)]).Select(key => new Field(FieldKind.Attribute, key)),
        Gen.OneOf("name", "digest", "context").Select(key => new Field(FieldKind.Dataset, key)));

    private static readonly Gen<Comparator> NumberComparator = Gen.OneOf(
        Comparator.Equal, Comparator.NotEqual, Comparator.Less, Comparator.LessOrEqual, Comparator.Greater, Comparator.GreaterOrEqual);

    private static readonly Gen<Comparator> TextComparator = Gen.OneOf(
        Comparator.Equal, Comparator.NotEqual, Comparator.Like, Comparator.ILike, Comparator.In, Comparator.NotIn);

    private static readonly Gen<Condition> Condition = Field.SelectMany(field => Gen.Frequency(
        (1, Gen.OneOf(Comparator.IsNull, Comparator.IsNotNull).Select(comparator => new Condition(field, comparator))),
        (6, field.IsNumeric
            ? Gen.Select(NumberComparator, field.Kind == FieldKind.Metric ? Gen.OneOf(Numbers) : Gen.Int[0, 20].Select(time => (double)time), (comparator, number) => new Condition(field, comparator, number))
            : TextComparator.SelectMany(comparator => Text(field, comparator)))));

    public static readonly Gen<Filter> Filter = Condition.Array[0, 3].Select(conditions => new Filter(conditions));

    public static readonly Gen<OrderKey[]> Order = Gen.Select(Field.Where(field => field.Kind != FieldKind.Dataset), Gen.Bool, (field, descending) => new OrderKey(field, descending)).Array[0, 2];

    private static Gen<Condition> Text(Field field, Comparator comparator)
    {
        // The parser writes statuses in capitals; a filter that it cannot give is none to print.
        var upper = field is { Kind: FieldKind.Attribute, Key: "status" } && comparator is not (Comparator.Like or Comparator.ILike);
        var text = upper ? Gen.OneOf("FINISHED", "FAILED", "RUNNING", "NONSENSE") : Gen.OneOf(Texts);
        return comparator switch
        {
            Comparator.In or Comparator.NotIn => text.Array[1, 3].Select(texts => new Condition(field, comparator, Texts: texts)),
            Comparator.Like or Comparator.ILike => Pattern.Select(pattern => new Condition(field, comparator, Text: pattern)),
            _ => text.Select(value => new Condition(field, comparator, Text: value)),
        };
    }
}
