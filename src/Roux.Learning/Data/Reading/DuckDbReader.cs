using System.Globalization;
using DuckDB.NET.Data;

namespace Roux.Learning.Data.Reading;

/// <summary>Reads Parquet files and DuckDB databases through DuckDB, row by row as it streams them.</summary>
internal static class DuckDbReader
{
    /// <summary>Most memory DuckDB may take for itself; what exceeds it goes to its temporary files.</summary>
    private const string Settings =
        "SET memory_limit = '2GB'; SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET TimeZone = 'UTC'";

    public static Table ReadParquet(SourceFile file, string plainPath, ReadOptions options, List<string> warnings, CancellationToken cancellation)
    {
        using var link = new PlainPath(plainPath);
        try
        {
            using var connection = Open("Data Source=:memory:");
            return Query(connection, $"SELECT * FROM read_parquet({Literal(link.Path)})", file, options, warnings, cancellation);
        }
        catch (DuckDBException error)
        {
            throw new DataException($"{file.Path}: cannot be read as Parquet ({Reason(error)}); it is broken or cut off: write or download it again", error);
        }
    }

    public static Table ReadDatabase(SourceFile file, string plainPath, ReadOptions options, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            using var connection = Open($"Data Source={plainPath};ACCESS_MODE=READ_ONLY");
            var sql = options.Sql?.Trim().TrimEnd(';') ?? $"SELECT * FROM {Identifier(ChooseTable(file, options, Tables(connection)))}";
            return Query(connection, sql, file, options, warnings, cancellation);
        }
        catch (DuckDBException error)
        {
            throw new DataException($"{file.Path}: {(options.Sql is null ? "" : "--sql: ")}{Reason(error)}", error);
        }
    }

    /// <summary>The table to read when no query is given.</summary>
    internal static string ChooseTable(SourceFile file, ReadOptions options, IReadOnlyList<string> tables)
    {
        if (options.Table is { } named)
        {
            return tables.Contains(named) ? named : throw new DataException($"{file.Path}: {NearestName.Message("--table", named, "table", [.. tables])}");
        }

        return tables.Count switch
        {
            0 => throw new DataException($"{file.Path}: the database has no tables"),
            1 => tables[0],
            _ => throw new DataException($"{file.Path}: the database has {tables.Count} tables ({string.Join(", ", tables.Take(20))}); choose one with --table NAME, or --sql \"SELECT …\""),
        };
    }

    internal static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    internal static DuckDBConnection Open(string connectionString)
    {
        var connection = new DuckDBConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static List<string> Tables(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY table_name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static Table Query(DuckDBConnection connection, string sql, SourceFile file, ReadOptions options, List<string> warnings, CancellationToken cancellation)
    {
        var described = Describe(connection, sql);
        if (described.Count == 0)
        {
            throw new DataException($"{file.Path}: the query gives no columns");
        }

        var twice = described.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new DataException($"{file.Path}: the query gives the column name '{twice.Key}' twice; name them apart with AS");
        }

        var plan = DuckDbPlan.Of(described);
        var asText = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var columns = Fetch(connection, sql, described.Count, plan, asText, options, cancellation);
            var surprised = columns.Where(column => column.MustBeText).Select(column => column.Name).ToArray();
            if (surprised.Length == 0)
            {
                var finished = columns.Select(column => Convert(column.Finish(warnings), options, warnings)).ToArray();
                return finished[0].Length > 0 || options.MaxRows == 0 ? new Table(file.Name, finished)
                    : throw new DataException($"{file.Path}: {(options.Sql is null ? "the table has no rows" : "the query gives no rows")}");
            }

            asText.UnionWith(surprised);
        }
    }

    internal static Column Convert(Column column, ReadOptions options, List<string> warnings) =>
        CsvReader.Given(options, column.Name) is { } type ? TypeConversion.To(column, type, warnings) : column;

    private static List<(string Name, string Type)> Describe(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE {sql}";
        using var reader = command.ExecuteReader();
        var columns = new List<(string, string)>();
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    private static TypedColumn[] Fetch(DuckDBConnection connection, string sql, int width, List<DuckDbPlan> plan, HashSet<string> asText, ReadOptions options, CancellationToken cancellation)
    {
        var columns = plan.Select(column => column.Make(asText.Contains(column.Name))).ToArray();
        var names = string.Join(", ", Enumerable.Range(0, width).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")));
        var limit = options.MaxRows is { } most ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {most}") : "";
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"SELECT {string.Join(", ", plan.Select(column => column.Expression(asText.Contains(column.Name))))} FROM (\n{sql}\n) AS t({names}){limit}";
        using var reader = command.ExecuteReader();
        var row = 0;
        while (reader.Read())
        {
            if ((row++ & 0xFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            for (var i = 0; i < columns.Length; i++)
            {
                Add(reader, i, columns[i], plan[i].IsWhole);
            }
        }

        return columns;
    }

    private static void Add(DuckDBDataReader reader, int i, TypedColumn column, bool whole)
    {
        if (reader.IsDBNull(i))
        {
            column.AddMissing();
            return;
        }

        switch (column)
        {
            case TypedColumn.Numbers numbers when whole:
                numbers.Add(reader.GetInt64(i));
                break;
            case TypedColumn.Numbers numbers:
                numbers.Add(reader.GetDouble(i));
                break;
            case TypedColumn.Dates dates:
                dates.Add(reader.GetInt64(i));
                break;
            default:
                ((TypedColumn.Strings)column).Add(reader.GetString(i));
                break;
        }
    }

    /// <summary>DuckDB's message up to its excerpt of the statement.</summary>
    internal static string Reason(DuckDBException error)
    {
        var message = error.Message;
        var excerpt = message.IndexOf("\n\nLINE ", StringComparison.Ordinal);
        message = excerpt < 0 ? message : message[..excerpt];
        return string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
    }

    /// <summary>A path that DuckDB does not take for a pattern: a link stands in for one with pattern characters.</summary>
    internal sealed class PlainPath : IDisposable
    {
        private readonly string? folder;

        public PlainPath(string path)
        {
            Path = System.IO.Path.GetFullPath(path);
            if (Path.AsSpan().ContainsAny("*?[]"))
            {
                folder = Directory.CreateTempSubdirectory("roux-").FullName;
                var link = System.IO.Path.Combine(folder, "data.parquet");
                File.CreateSymbolicLink(link, Path);
                Path = link;
            }
        }

        public string Path { get; }

        public void Dispose()
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
