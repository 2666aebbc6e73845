using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Learning.Data;

/// <summary>Identifies the contents of a table, however it was stored: for the lineage of subsets and of query results.</summary>
public static class TableDigest
{
    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of names, types and values in row and column order. The table's name, unused levels
    /// and the numbering of levels have no part in it.
    /// </summary>
    public static string Of(Table table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new Writer(hash);
        writer.Number(table.RowCount);
        writer.Number(table.Columns.Count);
        foreach (var column in table.Columns)
        {
            writer.Text(column.Name);
            writer.Number((long)column.Type);
            switch (column)
            {
                case NumberColumn numbers:
                    writer.Values(numbers.Values);
                    break;
                case DateColumn dates:
                    writer.Bytes(MemoryMarshal.AsBytes<long>(dates.Ticks));
                    break;
                case TextColumn texts:
                    writer.Texts(texts);
                    break;
                default:
                    throw new ArgumentException($"column '{column.Name}' is of an unknown kind", nameof(table));
            }
        }

        writer.Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Writer(IncrementalHash hash)
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private int used;

        public void Number(long value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            Bytes(bytes);
        }

        public void Values(double[] values)
        {
            foreach (var value in values)
            {
                // Every NaN is the same missing value; the bits may differ by how it was made.
                Number(double.IsNaN(value) ? 0x7FF8000000000000 : BitConverter.DoubleToInt64Bits(value));
            }
        }

        public void Texts(TextColumn column)
        {
            var encoded = new byte[column.Levels.Length][];
            foreach (var code in column.Codes)
            {
                if (code < 0)
                {
                    Number(-1);
                    continue;
                }

                var bytes = encoded[code] ??= Encoding.UTF8.GetBytes(column.Levels[code]);
                Number(bytes.Length);
                Bytes(bytes);
            }
        }

        public void Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Number(bytes.Length);
            Bytes(bytes);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > buffer.Length - used)
            {
                Flush();
                if (bytes.Length > buffer.Length)
                {
                    hash.AppendData(bytes);
                    return;
                }
            }

            bytes.CopyTo(buffer.AsSpan(used));
            used += bytes.Length;
        }

        public void Flush()
        {
            hash.AppendData(buffer, 0, used);
            used = 0;
        }
    }
}
