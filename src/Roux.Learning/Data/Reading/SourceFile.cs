using System.Text;
using ZstdSharp;

namespace Roux.Learning.Data.Reading;

/// <summary>What a file holds, found from its first bytes, and from its name where these do not tell.</summary>
internal enum FileFormat
{
    Csv,
    Json,
    Parquet,
    DuckDb,
    Sqlite,
}

/// <summary>How a file is compressed.</summary>
internal enum Compression
{
    None,
    Gzip,
    Zstandard,
}

/// <summary>A file that exists and can be opened: its format, its compression and its text encoding.</summary>
internal sealed class SourceFile
{
    private const int HeadBytes = 1 << 16;

    private readonly Encoding? unicode;

    private SourceFile(string path, byte[] head, Compression compression)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        Compression = compression;
        var inner = compression == Compression.None ? Name : System.IO.Path.GetFileNameWithoutExtension(Name);
        Extension = System.IO.Path.GetExtension(inner).ToLowerInvariant();
        (unicode, BomBytes) = head switch
        {
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            [0xEF, 0xBB, 0xBF, ..] => ((Encoding?)null, 3),
            _ => (GuessUnicode(head), 0),
        };
        Format = FindFormat(head);
    }

    public string Path { get; }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>The extension in lower case, without that of the compression.</summary>
    public string Extension { get; }

    public Compression Compression { get; }

    public FileFormat Format { get; }

    /// <summary>Whether it is UTF-16.</summary>
    public bool IsUtf16 => unicode is not null;

    private int BomBytes { get; }

    /// <summary>Looks at a file.</summary>
    /// <exception cref="DataException">It does not exist, cannot be opened, is empty, or holds no table.</exception>
    public static SourceFile Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new DataException("no file is named; name a CSV, TSV, JSON, JSONL or Parquet file, or a database");
        }

        if (Directory.Exists(path))
        {
            var files = Tables(path).Take(5).ToArray();
            throw new DataException($"{path}: is a folder; name a file in it{(files.Length == 0 ? "" : $", such as {string.Join(", ", files)}")}");
        }

        if (!File.Exists(path))
        {
            throw new DataException(MissingFile(path));
        }

        try
        {
            using var raw = OpenRaw(path);
            if (raw.Length == 0)
            {
                throw new DataException($"{path}: the file is empty (0 bytes)");
            }

            var head = ReadHead(raw);
            var compression = head switch
            {
                [0x1F, 0x8B, ..] => Compression.Gzip,
                [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression.Zstandard,
                _ => Compression.None,
            };
            if (compression != Compression.None)
            {
                raw.Position = 0;
                using var plain = Decompress(raw, path, compression);
                head = ReadHead(plain);
                if (head.Length == 0)
                {
                    throw new DataException($"{path}: the compressed file is empty inside");
                }
            }

            return new SourceFile(path, head, compression);
        }
        catch (Exception error) when (Explain(path, error) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The bytes as they lie on disk.</summary>
    public static FileStream OpenRaw(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });

    /// <summary>The contents, decompressed, from the raw bytes of <paramref name="raw"/>.</summary>
    public Stream OpenPlain(Stream raw) => Decompress(raw, Path, Compression);

    /// <summary>The text as UTF-8 without byte order mark.</summary>
    /// <param name="raw">The bytes as they lie on disk.</param>
    /// <param name="latin1">Whether to take it for Latin-1.</param>
    public Stream OpenText(Stream raw, bool latin1)
    {
        var plain = OpenPlain(raw);
        for (var skipped = 0; skipped < BomBytes; skipped++)
        {
            plain.ReadByte();
        }

        return unicode is not null ? Encoding.CreateTranscodingStream(plain, unicode, new UTF8Encoding(false))
            : latin1 ? new Latin1Stream(plain) : plain;
    }

    /// <summary>One line for an error of the file system or of decompression; <c>null</c> for other errors.</summary>
    public static DataException? Explain(string path, Exception error) => error switch
    {
        DataException => null,
        UnauthorizedAccessException => new DataException($"{path}: no permission to read it; change its permissions or copy it", error),
        InvalidDataException or ZstdException or EndOfStreamException => new DataException($"{path}: the compressed file is broken or cut off ({OneLine(error)}); download or compress it again", error),
        FileNotFoundException or DirectoryNotFoundException => new DataException(MissingFile(path), error),
        IOException => new DataException($"{path}: cannot be read ({OneLine(error)})", error),
        _ => null,
    };

    /// <summary>The first line of an error's message.</summary>
    public static string OneLine(Exception error)
    {
        var message = error.Message.AsSpan().Trim();
        var end = message.IndexOfAny('\r', '\n');
        return (end < 0 ? message : message[..end]).TrimEnd(" .:").ToString();
    }

    private static Stream Decompress(Stream raw, string path, Compression compression) => compression switch
    {
        Compression.Gzip => new GzipStream(raw, path),
        Compression.Zstandard => new DecompressionStream(raw),
        _ => raw,
    };

    private static byte[] ReadHead(Stream stream)
    {
        var head = new byte[HeadBytes];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..read];
    }

    private FileFormat FindFormat(byte[] head)
    {
        if (head.AsSpan().StartsWith("PAR1"u8))
        {
            return FileFormat.Parquet;
        }

        if (head.AsSpan().StartsWith("SQLite format 3\0"u8))
        {
            return FileFormat.Sqlite;
        }

        if (head.Length > 12 && head.AsSpan(8, 4).SequenceEqual("DUCK"u8))
        {
            return FileFormat.DuckDb;
        }

        RefuseOtherKinds(head);
        if (Extension is ".parquet" or ".pq")
        {
            throw new DataException($"{Path}: is named Parquet but does not begin like a Parquet file; it is broken or of another kind");
        }

        if (Extension is ".duckdb" or ".sqlite" or ".sqlite3" or ".db")
        {
            throw new DataException($"{Path}: is named like a database but is neither a DuckDB nor an SQLite file; it is broken or of another kind");
        }

        if (Extension is ".json" or ".jsonl" or ".ndjson")
        {
            return FileFormat.Json;
        }

        var text = head.AsSpan().TrimStart("\uFEFF \t\r\n"u8);
        return Extension is not (".csv" or ".tsv" or ".tab") && (text.StartsWith("{\""u8) || text.StartsWith("[{"u8))
            ? FileFormat.Json : FileFormat.Csv;
    }

    private void RefuseOtherKinds(byte[] head)
    {
        var bytes = head.AsSpan();
        var kind = bytes.StartsWith("PK\u0003\u0004"u8) ? (Extension is ".xlsx" or ".xlsm" or ".ods" ? "an Excel workbook; save the sheet as CSV" : "a zip archive; unpack it and name the file inside")
            : bytes.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 }) ? "an old Excel or Office file; save the sheet as CSV"
            : bytes.StartsWith("%PDF"u8) ? "a PDF document; export its table as CSV"
            : bytes.StartsWith("ARROW1"u8) ? "an Arrow (Feather) file; save it as Parquet"
            : bytes.StartsWith(new byte[] { 0x89, (byte)'H', (byte)'D', (byte)'F' }) ? "an HDF5 file; save it as CSV or Parquet"
            : bytes.StartsWith("BZh"u8) ? "compressed with bzip2; unpack it, or use gzip"
            : bytes.StartsWith(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z' }) ? "compressed with xz; unpack it, or use gzip"
            : LooksLikeWebPage(bytes) ? "a web page, not data (perhaps an error page that was saved as data); download it again"
            : null;
        if (kind is not null)
        {
            throw new DataException($"{Path}: is {kind}");
        }

        if (unicode is null && IsBinary(bytes))
        {
            throw new DataException($"{Path}: looks like a binary file, not like text; CSV, TSV, JSON, JSONL, Parquet (each may be gzip or zstd), DuckDB and SQLite files can be read");
        }
    }

    private static bool LooksLikeWebPage(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 256)]).TrimStart().ToUpperInvariant();
        return text.StartsWith("<!DOCTYPE", StringComparison.Ordinal) || text.StartsWith("<HTML", StringComparison.Ordinal);
    }

    /// <summary>Text has no NUL, and hardly any control characters but tabs and line ends.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> bytes)
    {
        var controls = 0;
        foreach (var value in bytes)
        {
            if (value == 0)
            {
                return true;
            }

            controls += value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1B) || value == 0x7F ? 1 : 0;
        }

        return controls * 50 > bytes.Length;
    }

    /// <summary>UTF-16 without a byte order mark: nearly every second byte of Western text is zero.</summary>
    private static Encoding? GuessUnicode(byte[] head)
    {
        if (head.Length < 8)
        {
            return null;
        }

        int even = 0, odd = 0;
        for (var i = 0; i + 1 < head.Length; i += 2)
        {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
        }

        var pairs = head.Length / 2;
        return odd * 10 > pairs * 7 && even == 0 ? Encoding.Unicode
            : even * 10 > pairs * 7 && odd == 0 ? Encoding.BigEndianUnicode : null;
    }

    private static string MissingFile(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path);
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        if (!Directory.Exists(folder))
        {
            return $"{path}: no such file (there is no folder {folder})";
        }

        string[] names;
        try
        {
            names = [.. Directory.EnumerateFiles(folder).Take(10_000).Select(file => System.IO.Path.GetFileName(file)!)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            names = [];
        }

        var close = NearestName.Suggest(System.IO.Path.GetFileName(path), names);
        var known = Tables(folder).Take(5).ToArray();
        return close.Count > 0 ? $"{path}: no such file; did you mean {string.Join(" or ", close.Select(name => $"'{name}'"))}?"
            : known.Length > 0 ? $"{path}: no such file; the folder holds {string.Join(", ", known)}"
            : $"{path}: no such file";
    }

    private static IEnumerable<string> Tables(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Take(10_000).Select(file => System.IO.Path.GetFileName(file)!)
                .Where(name => name.Split('.').Any(part => part.ToUpperInvariant() is "CSV" or "TSV" or "JSON" or "JSONL" or "NDJSON" or "PARQUET" or "DUCKDB" or "SQLITE" or "DB"))
                .Order(StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
