using System.Globalization;
using System.Text;

namespace Roux.Learning.Data.Reading;

/// <summary>Reads a CSV file into columns.</summary>
internal static class CsvReader
{
    private const int DialectBytes = 1 << 16, DialectRecords = 100;

    /// <summary>Candidates for the character between fields, the likelier first.</summary>
    private static readonly byte[] Delimiters = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    /// <exception cref="NotUtf8Exception">The text is not UTF-8 and <paramref name="latin1"/> is off.</exception>
    public static LoadedTable Read(SourceFile file, ReadOptions options, bool latin1, CancellationToken cancellation)
    {
        var warnings = new List<string>();
        var delimiter = FindDelimiter(file, options, latin1);
        var missing = new MissingWords(options);
        using var hashed = new HashingStream(SourceFile.OpenRaw(file.Path), cancellation);
        ColumnBuilder[] builders;
        using (var text = file.OpenText(new Unowned(hashed), latin1))
        using (var records = new CsvRecords(text, file.Path, delimiter, options.MaxLineBytes))
        {
            builders = ReadAll(records, file, options, missing, warnings);
        }

        var digest = hashed.Finish();
        Repay(file, options, builders, delimiter, latin1, cancellation);
        var columns = new Column[builders.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            columns[i] = ColumnFinisher.Finish(builders[i], warnings);
            builders[i] = null!;
        }

        return new LoadedTable(new Table(file.Name, columns), digest, hashed.Bytes, warnings);
    }

    private static ColumnBuilder[] ReadAll(CsvRecords records, SourceFile file, ReadOptions options, MissingWords missing, List<string> warnings)
    {
        if (!records.Read())
        {
            throw new DataException($"{file.Path}: the file holds nothing but blank lines");
        }

        var builders = Builders(records, file, options, missing, warnings);
        var most = options.MaxRows ?? int.MaxValue;
        var padded = 0;
        var any = false;
        if (!options.Header && most > 0)
        {
            AddRecord(records, builders, file, ref padded);
            any = true;
        }

        while (builders[0].Count < most && records.Read())
        {
            if (IsBlank(records, builders.Length))
            {
                continue;
            }

            AddRecord(records, builders, file, ref padded);
            any = true;
        }

        if (!any && most > 0)
        {
            throw new DataException($"{file.Path}: has a header ({ColumnFinisher.Count(builders.Length, "column")}) but no rows");
        }

        if (padded > 0)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"{ColumnFinisher.Count(padded, "row")} had more empty fields at the end than the header has names; they were left out"));
        }

        return builders;
    }

    /// <summary>Whether a line of a table of so many columns holds nothing, and so is no row.</summary>
    internal static bool IsBlank(CsvRecords records, int columns) => records.Count == 1 && columns > 1 && records[0].Trim(" \t"u8).IsEmpty;

    private static void AddRecord(CsvRecords records, ColumnBuilder[] builders, SourceFile file, ref int padded)
    {
        if (records.Count != builders.Length)
        {
            CheckCount(records, builders.Length, file, ref padded);
        }

        for (var i = 0; i < builders.Length; i++)
        {
            builders[i].Add(records[i]);
        }
    }

    private static void CheckCount(CsvRecords records, int columns, SourceFile file, ref int padded)
    {
        var surplus = columns;
        while (surplus < records.Count && records[surplus].IsEmpty)
        {
            surplus++;
        }

        if (records.Count > columns && surplus == records.Count)
        {
            padded++;
            return;
        }

        throw new DataException(string.Create(CultureInfo.InvariantCulture,
            $"{file.Path}: line {records.Line} has {ColumnFinisher.Count(records.Count, "field")}, the header has {columns:N0}; quote fields that hold the delimiter, or mend the line"));
    }

    private static ColumnBuilder[] Builders(CsvRecords records, SourceFile file, ReadOptions options, MissingWords missing, List<string> warnings)
    {
        var names = new string[records.Count];
        var unnamed = new List<string>();
        var numbers = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var name = options.Header ? Encoding.UTF8.GetString(records[i]).Trim() : "";
            numbers += NumberParser.Parse(name, out _) == NumberForm.None ? 0 : 1;
            names[i] = name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"column{i + 1}");
            if (name.Length == 0 && options.Header)
            {
                unnamed.Add(names[i]);
            }
        }

        var noHeader = numbers > 0 && numbers == names.Length;
        CheckNames(file, names, noHeader);
        if (noHeader)
        {
            warnings.Add("the first line holds numbers only, yet it was taken for the header; if it is data, add a line of names above it");
        }

        if (unnamed.Count > 0)
        {
            warnings.Add($"{ColumnFinisher.Count(unnamed.Count, "column")} had no name and {(unnamed.Count == 1 ? "was" : "were")} called {string.Join(", ", unnamed.Take(5))}{(unnamed.Count > 5 ? ", …" : "")}");
        }

        return Array.ConvertAll(names, name => new ColumnBuilder(name, missing, Given(options, name)));
    }

    /// <summary>The type that the options give a column.</summary>
    internal static ColumnType? Given(ReadOptions options, string name) =>
        options.Types is not null && options.Types.TryGetValue(name, out var type) ? type : null;

    private static void CheckNames(SourceFile file, string[] names, bool noHeader)
    {
        var twice = names.Select((name, i) => (name, i)).GroupBy(pair => pair.name, StringComparer.Ordinal).Where(group => group.Count() > 1).ToArray();
        if (twice.Length > 0)
        {
            var list = string.Join(", ", twice.Take(5).Select(group => $"'{ColumnFinisher.Short(group.Key)}' (columns {string.Join(" and ", group.Take(3).Select(pair => (pair.i + 1).ToString(CultureInfo.InvariantCulture)))})"));
            throw new DataException($"{file.Path}: duplicate column names: {list}{(twice.Length > 5 ? ", …" : "")}; {(noHeader ? "the first line holds numbers only: add a header line" : "rename them in the header")}");
        }
    }

    /// <summary>Reads the first rows again for the columns that turned out to be text after they had passed for numbers.</summary>
    private static void Repay(SourceFile file, ReadOptions options, ColumnBuilder[] builders, byte delimiter, bool latin1, CancellationToken cancellation)
    {
        var owing = Enumerable.Range(0, builders.Length).Where(i => builders[i].Owed > 0).ToArray();
        if (owing.Length == 0)
        {
            return;
        }

        var rows = owing.Max(i => builders[i].Owed);
        using var raw = SourceFile.OpenRaw(file.Path);
        using var text = file.OpenText(raw, latin1);
        using var records = new CsvRecords(text, file.Path, delimiter, options.MaxLineBytes);
        if (options.Header)
        {
            records.Read();
        }

        for (var row = 0; row < rows; row++)
        {
            if ((row & 0xFFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            do
            {
                if (!records.Read())
                {
                    throw new DataException($"{file.Path}: changed while it was read; read it again");
                }
            }
            while (IsBlank(records, builders.Length));

            foreach (var i in owing)
            {
                if (row < builders[i].Owed && i < records.Count)
                {
                    builders[i].Repay(row, records[i]);
                }
            }
        }
    }

    /// <summary>
    /// The character that splits the header into the most fields among those under which the following records have as many fields
    /// as the header.
    /// </summary>
    internal static byte FindDelimiter(SourceFile file, ReadOptions options, bool latin1)
    {
        if (options.Delimiter is { } given)
        {
            return given is > '\0' and < '\x80' and not ('"' or '\r' or '\n') ? (byte)given
                : throw new DataException($"delimiter '{given}': a single ASCII character other than a quote or a line end is wanted");
        }

        if (file.Extension is ".tsv" or ".tab")
        {
            return (byte)'\t';
        }

        var head = new byte[DialectBytes];
        using (var raw = SourceFile.OpenRaw(file.Path))
        using (var text = file.OpenText(raw, latin1))
        {
            head = head[..text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }

        var best = Delimiters[0];
        (double Agreement, int Fields) score = (0, 1);
        foreach (var candidate in Delimiters)
        {
            var found = Score(head, candidate);
            if (found.Fields > 1 && found.CompareTo(score) > 0)
            {
                (best, score) = (candidate, found);
            }
        }

        return best;
    }

    private static (double Agreement, int Fields) Score(byte[] head, byte delimiter)
    {
        using var stream = new MemoryStream(head);
        using var records = new CsvRecords(stream, "", delimiter, DialectBytes * 2);
        int fields = 0, read = 0, agreeing = 0;
        try
        {
            // The last record of the head may be cut off, so the one before is counted only once a later one was read.
            var last = -1;
            while (read < DialectRecords && records.Read())
            {
                if (fields == 0)
                {
                    fields = records.Count;
                    continue;
                }

                if (last >= 0)
                {
                    read++;
                    agreeing += last == fields ? 1 : 0;
                }

                last = records.Count;
            }

            if (head.Length < DialectBytes && last >= 0)
            {
                read++;
                agreeing += last == fields ? 1 : 0;
            }
        }
        catch (Exception error) when (error is DataException or NotUtf8Exception)
        {
            // The head ends within a quoted field or within a character: what was read before it counts.
        }

        return (read == 0 ? 1 : (double)agreeing / read, fields);
    }

    /// <summary>Passes reads on and keeps the inner stream open when closed, so that its digest can be finished.</summary>
    internal sealed class Unowned(Stream inner) : Stream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
