using System.Diagnostics;
using System.Globalization;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Measures work in this process. Processor time and memory are those of the whole process: nothing else of weight may run meanwhile.
/// The peak of memory is the system's own mark where that rose, else the largest of samples taken every 10 ms.
/// </summary>
internal sealed class FitMeter : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly TimeSpan cpu = Environment.CpuUsage.TotalTime;
    private readonly long markBefore = HighWaterMark();
    private readonly long residentBefore = Environment.WorkingSet;
    private readonly IReadOnlyList<(double Joules, double Range)>? energy = new EnergyCounter().Read();
    private readonly Timer sampler;
    private long sampled;

    public FitMeter()
    {
        sampled = residentBefore;
        sampler = new Timer(_ => Sample(), null, Beat, Beat);
    }

    /// <summary>Processor seconds of the process so far.</summary>
    public double CpuSeconds => (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;

    /// <summary>Largest resident memory of the process so far, in bytes.</summary>
    public long PeakBytes
    {
        get
        {
            Sample();
            var mark = HighWaterMark();
            return mark > markBefore ? mark : Interlocked.Read(ref sampled);
        }
    }

    /// <summary>Does a piece of work, with garbage collected before so that memory before it is what is in use.</summary>
    public static (T Result, FitCost Cost) Measure<T>(Func<T> work, double wattsPerCore)
    {
        GC.Collect();
        using var meter = new FitMeter();
        var result = work();
        return (result, meter.Cost(wattsPerCore));
    }

    /// <inheritdoc/>
    public void Dispose() => sampler.Dispose();

    private FitCost Cost(double wattsPerCore)
    {
        var (seconds, cpuSeconds, peak) = (Stopwatch.GetElapsedTime(started).TotalSeconds, CpuSeconds, PeakBytes);
        var read = energy is null ? null : new EnergyCounter().Read();
        var used = read is not null && read.Count == energy!.Count ? new Energy(EnergyCounter.WattHours(energy, read), "rapl") : Energy.Estimate(cpuSeconds, wattsPerCore);
        return new FitCost(seconds, cpuSeconds, peak, Math.Max(0, peak - residentBefore), used, true);
    }

    private void Sample()
    {
        var resident = Environment.WorkingSet;
        var known = Interlocked.Read(ref sampled);
        while (resident > known)
        {
            var found = Interlocked.CompareExchange(ref sampled, resident, known);
            if (found == known)
            {
                break;
            }

            known = found;
        }
    }

    /// <summary>The system's mark of the largest resident memory since the process began; 0 where it keeps none.</summary>
    private static long HighWaterMark()
    {
        try
        {
            foreach (var line in File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status") : [])
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal) && long.TryParse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
                {
                    return kilobytes * 1024;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then samples are all there is.
        }

        return 0;
    }
}
