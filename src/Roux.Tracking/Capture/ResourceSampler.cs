namespace Roux.Tracking.Capture;

/// <summary>Receives one measurement of a sample.</summary>
/// <param name="key">Such as <c>system/cpu_percent</c>.</param>
/// <param name="value">The measurement.</param>
/// <param name="step">Number of the sample, from 0.</param>
/// <param name="time">When it was taken.</param>
internal delegate void ResourceSink(string key, double value, long step, DateTimeOffset time);

/// <summary>Samples the use of resources in the background: at once, after a second, then at an interval, and once more at the end.</summary>
/// <remarks>
/// Metrics: <c>system/cpu_percent</c> (100 is one core fully used since the sample before), <c>system/memory_mb</c> (resident, MiB), <c>system/memory_percent</c> (of the memory that may be used),
/// and since the start, in MiB: <c>system/disk_read_mb</c>, <c>system/disk_write_mb</c>, <c>system/network_rx_mb</c>, <c>system/network_tx_mb</c>. The last sample adds <c>system/memory_peak_mb</c>.
/// Processor time needs two samples, so the first one has none.
/// </remarks>
internal sealed class ResourceSampler : IDisposable
{
    private const double MiB = 1 << 20;

    // A program that runs for seconds has its second sample when its libraries are loaded.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IResourceReader _reader;
    private readonly ResourceSink _sink;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;
    private readonly long _memoryAvailable;
    private readonly TimeSpan _interval;
    private readonly ITimer? _timer;
    private ResourceUsage? _first;
    private ResourceUsage? _last;
    private long _lastStamp;
    private long _step;
    private bool _ended;

    /// <summary>Starts sampling.</summary>
    /// <param name="reader">What is measured.</param>
    /// <param name="sink">Gets the measurements, from one thread at a time.</param>
    /// <param name="warn">Gets one line when measuring fails; then it stops.</param>
    /// <param name="interval">Between samples.</param>
    /// <param name="memoryAvailable">Bytes that <c>system/memory_percent</c> is a share of.</param>
    /// <param name="time">Clock and timers.</param>
    public ResourceSampler(IResourceReader reader, ResourceSink sink, Action<string> warn, TimeSpan interval, long memoryAvailable, TimeProvider time)
    {
        _reader = reader;
        _sink = sink;
        _warn = warn;
        _time = time;
        _memoryAvailable = memoryAvailable;
        _interval = interval;
        _timer = time.CreateTimer(static state => ((ResourceSampler)state!).Sample(last: false), this, TimeSpan.Zero, interval < Early ? interval : Early);
        lock (_gate)
        {
            // The first sample may have failed, and with it all sampling, before there was a timer to stop.
            if (_ended)
            {
                _timer.Dispose();
            }
        }
    }

    /// <summary>Takes the last sample and stops.</summary>
    public void Dispose()
    {
        _timer!.Dispose();
        Sample(last: true);
    }

    private void Sample(bool last)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = last;
            try
            {
                Take(last);
                if (_step == 2 && _interval > Early)
                {
                    _timer?.Change(_interval - Early, _interval);
                }
            }
#pragma warning disable CA1031 // Measuring must never end the run that is measured, whatever goes wrong.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _ended = true;
                _timer?.Dispose();
                _warn($"resources: sampling stopped: {error.Message.ReplaceLineEndings(" ")}");
            }
        }
    }

    private void Take(bool last)
    {
        var usage = _reader.Read();
        var stamp = _time.GetTimestamp();
        var now = _time.GetUtcNow();
        _first ??= usage;
        if (_last?.CpuSeconds is { } before && usage.CpuSeconds is { } after && _time.GetElapsedTime(_lastStamp, stamp).TotalSeconds is > 0.001 and var seconds)
        {
            // Time can seem to go back when a process that others were waiting for is adopted by somebody else.
            Emit("system/cpu_percent", Math.Max(0, after - before) / seconds * 100);
        }

        if (usage.MemoryBytes is { } memory)
        {
            Emit("system/memory_mb", memory / MiB);
            if (_memoryAvailable > 0)
            {
                Emit("system/memory_percent", 100.0 * memory / _memoryAvailable);
            }
        }

        Since("system/disk_read_mb", _first.DiskReadBytes, usage.DiskReadBytes);
        Since("system/disk_write_mb", _first.DiskWriteBytes, usage.DiskWriteBytes);
        Since("system/network_rx_mb", _first.NetworkReceivedBytes, usage.NetworkReceivedBytes);
        Since("system/network_tx_mb", _first.NetworkSentBytes, usage.NetworkSentBytes);
        if (last && _reader.PeakMemoryBytes() is { } peak)
        {
            Emit("system/memory_peak_mb", peak / MiB);
        }

        _last = usage;
        _lastStamp = stamp;
        _step++;

        void Since(string key, long? start, long? value)
        {
            if (value is { } v)
            {
                Emit(key, Math.Max(0, v - (start ?? 0)) / MiB);
            }
        }

        void Emit(string key, double value) => _sink(key, value, _step, now);
    }
}
