namespace Roux.Cli.Programs;

/// <summary>Carries what a program writes to where this process writes, byte for byte and as soon as it comes.</summary>
internal sealed class OutputPump
{
    private readonly Stream _source;
    private readonly StandardStream _target;
    private readonly Action<byte[], int> _copy;
    private long _readingSince = long.MaxValue;

    /// <summary>Starts carrying on a thread of its own.</summary>
    /// <param name="source">The program's stream.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="copy">Gets every piece as well.</param>
    public OutputPump(Stream source, StandardStream target, Action<byte[], int> copy)
    {
        _source = source;
        _target = target;
        _copy = copy;
        Done = Task.Factory.StartNew(Carry, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends with the stream.</summary>
    public Task Done { get; }

    /// <summary>How long the pump has been waiting for the program to write; zero while it is busy writing.</summary>
    public TimeSpan Idle
    {
        get
        {
            var since = Interlocked.Read(ref _readingSince);
            return since == long.MaxValue ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - since);
        }
    }

    private void Carry()
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                Interlocked.Exchange(ref _readingSince, Environment.TickCount64);
                var got = _source.Read(buffer, 0, buffer.Length);
                Interlocked.Exchange(ref _readingSince, long.MaxValue);
                if (got == 0)
                {
                    return;
                }

                _copy(buffer, got);
                if (!_target.Write(buffer.AsSpan(0, got)))
                {
                    // Nobody reads any more: the program shall find out by itself, as it would without us in between.
                    _source.Dispose();
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The program's end of the pipe broke: it has ended.
        }
    }
}
