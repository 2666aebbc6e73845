using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;
using Roux.Tracking.Capture.Lineage;

namespace Roux.Tracking.Capture;

/// <summary>What identifies a data file.</summary>
/// <param name="Dataset">Name, SHA-256, path, size, and rows and columns where the format is known.</param>
/// <param name="Digest">Its hashes.</param>
internal sealed record DataFileRecord(Dataset Dataset, FileDigest Digest);

/// <summary>Finds the data files that a command names, and identifies them.</summary>
internal static class DataFileCapture
{
    /// <summary>Bytes of a file that is still hashed.</summary>
    public const long LargestFile = 8L << 30;

    private static readonly string[] TableExtensions = [".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".ndjson.gz"];

    private static readonly string[] OtherExtensions =
    [
        ".json.gz", ".feather", ".arrow", ".npy", ".npz", ".h5", ".hdf5", ".xlsx", ".xls", ".avro", ".orc", ".tfrecord", ".arff", ".libsvm", ".svmlight", ".sqlite", ".db", ".duckdb", ".mat", ".nc", ".zarr", ".data",
    ];

    private static readonly string[] OutputWords = ["out", "output", "outputs", "save", "dest", "destination", "dst", "predictions", "log", "logs", "result", "results", "write", "export", "to", "o"];

    /// <summary>Files and folders among the arguments that look like data read by the program: an existing file with a data format's ending, or a file or folder that DVC tracks, there or not; not behind an option that names an output.</summary>
    /// <returns>Full paths, each once, in the order given.</returns>
    public static IReadOnlyList<string> InputsOf(IReadOnlyList<string> command, string workingDirectory)
    {
        var inputs = new List<string>();
        for (var i = 1; i < command.Count; i++)
        {
            var argument = command[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var option = equals > 0 ? argument[..equals] : command[i - 1] is ['-', ..] and var before ? before : "";
            var value = equals > 0 ? argument[(equals + 1)..] : argument;
            if (value.Length is 0 or > 4096 || value[0] == '-' || value.Contains('\0', StringComparison.Ordinal) || IsOutput(option))
            {
                continue;
            }

            var path = Path.GetFullPath(Path.Combine(workingDirectory, value));
            if (IsData(path) && !inputs.Contains(path))
            {
                inputs.Add(path);
            }
        }

        return inputs;

        static bool IsData(string path) =>
            File.Exists(path + ".dvc") || (File.Exists(path) ? Ends(path, TableExtensions) || Ends(path, OtherExtensions) || path.EndsWith(".dvc", StringComparison.Ordinal) || DvcLineage.Find(path) is not null
                : Directory.Exists(path) && DvcLineage.Find(path) is not null);

        static bool IsOutput(string option) =>
            option.Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries).Any(w => OutputWords.Contains(w, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Reads a file once for its hashes, and asks DuckDB for rows and columns where it is a table.</summary>
    /// <param name="path">A file.</param>
    /// <param name="describe">Whether rows and columns are wanted.</param>
    /// <param name="warnings">Gets one line for each thing that could not be found out.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Null where the content cannot be identified: too large, unreadable, or written to meanwhile.</returns>
    public static DataFileRecord? Read(string path, bool describe, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            var before = new FileInfo(path);
            if (before.Length > LargestFile)
            {
                warnings.Add($"data: '{path}' is not identified: {before.Length >> 30} GiB is more than the {LargestFile >> 30} GiB that are hashed");
                return null;
            }

            var digest = DigestCache.OfUser.Of(path, cancellation);
            var (rows, schema) = describe && Ends(path, TableExtensions) ? Describe(path, warnings) : (null, null);
            var after = new FileInfo(path);
            if (after.Length != before.Length || after.LastWriteTimeUtc != before.LastWriteTimeUtc)
            {
                warnings.Add($"data: '{path}' was written to while it was read, so it is not recorded as an input");
                return null;
            }

            return new DataFileRecord(new Dataset(DataName.OfFile(path), "sha256:" + digest.Sha256, path, digest.Bytes, rows, schema), digest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warnings.Add($"data: '{path}' is not identified: {error.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    private static (long? Rows, string? Schema) Describe(string path, List<string> warnings)
    {
        try
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            // One thread: the program that is measured needs the others.
            command.CommandText = "SET threads = 1; SET memory_limit = '1GB'";
            command.ExecuteNonQuery();
            var name = path.Replace("'", "''", StringComparison.Ordinal);
            var table = path.Contains(".parquet", StringComparison.OrdinalIgnoreCase) ? $"read_parquet('{name}')"
                : path.Contains(".jsonl", StringComparison.OrdinalIgnoreCase) || path.Contains(".ndjson", StringComparison.OrdinalIgnoreCase) ? $"read_json_auto('{name}', format = 'newline_delimited')"
                : $"read_csv_auto('{name}')";
            using var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                command.CommandText = $"DESCRIBE SELECT * FROM {table}";
                using var reader = command.ExecuteReader();
                json.WriteStartArray();
                while (reader.Read())
                {
                    json.WriteStartObject();
                    json.WriteString("name", reader.GetString(0));
                    json.WriteString("type", reader.GetString(1));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            command.CommandText = $"SELECT count(*) FROM {table}";
            var rows = Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
            return (rows, System.Text.Encoding.UTF8.GetString(text.ToArray()));
        }
        catch (Exception error) when (error is DuckDBException or DllNotFoundException or TypeInitializationException or InvalidCastException)
        {
            warnings.Add($"data: rows and columns of '{path}' are not recorded: {error.Message.Split('\n')[0]}");
            return (null, null);
        }
    }

    private static bool Ends(string path, string[] extensions) => extensions.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
