namespace Roux.Tracking.Backup;

/// <summary>What a column holds, alike in every database.</summary>
internal enum ColumnKind
{
    Whole,
    Real,
    Text,
    Bytes,
}

/// <summary>A column of a table.</summary>
internal sealed record ColumnShape(string Name, ColumnKind Kind);

/// <summary>A table of a store, with its columns and those of its primary key, by which its rows are written.</summary>
internal sealed record TableShape(string Name, IReadOnlyList<ColumnShape> Columns, IReadOnlyList<string> Key)
{
    /// <summary>Names of the columns, as SQL lists them. All are quoted: some are words of SQL.</summary>
    public string ColumnList => string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));

    /// <summary>The primary key, as SQL lists it.</summary>
    public string KeyList => string.Join(", ", Key.Select(column => $"\"{column}\""));
}
