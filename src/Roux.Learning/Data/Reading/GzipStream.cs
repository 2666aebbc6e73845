using System.Buffers.Binary;
using System.IO.Compression;

namespace Roux.Learning.Data.Reading;

/// <summary>
/// Decompresses gzip and notices when the file is cut off, which .NET's own stream passes over in silence: the last eight bytes of
/// a whole file are the CRC-32 and the size of its last member (RFC 1952, section 2.3.1).
/// </summary>
internal sealed class GzipStream(Stream raw, string path) : Stream
{
    private readonly GZipStream inner = new(raw, CompressionMode.Decompress);
    private long total;
    private bool ended;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        total += read;
        if (read == 0 && buffer.Length > 0 && !ended)
        {
            ended = true;
            CheckEnd();
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        Span<byte> trailer = stackalloc byte[8];
        using (var file = SourceFile.OpenRaw(path))
        {
            if (file.Length < 18)
            {
                throw new InvalidDataException("it is too short");
            }

            file.Position = file.Length - 8;
            file.ReadExactly(trailer);
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (size != (uint)total && !LastMemberIs(size, BinaryPrimitives.ReadUInt32LittleEndian(trailer)))
        {
            throw new InvalidDataException("it ends in the middle");
        }
    }

    /// <summary>A file of several members ends with the sum of the last one only: read again, it must fit the last bytes.</summary>
    private bool LastMemberIs(uint size, uint sum)
    {
        if (size > total)
        {
            return false;
        }

        using var again = new GZipStream(SourceFile.OpenRaw(path), CompressionMode.Decompress);
        var skip = total - size;
        var crc = uint.MaxValue;
        var buffer = new byte[1 << 16];
        int read;
        while ((read = again.Read(buffer)) > 0)
        {
            var from = (int)Math.Min(skip, read);
            skip -= from;
            foreach (var value in buffer.AsSpan(from, read - from))
            {
                crc = Crc32Table.Values[(crc ^ value) & 0xFF] ^ (crc >> 8);
            }
        }

        return ~crc == sum;
    }

    private static class Crc32Table
    {
        public static uint[] Values { get; } = [.. Enumerable.Range(0, 256).Select(Entry)];

        private static uint Entry(int index)
        {
            var value = (uint)index;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            return value;
        }
    }
}
