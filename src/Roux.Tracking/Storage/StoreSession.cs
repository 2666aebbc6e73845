namespace Roux.Tracking.Storage;

/// <summary>
/// A connection to a database with its prepared statements, kept by their text. Parameters are written <c>$name</c>; values are
/// <c>null</c>, text, whole numbers, doubles, bytes, and lists of numbers or texts for <see cref="StoreDialect.Numbers"/> and
/// <see cref="StoreDialect.Texts"/>. Used by one thread at a time.
/// </summary>
internal abstract class StoreSession : IDisposable
{
    /// <summary>How its database writes what SQL has no common form for.</summary>
    public abstract StoreDialect Dialect { get; }

    /// <summary>Runs statements once, without keeping them.</summary>
    public abstract void Run(string sql);

    /// <summary>Runs a statement that gives no rows; returns the number of rows it changed.</summary>
    public abstract int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>As <see cref="Execute"/>, for a write whose outcome nobody asks for: it may run as late as with the next statement.</summary>
    public virtual void Later(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Execute(sql, parameters);

    /// <summary>Runs an INSERT of one row into a table with a column <c>id</c>; returns the new row's.</summary>
    public abstract long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>The first column of the first row as a whole number; <c>null</c> where it is none, or there is no row.</summary>
    public abstract long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Calls <paramref name="read"/> for every row. Other statements may run inside.</summary>
    public abstract void Each(string sql, Action<StoreRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Every row, through <paramref name="read"/>.</summary>
    public List<T> Rows<T>(string sql, Func<StoreRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        Each(sql, row => rows.Add(read(row)), parameters);
        return rows;
    }

    /// <summary>Begins a transaction that writes.</summary>
    public abstract void BeginWrite();

    /// <summary>Commits what was written since <see cref="BeginWrite"/>.</summary>
    public abstract void Commit();

    /// <summary>Undoes what was written since <see cref="BeginWrite"/>; harmless where the database did so by itself.</summary>
    public abstract void Rollback();

    public abstract void Dispose();
}
