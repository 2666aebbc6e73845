using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Roux.Learning.Data.Reading;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Learning.Data.Corrections;

/// <summary>
/// Writes a table again with other labels in some rows, all else as it was: CSV cell by cell as the file has them (joined by commas, UTF-8), Parquet in the types of
/// the file. Rows are counted as <see cref="TableReader"/> counts them.
/// </summary>
public static class CorrectedData
{
    /// <summary>Writes it.</summary>
    /// <param name="source">The data: CSV or Parquet, perhaps compressed.</param>
    /// <param name="digest">SHA-256 of the file that the decisions are about, in hexadecimal, with or without <c>sha256:</c> before it.</param>
    /// <param name="target">The column of the labels.</param>
    /// <param name="decisions">What was decided, by row from 1. Only corrections change anything.</param>
    /// <param name="output">The file to write, <c>.csv</c> or <c>.parquet</c>; it takes its name when it is whole.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>How many labels were changed.</returns>
    /// <exception cref="DataException">The data cannot be read, have changed since, lack the column or a row, or hold no such label; or the output cannot be written.</exception>
    public static int Write(string source, string digest, string target, IReadOnlyList<LabelDecision> decisions, string output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(output);
        var file = SourceFile.Open(source);
        var parquet = Path.GetExtension(output).ToUpperInvariant() switch
        {
            ".CSV" => false,
            ".PARQUET" => true,
            _ => throw new DataException($"'{output}': the data are written as .csv or .parquet; end the name with one of them"),
        };
        if (DigestOf(file) is var now && now != digest.Replace("sha256:", "", StringComparison.Ordinal))
        {
            throw new DataException($"{source}: has changed since its labels were looked at; look at it again (roux debug) and decide anew, for rows may have moved");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw new DataException($"'{output}': cannot be written (there is no such folder)");
        }

        var labels = decisions.Where(decision => decision.IsCorrection).ToDictionary(decision => decision.Row);
        var temporary = $"{output}.{Guid.NewGuid():N}.tmp";
        try
        {
            switch (file.Format)
            {
                case FileFormat.Csv when parquet:
                    RewriteCsv(file, target, labels, temporary + ".csv", cancellation);
                    Copy($"SELECT * FROM read_csv({Literal(temporary + ".csv")}, header = true, delim = ',', quote = '\"', sample_size = -1)", temporary, asParquet: true, source);
                    break;
                case FileFormat.Csv:
                    RewriteCsv(file, target, labels, temporary, cancellation);
                    break;
                case FileFormat.Parquet:
                    RewriteParquet(file, target, labels, temporary, parquet, cancellation);
                    break;
                default:
                    throw new DataException($"{source}: corrected data are written of CSV and Parquet files; take the list of corrections for others");
            }

            File.Move(temporary, output, overwrite: true);
            return labels.Count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{output}': cannot be written ({SourceFile.OneLine(error)})", error);
        }
        finally
        {
            File.Delete(temporary);
            File.Delete(temporary + ".csv");
        }
    }

    private static string DigestOf(SourceFile file)
    {
        using var raw = SourceFile.OpenRaw(file.Path);
        return Convert.ToHexStringLower(SHA256.HashData(raw));
    }

    private static void RewriteCsv(SourceFile file, string target, Dictionary<long, LabelDecision> labels, string output, CancellationToken cancellation)
    {
        try
        {
            RewriteCsv(file, target, labels, output, latin1: false, cancellation);
        }
        catch (NotUtf8Exception)
        {
            RewriteCsv(file, target, labels, output, latin1: true, cancellation);
        }
    }

    private static void RewriteCsv(SourceFile file, string target, Dictionary<long, LabelDecision> labels, string output, bool latin1, CancellationToken cancellation)
    {
        var options = new ReadOptions();
        var delimiter = CsvReader.FindDelimiter(file, options, latin1);
        using var raw = SourceFile.OpenRaw(file.Path);
        using var text = file.OpenText(raw, latin1);
        using var records = new CsvRecords(text, file.Path, delimiter, options.MaxLineBytes);
        using var writer = new StreamWriter(output, append: false, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
        if (!records.Read())
        {
            throw new DataException($"{file.Path}: the file holds nothing but blank lines");
        }

        var columns = records.Count;
        var names = Enumerable.Range(0, columns).Select(i => Encoding.UTF8.GetString(records[i]).Trim()).ToArray();
        var place = Array.IndexOf(names, target);
        if (place < 0)
        {
            throw new DataException(NearestName.Message("target", target, "column", names));
        }

        WriteRecord(writer, records, -1, "");
        var row = 0L;
        var changed = 0;
        while (records.Read())
        {
            if (CsvReader.IsBlank(records, columns))
            {
                continue;
            }

            if ((++row & 0xFFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var isWrong = labels.TryGetValue(row, out var label);
            changed += isWrong ? 1 : 0;
            WriteRecord(writer, records, isWrong ? place : -1, label?.Decided ?? "");
        }

        CheckAll(file, labels, changed, row);
    }

    private static void WriteRecord(StreamWriter writer, CsvRecords records, int place, string label)
    {
        for (var i = 0; i < records.Count; i++)
        {
            if (i > 0)
            {
                writer.Write(',');
            }

            writer.Write(CsvText.Quoted(i == place ? label : Encoding.UTF8.GetString(records[i])));
        }

        writer.WriteLine();
    }

    private static void RewriteParquet(SourceFile file, string target, Dictionary<long, LabelDecision> labels, string output, bool asParquet, CancellationToken cancellation)
    {
        using var unpacked = new UnpackedFile(file, cancellation);
        using var link = new DuckDbReader.PlainPath(unpacked.Path);
        try
        {
            using var connection = DuckDbReader.Open("Data Source=:memory:");
            Run(connection, "CREATE TABLE labels (place BIGINT, label VARCHAR)");
            using (var appender = connection.CreateAppender("labels"))
            {
                foreach (var (row, label) in labels)
                {
                    appender.CreateRow().AppendValue(row).AppendValue(label.Decided).EndRow();
                }
            }

            var column = DuckDbReader.Identifier(target);
            var read = $"read_parquet({DuckDbReader.Literal(link.Path)}, file_row_number = true)";
            var described = Types(connection, $"SELECT * FROM read_parquet({DuckDbReader.Literal(link.Path)})");
            if (!described.TryGetValue(target, out var type))
            {
                throw new DataException(NearestName.Message("target", target, "column", [.. described.Keys]));
            }

            CheckAll(file, labels, (int)Count(connection, $"SELECT count(*) FROM {read} d JOIN labels l ON l.place = d.file_row_number + 1"), Count(connection, $"SELECT count(*) FROM {read}"));
            Run(connection, $"""
                COPY (
                  SELECT d.* EXCLUDE (file_row_number) REPLACE (CASE WHEN l.label IS NULL THEN d.{column} ELSE CAST(l.label AS {type}) END AS {column})
                  FROM {read} d LEFT JOIN labels l ON l.place = d.file_row_number + 1 ORDER BY d.file_row_number
                ) TO {DuckDbReader.Literal(Path.GetFullPath(output))} ({(asParquet ? "FORMAT parquet" : "FORMAT csv, HEADER")})
                """);
        }
        catch (DuckDBException error)
        {
            throw new DataException($"{file.Path}: {DuckDbReader.Reason(error)}", error);
        }
    }

    private static void Copy(string query, string output, bool asParquet, string source)
    {
        try
        {
            using var connection = DuckDbReader.Open("Data Source=:memory:");
            Run(connection, $"COPY ({query}) TO {Literal(output)} ({(asParquet ? "FORMAT parquet" : "FORMAT csv, HEADER")})");
        }
        catch (DuckDBException error)
        {
            throw new DataException($"{source}: {DuckDbReader.Reason(error)}", error);
        }
    }

    private static string Literal(string path) => DuckDbReader.Literal(Path.GetFullPath(path));

    private static Dictionary<string, string> Types(DuckDBConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE {query}";
        using var reader = command.ExecuteReader();
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            types[reader.GetString(0)] = reader.GetString(1);
        }

        return types;
    }

    private static long Count(DuckDBConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Run(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private static void CheckAll(SourceFile file, Dictionary<long, LabelDecision> labels, int changed, long rows)
    {
        if (changed != labels.Count)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: has {rows:N0} rows, but a decision is about row {labels.Keys.Max():N0}"));
        }
    }
}
