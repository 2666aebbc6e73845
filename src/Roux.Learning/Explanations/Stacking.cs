using Roux.Learning.Data;

namespace Roux.Learning.Explanations;

/// <summary>Puts the rows of two tables of the same columns one below the other.</summary>
internal static class Stacking
{
    /// <summary>The columns of <paramref name="upper"/>, with the rows of both; a column that is stored differently in <paramref name="lower"/> is read as text in both.</summary>
    public static Table Of(Table upper, Table lower) => new(upper.Name, [.. upper.Columns.Select(column => Of(column, lower[column.Name]))]);

    private static Column Of(Column upper, Column lower) => (upper, lower) switch
    {
        (NumberColumn a, NumberColumn b) => new NumberColumn(a.Name, [.. a.Values, .. b.Values], a.Type == b.Type ? a.Type : ColumnType.Real, a.Words),
        (DateColumn a, DateColumn b) => new DateColumn(a.Name, [.. a.Ticks, .. b.Ticks]),
        (TextColumn a, TextColumn b) when ReferenceEquals(a.Levels, b.Levels) => new TextColumn(a.Name, [.. a.Codes, .. b.Codes], a.Levels),
        _ => TextColumn.From(upper.Name, Enumerable.Range(0, upper.Length).Select(upper.Format).Concat(Enumerable.Range(0, lower.Length).Select(lower.Format))),
    };
}
