using System.Text;
using Roux.Tracking.Storage;
using Roux.Tracking.Transfer;
using ZstdSharp;

namespace Roux.Tracking.Backup;

/// <summary>
/// Rows of a table in a file, the same whatever database they come from: a zstd stream of rows, each with its columns in order. A value is
/// a byte for its kind and then: nothing for NULL (0); 8 bytes, little-endian, for a whole number (1) or a double (2); length (LEB128) and bytes for
/// text in UTF-8 (3) or bytes (4). Nothing follows the last row.
/// </summary>
internal static class TableFile
{
    private const int CompressionLevel = 3;
    private const int LongestValue = 1 << 30;
    private const byte Null = 0;
    private const byte Whole = 1;
    private const byte Real = 2;
    private const byte Text = 3;
    private const byte Bytes = 4;

    /// <summary>Writes a file.</summary>
    /// <param name="file">Path of a new file.</param>
    /// <param name="write">Is given what writes a value; returns the number of rows.</param>
    public static FileEntry Create(string file, Func<BinaryWriter, long> write)
    {
        using var disk = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var digest = new DigestStream(disk);
        long rows;
        using (var writer = new BinaryWriter(new BufferedStream(new CompressionStream(digest, CompressionLevel, leaveOpen: true), 1 << 16)))
        {
            rows = write(writer);
        }

        disk.Flush(flushToDisk: true);
        return new FileEntry(rows, digest.Bytes, digest.Sha256());
    }

    /// <summary>Writes the present row of a statement.</summary>
    public static void Write(BinaryWriter writer, TableShape table, StoreRow row)
    {
        for (var index = 0; index < table.Columns.Count; index++)
        {
            if (row.IsNull(index))
            {
                writer.Write(Null);
                continue;
            }

            switch (table.Columns[index].Kind)
            {
                case ColumnKind.Whole:
                    writer.Write(Whole);
                    writer.Write(row.Int64(index));
                    break;
                case ColumnKind.Real:
                    writer.Write(Real);
                    writer.Write(row.Double(index));
                    break;
                case ColumnKind.Text:
                    WriteText(writer, row.Text(index));
                    break;
                default:
                    var bytes = row.Blob(index);
                    writer.Write(Bytes);
                    writer.Write7BitEncodedInt(bytes.Length);
                    writer.Write(bytes);
                    break;
            }
        }
    }

    public static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(Text);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    public static void WriteWhole(BinaryWriter writer, long number)
    {
        writer.Write(Whole);
        writer.Write(number);
    }

    /// <summary>Reads a file whose digest was checked. The values of a row are <c>null</c>, <c>long</c>, <c>double</c>, <c>string</c> or <c>byte[]</c>, each as its column says; the array is used again for the next row.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or was written for other columns.</exception>
    public static IEnumerable<object?[]> Read(string file, TableShape table, long rows)
    {
        using var reader = new BinaryReader(new BufferedStream(new DecompressionStream(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), leaveOpen: false), 1 << 16));
        var values = new object?[table.Columns.Count];
        for (var row = 0L; row < rows; row++)
        {
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = Value(reader, table.Columns[index].Kind);
            }

            yield return values;
        }

        if (reader.Read() >= 0)
        {
            throw new InvalidDataException("it holds more rows than the manifest says");
        }
    }

    private static object? Value(BinaryReader reader, ColumnKind kind)
    {
        var tag = reader.ReadByte();
        return (tag, kind) switch
        {
            (Null, _) => null,
            (Whole, ColumnKind.Whole) => reader.ReadInt64(),
            (Real, ColumnKind.Real) => reader.ReadDouble(),
            (Text, ColumnKind.Text) => Encoding.UTF8.GetString(Content(reader)),
            (Bytes, ColumnKind.Bytes) => Content(reader),
            _ => throw new InvalidDataException("a value is not of its column's kind"),
        };
    }

    private static byte[] Content(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length is < 0 or > LongestValue)
        {
            throw new InvalidDataException("a value has no possible length");
        }

        // In pieces, so that a length that lies takes no more memory than there are bytes.
        const int piece = 1 << 20;
        if (length <= piece)
        {
            var bytes = reader.ReadBytes(length);
            return bytes.Length == length ? bytes : throw new EndOfStreamException();
        }

        using var content = new MemoryStream();
        while (content.Length < length)
        {
            var next = reader.ReadBytes((int)Math.Min(piece, length - content.Length));
            if (next.Length == 0)
            {
                throw new EndOfStreamException();
            }

            content.Write(next);
        }

        return content.ToArray();
    }
}
