using DuckDB.NET.Data;
using Roux.Learning.Data.Reading;

namespace Roux.Learning.Data;

/// <summary>
/// Looks at some rows of a Parquet, CSV, TSV or JSON-lines file that somebody else wrote. DuckDB may read this one file and nothing else: no other file, no network, no extension, no
/// temporary file; with 512 MB of memory, two threads, and ten seconds.
/// </summary>
public static class TablePeek
{
    /// <summary>Columns shown at most.</summary>
    public const int MostColumns = 100;

    private const int MostRows = 1000;
    private const int LongestCell = 500;
    private const long LargestCounted = 64L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Endings = [".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".ndjson.gz"];

    /// <summary>Whether a file is a table by its name.</summary>
    public static bool IsTable(string name) => EndingOf(name) is not null;

    /// <summary>Reads some rows.</summary>
    /// <param name="path">The file on this machine.</param>
    /// <param name="name">The name that tells its kind.</param>
    /// <param name="offset">Rows passed over.</param>
    /// <param name="count">Rows wanted, 1 to 1000.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="DataException">It is no such table, is broken, or took too long; the message says which.</exception>
    public static TablePage Read(string path, string name, long offset, int count, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostRows);
        var ending = EndingOf(name) ?? throw new DataException($"{name}: no table by its name; known endings: {string.Join(", ", Endings)}");

        // A link of a plain name: no name of a file becomes a pattern, or says another kind than its ending here.
        var folder = Directory.CreateTempSubdirectory("roux-peek-");
        try
        {
            var link = Path.Combine(folder.FullName, "data" + ending);
            File.CreateSymbolicLink(link, Path.GetFullPath(path));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            return Read(link, ending, new FileInfo(path).Length, offset, count, limit.Token);
        }
        catch (DuckDBException e) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException("the reading was stopped", e, ct);
        }
        catch (Exception e) when (e is DuckDBException or InvalidOperationException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new DataException(e is OperationCanceledException || e.Message.Contains("INTERRUPT", StringComparison.OrdinalIgnoreCase)
                ? $"{name}: reading these rows took longer than {Patience.TotalSeconds:0} seconds"
                : $"{name}: cannot be read as {ending[1..]}: {Reason(e, folder.FullName)}", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TablePage Read(string link, string ending, long bytes, long offset, int count, CancellationToken ct)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        using var stop = ct.Register(command.Cancel);
        var literal = $"'{link.Replace("'", "''", StringComparison.Ordinal)}'";
        command.CommandText =
            "SET memory_limit = '512MB'; SET threads = 2; SET temp_directory = ''; SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET TimeZone = 'UTC'; " +
            $"SET allowed_paths = [{literal}]; SET enable_external_access = false; SET lock_configuration = true";
        command.ExecuteNonQuery();
        var source = ending switch
        {
            ".parquet" => $"read_parquet({literal})",
            ".jsonl" or ".ndjson" or ".jsonl.gz" or ".ndjson.gz" => $"read_json({literal}, format = 'newline_delimited', ignore_errors = true, maximum_object_size = 4194304)",
            _ => $"read_csv({literal}, all_varchar = true, ignore_errors = true, null_padding = true, strict_mode = false{(ending.StartsWith(".tsv", StringComparison.Ordinal) ? ", delim = '\t'" : "")})",
        };
        var columns = new List<(string Name, string Type)>();
        command.CommandText = $"DESCRIBE SELECT * FROM {source}";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                columns.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        var shown = columns.Take(MostColumns).ToList();
        command.CommandText = $"SELECT {string.Join(", ", shown.Select(column => $"left(CAST({DuckDbReader.Identifier(column.Name)} AS VARCHAR), {LongestCell})"))} FROM {source} LIMIT {count + 1} OFFSET {offset}";
        var rows = new List<string?[]>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                ct.ThrowIfCancellationRequested();
                rows.Add([.. Enumerable.Range(0, shown.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
            }
        }

        long? all = rows.Count <= count && (rows.Count > 0 || offset == 0) ? offset + rows.Count : null;
        if (all is null && (ending == ".parquet" || bytes <= LargestCounted))
        {
            command.CommandText = $"SELECT count(*) FROM {source}";
            all = Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }

        return new TablePage(shown, [.. rows.Take(count)], all, rows.Count > count, columns.Count - shown.Count);
    }

    private static string? EndingOf(string name) => Endings.Where(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).MaxBy(ending => ending.Length);

    /// <summary>The first sentence of what DuckDB says, without the folder that only exists here.</summary>
    private static string Reason(Exception error, string folder) =>
        error.Message.Split('\n')[0].Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) is var line && line.Length > 300 ? line[..300] : line;
}
