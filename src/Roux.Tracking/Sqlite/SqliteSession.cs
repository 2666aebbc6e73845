using System.Text;
using Roux.Tracking.Search;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>
/// A connection with its prepared statements, kept by their text, straight over SQLite's own interface: hydrating thousands of rows
/// through ADO.NET took twice the time. Used by one thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    // Statements compiled from filters differ from call to call: keep the store's own, not an endless number of those.
    private const int KeptStatements = 256;

    private readonly sqlite3 connection;
    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);

    static SqliteSession() => Batteries_V2.Init();

    /// <summary>Opens a database.</summary>
    /// <param name="file">A path, or a URI that begins with <c>file:</c>.</param>
    /// <param name="flags">SQLite's open flags.</param>
    /// <param name="busyTimeout">How long to wait for the locks of others.</param>
    public SqliteSession(string file, int flags, TimeSpan busyTimeout)
    {
        var code = raw.sqlite3_open_v2(file, out connection, flags | raw.SQLITE_OPEN_NOMUTEX | (file.StartsWith("file:", StringComparison.Ordinal) ? raw.SQLITE_OPEN_URI : 0), null);
        try
        {
            Check(code);
            Check(raw.sqlite3_busy_timeout(connection, (int)Math.Min(busyTimeout.TotalMilliseconds, int.MaxValue)));
            Check(raw.sqlite3_create_function(connection, "like_match", 3, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, LikeMatch));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements once, without keeping them.</summary>
    public void Run(string sql) => Check(raw.sqlite3_exec(connection, sql));

    /// <summary>Runs a statement that gives no rows; returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Each(sql, static _ => { }, parameters);
        return raw.sqlite3_changes(connection);
    }

    /// <summary>Runs an INSERT and returns the new row's id.</summary>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return raw.sqlite3_last_insert_rowid(connection);
    }

    /// <summary>The first column of the first row as a whole number; <c>null</c> where it is none, or there is no row.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            return statement.Step() && !statement.Row.IsNull(0) ? statement.Row.Int64(0) : null;
        }
        finally
        {
            Release(sql, statement);
        }
    }

    /// <summary>Every row, through <paramref name="read"/>.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        var statement = Bind(sql, parameters);
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement.Row));
            }
        }
        finally
        {
            Release(sql, statement);
        }

        return rows;
    }

    /// <summary>Calls <paramref name="read"/> for every row.</summary>
    public void Each(string sql, Action<SqliteRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            while (statement.Step())
            {
                read(statement.Row);
            }
        }
        finally
        {
            Release(sql, statement);
        }
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private static void LikeMatch(sqlite3_context context, object data, sqlite3_value[] arguments)
    {
        var matches = raw.sqlite3_value_type(arguments[0]) != raw.SQLITE_NULL && LikePattern.Matches(
            Encoding.UTF8.GetString(raw.sqlite3_value_blob(arguments[0])),
            Encoding.UTF8.GetString(raw.sqlite3_value_blob(arguments[1])),
            raw.sqlite3_value_int(arguments[2]) != 0);
        raw.sqlite3_result_int(context, matches ? 1 : 0);
    }

    /// <summary>The statement of a text, taken out of those kept: one that runs inside itself gets another.</summary>
    private SqliteStatement Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!prepared.Remove(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(connection, sql, out var handle));
            statement = new SqliteStatement(connection, handle, parameters);
        }

        statement.Bind(parameters);
        return statement;
    }

    private void Release(string sql, SqliteStatement statement)
    {
        statement.Reset();
        if (prepared.Count >= KeptStatements || !prepared.TryAdd(sql, statement))
        {
            statement.Dispose();
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqliteException.Of(connection, code);
        }
    }
}
