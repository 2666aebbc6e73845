using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Query;

/// <summary>
/// Runs queries in a DuckDB of their own in memory: the views they name are copied there from the store, then everything outside it is
/// shut off. A query can thus neither change the store nor read files.
/// </summary>
internal static class QueryEngine
{
    public static QueryResult Run(StoreSession session, Store store, string sql, CancellationToken cancellation)
    {
        var names = SqlGuard.Check(sql);
        try
        {
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            foreach (var view in QueryViews.All)
            {
                Execute(connection, $"CREATE TABLE {view.Name} ({view.Columns})");
                if (names.Contains(view.Name))
                {
                    using var appender = connection.CreateAppender(view.Name);
                    view.Fill(session, appender, cancellation);
                }
            }

            Execute(connection, "SET temp_directory = ''; SET enable_external_access = false; SET lock_configuration = true");
            return Read(connection, sql, cancellation);
        }
        catch (DuckDBException exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("the query was cancelled", exception, cancellation);
        }
        catch (DuckDBException exception)
        {
            throw new TrackingException($"{exception.Message.Trim()} (views: {string.Join(", ", QueryViews.All.Select(view => view.Name))})", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new TrackingException($"{store.Place}: {exception.Message}; restore it from a backup", exception);
        }
    }

    private static QueryResult Read(DuckDBConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var registration = cancellation.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(index => new QueryColumn(reader.GetName(index), TypeOf(reader, index))).ToArray();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new object?[columns.Length];
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = reader.IsDBNull(column) ? null : Plain(reader.GetValue(column));
            }

            rows.Add(row);
        }

        return new QueryResult(columns, rows);
    }

    private static string TypeOf(DuckDBDataReader reader, int column) => reader.GetDataTypeName(column).ToUpperInvariant();

    /// <summary>One type for whole numbers, one for others, so that callers need not know DuckDB's dozen.</summary>
    private static object Plain(object value) => value switch
    {
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number when number <= long.MaxValue => (long)number,
        BigInteger number when number >= long.MinValue && number <= long.MaxValue => (long)number,
        float number => (double)number,
        _ => value,
    };

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
