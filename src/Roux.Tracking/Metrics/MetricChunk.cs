using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ZstdSharp;

namespace Roux.Tracking.Metrics;

/// <summary>
/// The stored form of up to <see cref="Capacity"/> points of a series. All numbers little-endian; "varint" is LEB128, "zigzag" maps
/// signed to unsigned so that small magnitudes stay small.
/// <code>
/// byte     format: 1
/// varint   number of points
/// column   steps
/// column   timestamps
/// values
/// column:  byte 0, zigzag-varint first, zigzag-varint stride      (an arithmetic sequence, such as steps usually are)
///          byte 1, zigzag-varint first, then a zigzag-varint difference for each further one
/// values:  byte 0, doubles                                        (as they are)
///          byte 1, one double                                     (all alike)
///          byte 2, zstd frame of the doubles with their bytes transposed: all first bytes, then all second bytes, …
/// </code>
/// Why this form and not another is measured in docs/decisions/002-metric-chunks.md.
/// </summary>
internal static class MetricChunk
{
    /// <summary>Most points in a chunk.</summary>
    public const int Capacity = 4096;

    private const byte Format = 1;
    private const byte Arithmetic = 0;
    private const byte Differences = 1;
    private const byte Plain = 0;
    private const byte Constant = 1;
    private const byte Transposed = 2;

    // Below so many bytes a zstd frame's header costs more than it saves.
    private const int SmallestCompressed = 128;

    [ThreadStatic]
    private static Compressor? compressor;

    [ThreadStatic]
    private static Decompressor? decompressor;

    public static byte[] Encode(MetricBlock block)
    {
        var bytes = new byte[(block.Count * 28) + 64];
        bytes[0] = Format;
        var at = 1;
        WriteVarint(bytes, ref at, (ulong)block.Count);
        WriteColumn(bytes, ref at, block.Steps);
        WriteColumn(bytes, ref at, block.Timestamps);
        WriteValues(bytes, ref at, block.Values);
        return bytes[..at];
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a later format.</exception>
    public static MetricBlock Decode(ReadOnlySpan<byte> bytes)
    {
        var count = PeekCount(bytes, out _);
        var block = new MetricBlock(new long[count], new long[count], new double[count]);
        Decode(bytes, block.Steps, block.Timestamps, block.Values);
        return block;
    }

    /// <summary>Decodes into columns that have room for all points; returns their number.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of a later format.</exception>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<long> steps, Span<long> timestamps, Span<double> values)
    {
        var count = PeekCount(bytes, out var at);
        if (count > values.Length)
        {
            throw new InvalidDataException("a metric chunk holds more points than its row says");
        }

        try
        {
            ReadColumn(bytes, ref at, steps[..count]);
            ReadColumn(bytes, ref at, timestamps[..count]);
            ReadValues(bytes[at..], values[..count]);
            return count;
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or ZstdException)
        {
            throw new InvalidDataException("a metric chunk is damaged", exception);
        }
    }

    private static int PeekCount(ReadOnlySpan<byte> bytes, out int at)
    {
        at = 1;
        if (bytes.Length < 2 || bytes[0] != Format)
        {
            throw new InvalidDataException("a metric chunk is damaged or of a later format");
        }

        var count = ReadVarint(bytes, ref at);
        return count is > 0 and <= Capacity ? (int)count : throw new InvalidDataException("a metric chunk is damaged");
    }

    private static void WriteColumn(byte[] bytes, ref int at, ReadOnlySpan<long> column)
    {
        var stride = column.Length > 1 ? unchecked(column[1] - column[0]) : 0;
        var regular = true;
        for (var index = 1; index < column.Length && regular; index++)
        {
            regular = unchecked(column[index] - column[index - 1]) == stride;
        }

        bytes[at++] = regular ? Arithmetic : Differences;
        WriteVarint(bytes, ref at, Zigzag(column[0]));
        if (regular)
        {
            WriteVarint(bytes, ref at, Zigzag(stride));
            return;
        }

        for (var index = 1; index < column.Length; index++)
        {
            WriteVarint(bytes, ref at, Zigzag(unchecked(column[index] - column[index - 1])));
        }
    }

    private static void ReadColumn(ReadOnlySpan<byte> bytes, ref int at, Span<long> column)
    {
        var kind = bytes[at++];
        var value = Unzigzag(ReadVarint(bytes, ref at));
        column[0] = value;
        if (kind == Arithmetic)
        {
            var stride = Unzigzag(ReadVarint(bytes, ref at));
            for (var index = 1; index < column.Length; index++)
            {
                column[index] = value = unchecked(value + stride);
            }

            return;
        }

        for (var index = 1; index < column.Length; index++)
        {
            column[index] = value = unchecked(value + Unzigzag(ReadVarint(bytes, ref at)));
        }
    }

    private static void WriteValues(byte[] bytes, ref int at, ReadOnlySpan<double> values)
    {
        var bits = MemoryMarshal.Cast<double, long>(values);
        if (bits.IndexOfAnyExcept(bits[0]) < 0)
        {
            bytes[at++] = Constant;
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), values[0]);
            at += sizeof(double);
            return;
        }

        var size = values.Length * sizeof(double);
        if (size >= SmallestCompressed)
        {
            var transposed = new byte[size];
            for (var index = 0; index < bits.Length; index++)
            {
                var word = (ulong)bits[index];
                for (var part = 0; part < sizeof(double); part++)
                {
                    transposed[(part * bits.Length) + index] = (byte)(word >> (part * 8));
                }
            }

            compressor ??= new Compressor(1);
            var compressed = compressor.Wrap(transposed);
            if (compressed.Length < size)
            {
                bytes[at++] = Transposed;
                compressed.CopyTo(bytes.AsSpan(at));
                at += compressed.Length;
                return;
            }
        }

        bytes[at++] = Plain;
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), value);
            at += sizeof(double);
        }
    }

    private static void ReadValues(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        var content = bytes[1..];
        switch (bytes[0])
        {
            case Constant:
                values.Fill(BinaryPrimitives.ReadDoubleLittleEndian(content));
                break;
            case Plain:
                for (var index = 0; index < values.Length; index++)
                {
                    values[index] = BinaryPrimitives.ReadDoubleLittleEndian(content[(index * sizeof(double))..]);
                }

                break;
            case Transposed:
                Transpose(content, values);
                break;
            default:
                throw new InvalidDataException("a metric chunk is of a later format");
        }
    }

    private static void Transpose(ReadOnlySpan<byte> compressed, Span<double> values)
    {
        decompressor ??= new Decompressor();
        Span<byte> transposed = new byte[values.Length * sizeof(double)];
        if (decompressor.Unwrap(compressed, transposed) != transposed.Length)
        {
            throw new InvalidDataException("a metric chunk is damaged");
        }

        var count = values.Length;
        for (var index = 0; index < count; index++)
        {
            var word = 0UL;
            for (var part = 0; part < sizeof(double); part++)
            {
                word |= (ulong)transposed[(part * count) + index] << (part * 8);
            }

            values[index] = BitConverter.UInt64BitsToDouble(word);
        }
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static void WriteVarint(byte[] bytes, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            bytes[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[at++] = (byte)value;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a metric chunk is damaged");
    }
}
