namespace Roux.Tracking;

/// <summary>What a query gave.</summary>
/// <param name="Columns">Names and types of the columns.</param>
/// <param name="Rows">One array a row, one value a column: <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="DateTime"/>, a list, … or <c>null</c>.</param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>A column of a <see cref="QueryResult"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type as DuckDB spells it, e.g. <c>VARCHAR</c>.</param>
public sealed record QueryColumn(string Name, string Type);
