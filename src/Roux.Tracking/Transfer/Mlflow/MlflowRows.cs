namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Rows of a database of MLflow's, read only.</summary>
internal abstract class MlflowRows : IDisposable
{
    private readonly Dictionary<string, HashSet<string>> columns = new(StringComparer.Ordinal);

    public abstract void Each(string sql, Action<MlflowRow> read);

    public abstract void Dispose();

    public bool HasTable(string table) => ColumnsOf(table).Count > 0;

    public bool Has(string table, string column) => ColumnsOf(table).Contains(column);

    /// <summary>A column, or NULL where this version of MLflow's database does not have it.</summary>
    public string Optional(string table, string column) => Has(table, column) ? column : $"NULL AS {column}";

    public List<T> Rows<T>(string sql, Func<MlflowRow, T> read)
    {
        var rows = new List<T>();
        Each(sql, row => rows.Add(read(row)));
        return rows;
    }

    /// <summary>A text in SQL.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    protected abstract IEnumerable<string> ReadColumns(string table);

    private HashSet<string> ColumnsOf(string table)
    {
        if (!columns.TryGetValue(table, out var known))
        {
            columns.Add(table, known = new HashSet<string>(ReadColumns(table), StringComparer.Ordinal));
        }

        return known;
    }
}

/// <summary>The present row.</summary>
internal abstract class MlflowRow
{
    public abstract bool IsNull(int column);

    public abstract string Text(int column);

    public abstract long Whole(int column);

    public abstract double Number(int column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long? WholeOrNull(int column) => IsNull(column) ? null : Whole(column);
}
