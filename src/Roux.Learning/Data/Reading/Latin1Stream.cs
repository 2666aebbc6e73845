namespace Roux.Learning.Data.Reading;

/// <summary>
/// Reads single-byte Western text as UTF-8. The bytes 80 to 9F are taken as Windows-1252 has them, since files that are called
/// Latin-1 nearly always mean its quotes, dashes and euro sign there (as the WHATWG encoding standard does).
/// </summary>
internal sealed class Latin1Stream(Stream inner) : Stream
{
    private const string HighControls =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private readonly byte[] raw = new byte[1 << 14];
    private readonly byte[] coded = new byte[3 << 14];
    private int at, end;

    public override int Read(Span<byte> buffer)
    {
        if (at == end)
        {
            var read = inner.Read(raw, 0, raw.Length);
            at = end = 0;
            foreach (var value in raw.AsSpan(0, read))
            {
                Append(value);
            }

            if (read == 0)
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, end - at);
        coded.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
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

    private void Append(byte value)
    {
        if (value < 0x80)
        {
            coded[end++] = value;
            return;
        }

        var character = value < 0xA0 ? HighControls[value - 0x80] : (char)value;
        if (character < 0x800)
        {
            coded[end++] = (byte)(0xC0 | (character >> 6));
        }
        else
        {
            coded[end++] = (byte)(0xE0 | (character >> 12));
            coded[end++] = (byte)(0x80 | ((character >> 6) & 0x3F));
        }

        coded[end++] = (byte)(0x80 | (character & 0x3F));
    }
}
