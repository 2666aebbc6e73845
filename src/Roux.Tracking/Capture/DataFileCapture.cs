using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Roux.Tracking.Capture;

/// <summary>What identifies a data file.</summary>
/// <param name="Dataset">Name, SHA-256, path, size, and rows and columns where the format is known.</param>
/// <param name="Dvc">DVC's record of it, or null.</param>
internal sealed record DataFileRecord(Dataset Dataset, DvcRecord? Dvc);

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

    /// <summary>Files among the arguments that look like data read by the program: an existing file with a data format's ending, or one that DVC tracks, not behind an option that names an output.</summary>
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
            if (File.Exists(path) && (Ends(path, TableExtensions) || Ends(path, OtherExtensions) || File.Exists(path + ".dvc")) && !inputs.Contains(path))
            {
                inputs.Add(path);
            }
        }

        return inputs;

        static bool IsOutput(string option) =>
            option.Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries).Any(w => OutputWords.Contains(w, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Reads a file once for its hashes, and asks DuckDB for rows and columns where it is a table.</summary>
    /// <param name="path">A file.</param>
    /// <param name="warnings">Gets one line for each thing that could not be found out.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Null where the content cannot be identified: too large, unreadable, or written to meanwhile.</returns>
    public static DataFileRecord? Read(string path, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            var before = new FileInfo(path);
            if (before.Length > LargestFile)
            {
                warnings.Add($"data: '{path}' is not identified: {before.Length >> 30} GiB is more than the {LargestFile >> 30} GiB that are hashed");
                return null;
            }

            var (sha256, md5) = Hash(path, cancellation);
            var (rows, schema) = Ends(path, TableExtensions) ? Describe(path, warnings) : (null, null);
            var after = new FileInfo(path);
            if (after.Length != before.Length || after.LastWriteTimeUtc != before.LastWriteTimeUtc)
            {
                warnings.Add($"data: '{path}' was written to while it was read, so it is not recorded as an input");
                return null;
            }

            var dvc = DvcLineage.Find(path);
            if (dvc is not null && !dvc.Md5.EndsWith(".dir", StringComparison.Ordinal) && !dvc.Md5.Equals(md5, StringComparison.OrdinalIgnoreCase))
            {
                warnings.Add($"data: '{path}' has changed since DVC recorded it in '{dvc.File}' ({dvc.Md5}, now {md5}); run: dvc commit");
            }

            return new DataFileRecord(new Dataset(Path.GetFileName(path), "sha256:" + sha256, path, before.Length, rows, schema), dvc);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warnings.Add($"data: '{path}' is not identified: {error.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    private static (string Sha256, string Md5) Hash(string path, CancellationToken cancellation)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            int got;
            while ((got = file.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                sha256.AppendData(buffer, 0, got);
                md5.AppendData(buffer, 0, got);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(md5.GetHashAndReset()));
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
