using Roux.Learning.Data.Reading;

namespace Roux.Learning.Data;

/// <summary>Brings tables into the form that a schema describes.</summary>
public static class TableSchema
{
    /// <summary>
    /// A table with exactly the columns of <paramref name="specs"/>, in their order and of their types. Values that do not fit a
    /// type become missing, with a warning. Columns that have their type already are shared, not copied. Afterwards categorical, text
    /// and list columns are <see cref="TextColumn"/>, numeric and boolean ones <see cref="NumberColumn"/>, dates <see cref="DateColumn"/>.
    /// </summary>
    /// <param name="table">Rows as they were read.</param>
    /// <param name="specs">The schema, usually that of the training rows.</param>
    /// <param name="warnings">Gets one line for each column that lost values.</param>
    /// <param name="optional">Names of columns that may be absent (such as the target, when predicting): they are then left out.</param>
    /// <exception cref="DataException">Columns are absent that the model uses; the message names them.</exception>
    public static Table Conform(Table table, IReadOnlyList<ColumnSpec> specs, IList<string>? warnings = null, IReadOnlyCollection<string>? optional = null)
    {
        var absent = new List<string>();
        var columns = new List<Column>(specs.Count);
        var noted = new List<string>();
        foreach (var spec in specs)
        {
            if (table.Find(spec.Name) is { } column)
            {
                columns.Add(TypeConversion.To(column, spec.Type, noted));
            }
            else if (!(optional?.Contains(spec.Name) ?? false) && spec.Role is not (ColumnRole.Ignore or ColumnRole.Id or ColumnRole.Constant or ColumnRole.Target))
            {
                absent.Add(spec.Name);
            }
        }

        foreach (var warning in noted)
        {
            warnings?.Add(warning);
        }

        if (absent.Count == 0)
        {
            return new Table(table.Name, columns);
        }

        var close = NearestName.Suggest(absent[0], table.Columns.Select(column => column.Name), 1);
        var shown = string.Join(", ", absent.Take(10).Select(name => $"'{name}'"));
        throw new DataException($"{table.Name}: {(absent.Count == 1 ? "a column is" : $"{absent.Count} columns are")} missing that the model was trained with: {shown}{(absent.Count > 10 ? ", …" : "")}"
            + (close.Count > 0 ? $" (is '{close[0]}' meant for '{absent[0]}'?)" : ""));
    }
}
