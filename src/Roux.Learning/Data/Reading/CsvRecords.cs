using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Roux.Learning.Data.Reading;

/// <summary>
/// Reads the records of a CSV file (RFC 4180, and what goes by that name: any delimiter, any line ending, blank lines passed over,
/// quotes inside unquoted fields taken as they stand) from UTF-8. One record is in memory at a time.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private const byte Quote = (byte)'"';

    private readonly Stream stream;
    private readonly string source;
    private readonly byte delimiter;
    private readonly long mostBytes;
    private readonly SearchValues<byte> ends;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    private byte[] unescaped = [];
    private int start, filled;
    private bool ended;
    private int[] starts = new int[64], lengths = new int[64];
    private bool[] escaped = new bool[64];
    private int unescapedUsed;

    /// <param name="stream">UTF-8 without byte order mark. Not disposed.</param>
    /// <param name="source">The file's name, for errors.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="mostBytes">Longest record.</param>
    public CsvRecords(Stream stream, string source, byte delimiter, long mostBytes)
    {
        this.stream = stream;
        this.source = source;
        this.delimiter = delimiter;
        this.mostBytes = Math.Min(mostBytes, Array.MaxLength / 2);
        ends = SearchValues.Create([delimiter, (byte)'\r', (byte)'\n']);
    }

    /// <summary>Number of fields of the record.</summary>
    public int Count { get; private set; }

    /// <summary>Line (1-based) on which the record begins.</summary>
    public long Line { get; private set; }

    private long nextLine = 1;

    /// <summary>A field of the record, unescaped; valid until the next call of <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> this[int field] =>
        (escaped[field] ? unescaped : buffer).AsSpan(starts[field], lengths[field]);

    /// <summary>Reads the next record; <c>false</c> at the end.</summary>
    /// <exception cref="DataException">A record is too long, or a quote is never closed.</exception>
    /// <exception cref="NotUtf8Exception">The bytes are not UTF-8.</exception>
    public bool Read()
    {
        while (true)
        {
            if (start == filled && !Fill(ref start))
            {
                return false;
            }

            Line = nextLine;
            var begin = start;
            var blank = buffer[begin] is (byte)'\n' or (byte)'\r';
            ReadRecord();
            if (!blank)
            {
                return true;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void ReadRecord()
    {
        Count = 0;
        unescapedUsed = 0;
        var at = start;
        while (true)
        {
            if (Count == starts.Length)
            {
                Array.Resize(ref starts, Count * 2);
                Array.Resize(ref lengths, Count * 2);
                Array.Resize(ref escaped, Count * 2);
            }

            if (at == filled && !FillFrom(ref at))
            {
                // The file ends with a delimiter (or is empty after one): one more empty field.
                Store(at, at);
                Finish(at, at);
                return;
            }

            var end = buffer[at] == Quote ? QuotedField(ref at) : UnquotedField(ref at);
            if (end < 0)
            {
                Finish(at, at);
                return;
            }

            if (end != delimiter)
            {
                EndLine(at, (byte)end);
                return;
            }

            at++;
        }
    }

    /// <summary>Reads up to the next delimiter or line end and returns it, or -1 at the end of the file; <paramref name="at"/> is then on it.</summary>
    private int UnquotedField(ref int at)
    {
        var begin = at;
        var from = at;
        while (true)
        {
            var found = buffer.AsSpan(from, filled - from).IndexOfAny(ends);
            if (found >= 0)
            {
                at = from + found;
                Store(begin, at);
                return buffer[at];
            }

            from = filled;
            var moved = start;
            if (!FillFrom(ref from))
            {
                begin -= moved - start;
                at = from;
                Store(begin, at);
                return -1;
            }

            begin -= moved - start;
        }
    }

    private int QuotedField(ref int at)
    {
        var begin = at + 1;
        var from = begin;
        var doubled = false;
        while (true)
        {
            var found = buffer.AsSpan(from, filled - from).IndexOf(Quote);
            if (found < 0)
            {
                from = filled;
                var moved = start;
                if (!FillFrom(ref from))
                {
                    throw new DataException(string.Create(CultureInfo.InvariantCulture,
                        $"{source}: line {Line}: a quote is opened and never closed; close it, or double it where it is meant as a character"));
                }

                begin -= moved - start;
                continue;
            }

            var close = from + found;
            var next = close + 1;
            if (next == filled)
            {
                var moved = start;
                if (!FillFrom(ref next))
                {
                    begin -= moved - start;
                    at = next;
                    StoreQuoted(begin, next - 1, doubled);
                    return -1;
                }

                begin -= moved - start;
                close = next - 1;
            }

            if (buffer[next] == Quote)
            {
                doubled = true;
                from = next + 1;
                continue;
            }

            StoreQuoted(begin, close, doubled);
            if (buffer[next] == delimiter || buffer[next] is (byte)'\r' or (byte)'\n')
            {
                at = next;
                return buffer[next];
            }

            return AfterQuote(ref at, next);
        }
    }

    /// <summary>Text after a closing quote belongs to the field as it stands (as in Python's csv module).</summary>
    private int AfterQuote(ref int at, int next)
    {
        var field = Count - 1;
        var head = Current(field).ToArray();
        Count--;
        at = next;
        var end = UnquotedField(ref at);
        var tail = Current(field);
        Reserve(head.Length + tail.Length);
        head.CopyTo(unescaped.AsSpan(unescapedUsed));
        tail.CopyTo(unescaped.AsSpan(unescapedUsed + head.Length));
        (starts[field], lengths[field], escaped[field]) = (unescapedUsed, head.Length + tail.Length, true);
        unescapedUsed += head.Length + tail.Length;
        return end;
    }

    private ReadOnlySpan<byte> Current(int field) =>
        escaped[field] ? unescaped.AsSpan(starts[field], lengths[field]) : buffer.AsSpan(start + starts[field], lengths[field]);

    private void Store(int begin, int end)
    {
        // Positions are kept relative to the record's start until it is whole, for the buffer may move under it.
        (starts[Count], lengths[Count], escaped[Count]) = (begin - start, end - begin, false);
        Count++;
    }

    private void StoreQuoted(int begin, int end, bool doubled)
    {
        if (!doubled)
        {
            Store(begin, end);
            return;
        }

        Reserve(end - begin);
        var text = buffer.AsSpan(begin, end - begin);
        var used = unescapedUsed;
        while (true)
        {
            var quote = text.IndexOf(Quote);
            var copied = quote < 0 ? text.Length : quote + 1;
            text[..copied].CopyTo(unescaped.AsSpan(used));
            used += copied;
            if (quote < 0)
            {
                break;
            }

            text = text[(quote + 2)..];
        }

        (starts[Count], lengths[Count], escaped[Count]) = (unescapedUsed, used - unescapedUsed, true);
        unescapedUsed = used;
        Count++;
    }

    private void Reserve(int bytes)
    {
        if (unescaped.Length - unescapedUsed < bytes)
        {
            Array.Resize(ref unescaped, Math.Max(unescaped.Length * 2, unescapedUsed + bytes));
        }
    }

    private void EndLine(int at, byte end)
    {
        var next = at + 1;
        var record = at;
        if (end == '\r')
        {
            var moved = start;
            if (next < filled || FillFrom(ref next))
            {
                record -= moved - start;
                next = buffer[next] == '\n' ? next + 1 : next;
            }
            else
            {
                record -= moved - start;
            }
        }

        Finish(record, next);
    }

    private void Finish(int end, int next)
    {
        var record = buffer.AsSpan(start, end - start);
        if (!Utf8.IsValid(record))
        {
            throw new NotUtf8Exception();
        }

        for (var field = 0; field < Count; field++)
        {
            starts[field] += escaped[field] ? 0 : start;
        }

        nextLine++;
        if (record.IndexOf(Quote) >= 0)
        {
            nextLine += LinesWithin(record);
        }

        start = next;
    }

    private static int LinesWithin(ReadOnlySpan<byte> record)
    {
        var lines = record.Count((byte)'\n');
        if (lines == 0)
        {
            lines = record.Count((byte)'\r');
        }

        return lines;
    }

    private bool Fill(ref int at)
    {
        at = 0;
        start = filled = 0;
        return FillFrom(ref at);
    }

    /// <summary>Reads more bytes behind the filled part; the record under way moves to the front, and <paramref name="at"/> with it.</summary>
    private bool FillFrom(ref int at)
    {
        if (ended)
        {
            return false;
        }

        var kept = filled - start;
        if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, kept);
            at -= start;
            filled = kept;
            start = 0;
        }

        if (filled == buffer.Length)
        {
            if (kept >= mostBytes)
            {
                throw new DataException(string.Create(CultureInfo.InvariantCulture,
                    $"{source}: line {Line} is longer than {mostBytes >> 20:N0} MB; a table has one line a row, so this is no CSV file, or a quote is never closed"));
            }

            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Math.Max(mostBytes, buffer.Length + 1L)));
            Buffer.BlockCopy(buffer, 0, larger, 0, filled);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        var read = stream.Read(buffer, filled, buffer.Length - filled);
        ended = read == 0;
        filled += read;
        return read > 0;
    }
}
