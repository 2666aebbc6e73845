namespace Roux.Tracking.Capture;

/// <summary>The artifact that standard output and error are written to as they come, from any thread, in whole writes.</summary>
/// <remarks>Each write reaches the operating system before it returns, so a crash loses nothing that was printed. When the disk fails, writing stops and a warning says so.</remarks>
internal sealed class OutputLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<Stream> _open;
    private readonly Action<string> _warn;
    private readonly long _largest;
    private Stream? _stream;
    private long _written;
    private bool _closed;

    /// <summary>Prepares the log; the artifact is made by the first write, so a silent program leaves none.</summary>
    /// <param name="open">Makes the artifact.</param>
    /// <param name="warn">Gets one line when writing fails or the limit is reached.</param>
    /// <param name="largest">Bytes kept at most.</param>
    public OutputLog(Func<Stream> open, Action<string> warn, long largest = 256L << 20)
    {
        _open = open;
        _warn = warn;
        _largest = largest;
    }

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                _stream ??= _open();
                var room = _largest - _written;
                _stream.Write(bytes.Length <= room ? bytes : bytes[..(int)room]);
                _stream.Flush();
                _written += bytes.Length;
                if (bytes.Length > room)
                {
                    Close();
                    _warn($"output: output.log holds the first {_largest >> 20} MiB; the rest is not recorded");
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException or InvalidOperationException)
            {
                Close();
                _warn($"output: output.log ends early: {error.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>Closes the artifact.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private void Close()
    {
        _closed = true;
        try
        {
            _stream?.Dispose();
        }
        catch (IOException error)
        {
            _warn($"output: output.log could not be closed: {error.Message.ReplaceLineEndings(" ")}");
        }

        _stream = null;
    }
}
