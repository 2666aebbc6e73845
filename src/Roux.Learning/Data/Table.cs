namespace Roux.Learning.Data;

/// <summary>Named columns of equal length. Immutable; rows and columns are chosen by making a new table.</summary>
public sealed class Table
{
    private readonly Dictionary<string, Column> byName;

    /// <param name="name">What the table is called, usually the file's name.</param>
    /// <param name="columns">Columns of equal length with distinct names.</param>
    /// <exception cref="ArgumentException">Names repeat or lengths differ.</exception>
    public Table(string name, IReadOnlyList<Column> columns)
    {
        Name = name;
        Columns = columns;
        RowCount = columns.Count == 0 ? 0 : columns[0].Length;
        byName = new Dictionary<string, Column>(columns.Count, StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (column.Length != RowCount)
            {
                throw new ArgumentException($"column '{column.Name}' has {column.Length} rows, the others have {RowCount}", nameof(columns));
            }

            if (!byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"column name '{column.Name}' occurs twice", nameof(columns));
            }
        }
    }

    /// <summary>What the table is called, usually the file's name.</summary>
    public string Name { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The column of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Column this[string column] => byName.TryGetValue(column, out var found) ? found
        : throw new KeyNotFoundException($"'{column}': no such column in {Name}");

    /// <summary>The column of that name, or <c>null</c>.</summary>
    public Column? Find(string column) => byName.GetValueOrDefault(column);

    /// <summary>The given rows, in the given order.</summary>
    public Table Take(ReadOnlySpan<int> rows)
    {
        var columns = new Column[Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = Columns[i].Take(rows);
        }

        return new Table(Name, columns);
    }

    /// <summary>The same rows, each text column with only the strings that occur in them.</summary>
    public Table WithoutUnusedLevels() => new(Name, [.. Columns.Select(column => column is TextColumn text ? text.WithoutUnusedLevels() : column)]);

    /// <summary>All columns but the named ones; names that do not occur are passed over.</summary>
    public Table Without(params IReadOnlyCollection<string> names) =>
        new(Name, [.. Columns.Where(column => !names.Contains(column.Name))]);
}
