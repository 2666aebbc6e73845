using Microsoft.Data.Sqlite;
using Roux.Tracking.Search;

namespace Roux.Tracking.Sqlite;

/// <summary>A connection with its prepared statements, kept by their text. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    public SqliteSession(string connectionString, TimeSpan busyTimeout)
    {
        connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            connection.CreateFunction(
                "like_match",
                (string? text, string pattern, bool ignoreCase) => text is not null && LikePattern.Matches(text, pattern, ignoreCase),
                isDeterministic: true);
            Run($"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The connection itself, for what is not a statement.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>Runs statements once, without keeping them.</summary>
    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement that gives no rows; returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs an INSERT and returns the new row's id.</summary>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Bind(sql, parameters).ExecuteNonQuery();
        return SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);
    }

    /// <summary>The first column of the first row as a whole number, or <c>null</c>.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Bind(sql, parameters).ExecuteScalar() is long number ? number : null;

    /// <summary>Every row, through <paramref name="read"/>.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Calls <paramref name="read"/> for every row.</summary>
    public void Each(string sql, Action<SqliteDataReader> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            read(reader);
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            // Statements compiled from a filter differ from call to call: keep the store's own, not an endless number of those.
            if (prepared.Count < 256)
            {
                prepared.Add(sql, command);
            }
        }

        for (var index = 0; index < parameters.Length; index++)
        {
            command.Parameters[index].Value = parameters[index].Value ?? DBNull.Value;
        }

        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }
}
