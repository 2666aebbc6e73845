using System.Text;

namespace Roux.Tracking.Capture;

/// <summary>While alive, copies what this process writes through <see cref="Console"/> into a log; the writes themselves go on as before.</summary>
/// <remarks>Native libraries that write to the file descriptors directly are not seen: replacing descriptors of the host program would change whether it believes to be on a terminal.</remarks>
internal sealed class ConsoleTee : IDisposable
{
    private readonly TextWriter _out;
    private readonly TextWriter _error;
    private readonly TextWriter _installedOut;
    private readonly TextWriter _installedError;
    private readonly Writer _teeOut;
    private readonly Writer _teeError;

    /// <summary>Starts copying.</summary>
    public ConsoleTee(OutputLog log)
    {
        _out = Console.Out;
        _error = Console.Error;
        _teeOut = new Writer(_out, log);
        _teeError = new Writer(_error, log);
        Console.SetOut(_teeOut);
        Console.SetError(_teeError);
        // Console puts a synchronised writer around what it is given: that is what stands there now.
        _installedOut = Console.Out;
        _installedError = Console.Error;
    }

    /// <summary>Stops copying.</summary>
    public void Dispose()
    {
        _teeOut.Stop();
        _teeError.Stop();
        // Somebody else may have put a writer of their own in place since; theirs stays.
        if (ReferenceEquals(Console.Out, _installedOut))
        {
            Console.SetOut(_out);
        }

        if (ReferenceEquals(Console.Error, _installedError))
        {
            Console.SetError(_error);
        }
    }

    private sealed class Writer(TextWriter inner, OutputLog log) : TextWriter
    {
        private volatile bool _stopped;

        public override Encoding Encoding => inner.Encoding;

        public override IFormatProvider FormatProvider => inner.FormatProvider;

        public void Stop() => _stopped = true;

        public override void Write(char value)
        {
            inner.Write(value);
            Copy([value]);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            inner.Write(buffer, index, count);
            Copy(buffer.AsSpan(index, count));
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            inner.Write(buffer);
            Copy(buffer);
        }

        public override void Write(string? value)
        {
            inner.Write(value);
            Copy(value);
        }

        public override void WriteLine(string? value)
        {
            inner.WriteLine(value);
            Copy(string.Concat(value, inner.NewLine));
        }

        public override void WriteLine() => WriteLine("");

        public override void Flush() => inner.Flush();

        private void Copy(ReadOnlySpan<char> text)
        {
            if (_stopped || text.IsEmpty)
            {
                return;
            }

            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            log.Write(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
    }
}
