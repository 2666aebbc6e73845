using Roux.Learning.Data.Reading;

namespace Roux.Learning.Data;

/// <summary>
/// Reads tables from files: CSV (comma, semicolon, tab or bar), TSV, JSON, JSONL, Parquet, each also as gzip or Zstandard,
/// and DuckDB and SQLite databases. What a file is, is told by its first bytes; its name decides only where these do not.
/// </summary>
/// <remarks>
/// Types are derived from all rows, never from a sample: whole and real numbers; <c>true</c>/<c>false</c> and <c>yes</c>/<c>no</c>;
/// dates where nine tenths of the values are dates (the others become missing, with a warning); else text. Numbers that would lose
/// something stay text: with leading zeros (<c>007</c>), with thousands separators, whole numbers over 2^53. Infinite numbers become
/// missing, with a warning. Text that is not UTF-8 (or UTF-16) is read as Latin-1, with a warning. Memory stays near the size of the
/// columns: eight bytes a number, four bytes a text plus each distinct text once.
/// </remarks>
public static class TableReader
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; <c>null</c>: <see cref="ReadOptions"/> as they are by default.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="DataException">The file cannot be read or holds no table; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static LoadedTable Read(string path, ReadOptions? options = null, CancellationToken ct = default)
    {
        options ??= new ReadOptions();
        var file = SourceFile.Open(path);
        var database = file.Format is FileFormat.DuckDb or FileFormat.Sqlite;
        if (!database && (options.Sql ?? options.Table) is not null)
        {
            throw new DataException($"{path}: --sql and --table are for DuckDB and SQLite files; this is a {file.Format} file");
        }

        try
        {
            return file.Format switch
            {
                FileFormat.Csv => ReadText(file, latin1 => CsvReader.Read(file, options, latin1, ct)),
                FileFormat.Json => ReadText(file, latin1 => JsonReader.Read(file, options, latin1, ct)),
                _ => ReadTyped(file, options, ct),
            };
        }
        catch (Exception error) when (SourceFile.Explain(path, error) is { } explained)
        {
            throw explained;
        }
    }

    private static LoadedTable ReadTyped(SourceFile file, ReadOptions options, CancellationToken ct)
    {
        using var hashed = new HashingStream(SourceFile.OpenRaw(file.Path), ct);
        using var unpacked = new UnpackedFile(file, ct);
        var warnings = new List<string>();
        var table = file.Format switch
        {
            FileFormat.Parquet => DuckDbReader.ReadParquet(file, unpacked.Path, options, warnings, ct),
            FileFormat.DuckDb => DuckDbReader.ReadDatabase(file, unpacked.Path, options, warnings, ct),
            _ => SqliteReader.Read(file, unpacked.Path, options, warnings, ct),
        };

        // A query's digest is that of its rows: the rest of the database may change without changing the data.
        var digest = hashed.Finish();
        return new LoadedTable(table, options.Sql is null ? digest : TableDigest.Of(table), hashed.Bytes, warnings);
    }

    private static LoadedTable ReadText(SourceFile file, Func<bool, LoadedTable> read)
    {
        LoadedTable loaded;
        try
        {
            loaded = read(false);
        }
        catch (NotUtf8Exception)
        {
            loaded = read(true);
            return loaded with { Warnings = ["the text is not UTF-8 and was read as Latin-1 (Windows-1252); save it as UTF-8 if letters look wrong", .. loaded.Warnings] };
        }

        return file.IsUtf16 ? loaded with { Warnings = ["the text is UTF-16 and was decoded", .. loaded.Warnings] } : loaded;
    }
}
