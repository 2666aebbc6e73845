using Roux.Learning.Data;

namespace Roux.Debugging.Checks.Drift;

/// <summary>What training and test rows have in common to be compared by.</summary>
internal static class Shared
{
    /// <summary>Features of both tables that may be alike: not dates, nor the column of time, which differ by intent, nor texts.</summary>
    public static IEnumerable<ColumnSpec> Columns(TableSubject subject) => subject.Features.Where(column =>
        column.Role is ColumnRole.Numeric or ColumnRole.Boolean or ColumnRole.Categorical && column.Name != subject.Options.TimeColumn && subject.Test?.Find(column.Name) is not null);

    /// <summary>Rows of two tables, one below the other.</summary>
    public static Table Stack(Table a, int[] rowsA, Table b, int[] rowsB, IEnumerable<ColumnSpec> columns) =>
        new("both", [.. columns.Select(column => Stack(a[column.Name].Take(rowsA), b[column.Name].Take(rowsB)))]);

    private static Column Stack(Column a, Column b) => (a, b) switch
    {
        (NumberColumn x, NumberColumn y) => new NumberColumn(a.Name, [.. x.Values, .. y.Values], x.Type == y.Type ? x.Type : ColumnType.Real),
        (DateColumn x, DateColumn y) => new DateColumn(a.Name, [.. x.Ticks, .. y.Ticks]),
        _ => TextColumn.From(a.Name, Enumerable.Range(0, a.Length).Select(a.Format).Concat(Enumerable.Range(0, b.Length).Select(b.Format))),
    };
}
