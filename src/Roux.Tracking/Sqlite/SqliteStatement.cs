using System.Text;
using System.Text.Json;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>A prepared statement.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt handle;
    private readonly int[] places;

    /// <param name="connection">Its connection.</param>
    /// <param name="handle">The statement.</param>
    /// <param name="parameters">Its parameters, in the order that every call gives them.</param>
    public SqliteStatement(sqlite3 connection, sqlite3_stmt handle, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        this.connection = connection;
        this.handle = handle;
        Row = new SqliteRow(handle);
        places = new int[parameters.Length];
        for (var index = 0; index < places.Length; index++)
        {
            places[index] = raw.sqlite3_bind_parameter_index(handle, parameters[index].Name);
            if (places[index] == 0)
            {
                throw new ArgumentException($"the statement has no parameter {parameters[index].Name}", nameof(parameters));
            }
        }
    }

    /// <summary>Whether it is being run.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether the session keeps it for the next call.</summary>
    public bool IsKept { get; init; }

    /// <summary>The row that the last step came to.</summary>
    public SqliteRow Row { get; }

    public void Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        for (var index = 0; index < places.Length; index++)
        {
            var place = places[index];
            var code = parameters[index].Value switch
            {
                null => raw.sqlite3_bind_null(handle, place),
                string text => raw.sqlite3_bind_text(handle, place, Encoding.UTF8.GetBytes(text)),
                long number => raw.sqlite3_bind_int64(handle, place, number),
                int number => raw.sqlite3_bind_int64(handle, place, number),
                double number => raw.sqlite3_bind_double(handle, place, number),
                long[] numbers => raw.sqlite3_bind_text(handle, place, JsonSerializer.SerializeToUtf8Bytes(numbers)),
                string[] texts => raw.sqlite3_bind_text(handle, place, JsonSerializer.SerializeToUtf8Bytes(texts)),
                byte[] bytes => raw.sqlite3_bind_blob(handle, place, bytes),
                var other => throw new ArgumentException($"{parameters[index].Name}: {other.GetType().Name} has no form in the database", nameof(parameters)),
            };
            if (code != raw.SQLITE_OK)
            {
                throw SqliteException.Of(connection, code);
            }
        }
    }

    /// <summary>Goes to the next row; <c>false</c> at the end.</summary>
    public bool Step() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var code => throw SqliteException.Of(connection, code),
    };

    /// <summary>Back to the beginning, with no hold on the database. Repeats the error of the last step, which was thrown already.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public void Dispose() => handle.Dispose();
}
