using System.Diagnostics;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class ResourceSamplerTests
{
    [Fact]
    public void Samples_come_at_once_at_the_interval_and_at_the_end()
    {
        var time = new ManualTime();
        var reader = new ScriptedReader();
        var points = new List<(string Key, double Value, long Step)>();
        reader.Next = new ResourceUsage(10, 100 << 20, 5 << 20, 1 << 20, 0, 0);
        var sampler = new ResourceSampler(reader, (k, v, s, _) => points.Add((k, v, s)), _ => { }, TimeSpan.FromSeconds(5), 1000L << 20, time);
        points.ShouldBe([("system/memory_mb", 100, 0), ("system/memory_percent", 10, 0), ("system/disk_read_mb", 0, 0), ("system/disk_write_mb", 0, 0), ("system/network_rx_mb", 0, 0), ("system/network_tx_mb", 0, 0)]);
        points.Clear();
        reader.Next = new ResourceUsage(17.5, 200 << 20, 8 << 20, 1 << 20, 3 << 20, 0);
        time.Advance(TimeSpan.FromSeconds(1));
        points.ShouldContain(("system/cpu_percent", 750, 1));
        points.ShouldContain(("system/disk_read_mb", 3, 1));
        points.ShouldContain(("system/network_rx_mb", 3, 1));
        points.Clear();
        time.Advance(TimeSpan.FromSeconds(3.9));
        points.ShouldBeEmpty();
        reader.Next = new ResourceUsage(19.5, 200 << 20, 8 << 20, 1 << 20, 3 << 20, 0);
        time.Advance(TimeSpan.FromSeconds(0.1));
        points.ShouldContain(("system/cpu_percent", 50, 2));
        points.Clear();
        time.Advance(TimeSpan.FromSeconds(4.9));
        points.ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(0.1));
        points.ShouldContain(("system/cpu_percent", 0, 3));
        points.Clear();
        time.Advance(TimeSpan.FromSeconds(2));
        reader.Next = new ResourceUsage(20.5, null, null, null, null, null);
        reader.Peak = 300 << 20;
        sampler.Dispose();
        points.ShouldBe([("system/cpu_percent", 50, 4), ("system/memory_peak_mb", 300, 4)]);
        sampler.Dispose();
        points.Count.ShouldBe(2);
    }

    [Fact]
    public void A_reader_that_fails_is_one_warning_and_the_end_of_sampling()
    {
        var time = new ManualTime();
        var reader = new ScriptedReader { Error = new IOException("no /proc") };
        var warnings = new List<string>();
        using (new ResourceSampler(reader, (_, _, _, _) => throw new InvalidOperationException(), warnings.Add, TimeSpan.FromSeconds(5), 0, time))
        {
            time.Advance(TimeSpan.FromSeconds(50));
        }

        warnings.ShouldHaveSingleItem().ShouldBe("resources: sampling stopped: no /proc");
    }

    [Fact]
    public void The_work_of_this_process_and_of_its_children_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var whole = new LinuxResourceReader(Environment.ProcessId, childrenOnly: false);
        var children = new LinuxResourceReader(Environment.ProcessId, childrenOnly: true);
        var (before, childrenBefore) = (whole.Read(), children.Read());
        before.MemoryBytes!.Value.ShouldBeGreaterThan(10L << 20);
        whole.PeakMemoryBytes()!.Value.ShouldBeGreaterThan(10L << 20);
        var clock = Stopwatch.StartNew();
        var sum = 0.0;
        while (clock.ElapsedMilliseconds < 300)
        {
            sum += Math.Sqrt(sum + 1);
        }

        using (var child = Process.Start(new ProcessStartInfo("sh", ["-c", "i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done; sleep 30"]))!)
        {
            // The child's time counts while it lives…
            SpinWait.SpinUntil(() => children.Read().CpuSeconds - childrenBefore.CpuSeconds > 0.05, TimeSpan.FromSeconds(20)).ShouldBeTrue();
            children.Read().MemoryBytes!.Value.ShouldBeGreaterThan(100_000);
            child.Kill(entireProcessTree: true);
            child.WaitForExit();
        }

        // … and after it has ended.
        SpinWait.SpinUntil(() => children.Read().CpuSeconds - childrenBefore.CpuSeconds > 0.05, TimeSpan.FromSeconds(5)).ShouldBeTrue();
        (whole.Read().CpuSeconds - before.CpuSeconds)!.Value.ShouldBeGreaterThan(0.1);
        GC.KeepAlive(sum);
    }

    [Fact]
    public void A_process_that_is_gone_gives_nothing_and_no_error()
    {
        var usage = new LinuxResourceReader(int.MaxValue, childrenOnly: false).Read();
        usage.CpuSeconds.ShouldBeNull();
        usage.MemoryBytes.ShouldBeNull();
        new PortableResourceReader(int.MaxValue).Read().MemoryBytes.ShouldBeNull();
        new PortableResourceReader(Environment.ProcessId).Read().CpuSeconds!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Names_with_spaces_and_parentheses_do_not_shift_the_fields()
    {
        using var proc = new TemporaryFolder();
        proc.Write("7/stat", "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 100 0 20 0 1 0 100 1000000 10 18446744073709551615\n");
        proc.Write("7/io", "rchar: 1\nwchar: 2\nread_bytes: 4096\nwrite_bytes: 8192\n");
        proc.Write("7/net/dev", "Inter-|   Receive\n face |bytes\n    lo: 999 0 0 0 0 0 0 0 999 0 0 0 0 0 0 0\n  eth0: 100 0 0 0 0 0 0 0 200 0 0 0 0 0 0 0\n");
        new LinuxResourceReader(7, childrenOnly: false, proc.Path).Read().ShouldBe(new ResourceUsage(4, 10L * Environment.SystemPageSize, 4096, 8192, 100, 200));
    }

    private sealed class ScriptedReader : IResourceReader
    {
        public ResourceUsage Next { get; set; } = new(null, null, null, null, null, null);

        public long? Peak { get; set; }

        public Exception? Error { get; set; }

        public ResourceUsage Read() => Error is null ? Next : throw Error;

        public long? PeakMemoryBytes() => Peak;
    }

    /// <summary>A clock whose only timer fires when it is told that time has passed.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly Schedule _schedule = new();
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _schedule.Fire = () => callback(state);
            _schedule.Due = _now + period;
            _schedule.Period = period;
            callback(state);
            return new Timer(_schedule);
        }

        public void Advance(TimeSpan span)
        {
            var end = _now + span;
            while (_schedule.Fire is { } fire && _schedule.Due <= end)
            {
                _now = _schedule.Due;
                _schedule.Due += _schedule.Period;
                fire();
            }

            _now = end;
        }

        private sealed class Schedule
        {
            public Action? Fire { get; set; }

            public DateTimeOffset Due { get; set; }

            public TimeSpan Period { get; set; }
        }

        private sealed class Timer(Schedule schedule) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                schedule.Due += dueTime - schedule.Period;
                schedule.Period = period;
                return true;
            }

            public void Dispose() => schedule.Fire = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
