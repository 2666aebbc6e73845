namespace Roux.Learning.Data;

/// <summary>One column of a schema.</summary>
/// <param name="Name">The column's name, unique within a table.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Role">What it means to a model.</param>
/// <param name="Separator">For <see cref="ColumnRole.List"/>: the text between the items of a cell.</param>
public sealed record ColumnSpec(string Name, ColumnType Type, ColumnRole Role, string? Separator = null);
