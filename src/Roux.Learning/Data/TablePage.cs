namespace Roux.Learning.Data;

/// <summary>Some rows of a table file, as texts to look at.</summary>
/// <param name="Columns">Names and types of the columns shown.</param>
/// <param name="Rows">Rows by column; missing values are <c>null</c>, long ones cut.</param>
/// <param name="Count">Rows of the whole file; <c>null</c> where counting would take long.</param>
/// <param name="HasMore">Whether rows follow.</param>
/// <param name="HiddenColumns">Columns at the end that are not shown.</param>
public sealed record TablePage(IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<string?[]> Rows, long? Count, bool HasMore, int HiddenColumns);
