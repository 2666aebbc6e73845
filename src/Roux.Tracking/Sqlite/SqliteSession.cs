using System.Text;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>
/// A connection straight over SQLite's own interface: hydrating thousands of rows through ADO.NET took twice the time.
/// </summary>
internal sealed class SqliteSession : StoreSession
{
    // Statements compiled from filters differ from call to call: keep the store's own, not an endless number of those.
    private const int KeptStatements = 256;

    private readonly sqlite3 connection;
    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);

    private bool writing;

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

    public override StoreDialect Dialect => SqliteDialect.Instance;

    public override void Run(string sql) => Check(raw.sqlite3_exec(connection, sql));

    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Each(sql, static _ => { }, parameters);
        return raw.sqlite3_changes(connection);
    }

    public override long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return raw.sqlite3_last_insert_rowid(connection);
    }

    public override long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Bind(sql, parameters);
        try
        {
            return statement.Step() && !statement.Row.IsNull(0) ? statement.Row.Int64(0) : null;
        }
        finally
        {
            Release(statement);
        }
    }

    public override void Each(string sql, Action<StoreRow> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
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
            Release(statement);
        }
    }

    public override void BeginWrite()
    {
        Execute("BEGIN IMMEDIATE");
        writing = true;
    }

    public override void Commit()
    {
        Execute("COMMIT");
        writing = false;
    }

    public override void Rollback()
    {
        if (!writing)
        {
            return;
        }

        writing = false;
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk.
        }
    }

    public override void Dispose()
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

    /// <summary>The statement of a text: one that runs inside itself gets another.</summary>
    private SqliteStatement Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!prepared.TryGetValue(sql, out var statement) || statement.IsBusy)
        {
            Check(raw.sqlite3_prepare_v2(connection, sql, out var handle));
            var kept = statement is null && prepared.Count < KeptStatements;
            statement = new SqliteStatement(connection, handle, parameters) { IsKept = kept };
            if (kept)
            {
                prepared.Add(sql, statement);
            }
        }

        statement.Bind(parameters);
        statement.IsBusy = true;
        return statement;
    }

    private static void Release(SqliteStatement statement)
    {
        statement.Reset();
        statement.IsBusy = false;
        if (!statement.IsKept)
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
