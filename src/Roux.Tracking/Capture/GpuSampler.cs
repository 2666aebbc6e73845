using System.Globalization;

namespace Roux.Tracking.Capture;

/// <summary>Samples graphics processors in the background, at once and then at an interval: <c>system/gpu_0_percent</c>, <c>…_memory_mb</c>, <c>…_memory_percent</c>, <c>…_power_watts</c>, <c>…_temperature_celsius</c>.</summary>
/// <remarks>Beside <see cref="ResourceSampler"/>, not in it: the tool may take a second to answer, and the other samples should not wait for it.</remarks>
internal sealed class GpuSampler : IDisposable
{
    private readonly NvidiaSmi _tool;
    private readonly ResourceSink _sink;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _step;
    private bool _ended;

    /// <summary>Starts sampling.</summary>
    /// <param name="tool">The tool to ask.</param>
    /// <param name="sink">Gets the measurements, from one thread at a time.</param>
    /// <param name="warn">Gets one line when the tool fails; then sampling stops.</param>
    /// <param name="interval">Between samples.</param>
    /// <param name="time">Clock and timers.</param>
    public GpuSampler(NvidiaSmi tool, ResourceSink sink, Action<string> warn, TimeSpan interval, TimeProvider time)
    {
        _tool = tool;
        _sink = sink;
        _warn = warn;
        _time = time;
        _timer = time.CreateTimer(static state => ((GpuSampler)state!).Sample(), this, TimeSpan.Zero, interval);
    }

    /// <summary>Stops; a tool that is being asked is ended.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _stop.Cancel();
        lock (_gate)
        {
            _ended = true;
        }

        _stop.Dispose();
    }

    private void Sample()
    {
        // A tool slower than the interval gets fewer questions.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_ended)
            {
                Take();
            }
        }
        catch (OperationCanceledException)
        {
            _ended = true;
        }
#pragma warning disable CA1031 // Measuring must never end the run that is measured, whatever goes wrong.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _ended = true;
            _warn($"gpu: no longer sampled, nvidia-smi failed: {error.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Take()
    {
        var usage = _tool.Usage(_stop.Token);
        var now = _time.GetUtcNow();
        foreach (var gpu in usage)
        {
            Emit(gpu.Index, "percent", gpu.Percent);
            Emit(gpu.Index, "memory_mb", gpu.MemoryMiB);
            Emit(gpu.Index, "memory_percent", gpu.TotalMiB > 0 ? 100 * gpu.MemoryMiB / gpu.TotalMiB : null);
            Emit(gpu.Index, "power_watts", gpu.Watts);
            Emit(gpu.Index, "temperature_celsius", gpu.Celsius);
        }

        _step++;

        void Emit(int index, string what, double? value)
        {
            if (value is { } number)
            {
                _sink(string.Create(CultureInfo.InvariantCulture, $"system/gpu_{index}_{what}"), number, _step, now);
            }
        }
    }
}
