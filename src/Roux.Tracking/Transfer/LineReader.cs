namespace Roux.Tracking.Transfer;

/// <summary>Lines of a stream of any length, each held in memory alone, and none longer than it may be.</summary>
internal sealed class LineReader(Stream stream, int longest)
{
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool ended;

    /// <summary>The next line without its end; <c>false</c> at the end. The bytes are valid until the next call.</summary>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = start;
        while (true)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = buffer.AsMemory(start, searched + at - start);
                start = searched + at + 1;
                return true;
            }

            if (ended)
            {
                line = buffer.AsMemory(start, end - start);
                start = end;
                return line.Length > 0;
            }

            searched = end;
            Fill(ref searched);
        }
    }

    private void Fill(ref int searched)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            searched -= start;
            end -= start;
            start = 0;
        }

        if (end > longest)
        {
            throw new InvalidDataException($"a line is longer than {longest >> 20} MiB");
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        ended = read == 0;
        end += read;
    }
}
