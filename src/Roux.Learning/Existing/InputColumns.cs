using Roux.Learning.Data;

namespace Roux.Learning.Existing;

/// <summary>The columns that a model is given.</summary>
internal static class InputColumns
{
    /// <summary>The columns of <c>--existing-inputs</c> in their order; all where none are named.</summary>
    /// <exception cref="DataException">A name is no column of the table.</exception>
    public static IReadOnlyList<Column> Of(Table table, ExistingOptions options) => options.Inputs.Count == 0 ? table.Columns
        : [.. options.Inputs.Select(name => table.Find(name) ?? throw new DataException(NearestName.Message("--existing-inputs", name, "column", [.. table.Columns.Select(column => column.Name)])))];
}
