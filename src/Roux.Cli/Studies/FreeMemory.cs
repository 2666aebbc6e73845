using System.Globalization;

namespace Roux.Cli.Studies;

/// <summary>Memory that programs can still have.</summary>
internal static class FreeMemory
{
    /// <summary>Bytes: what the kernel says is available, and no more than the limit of this process's container.</summary>
    public static long Bytes()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Math.Min(limit, number * 1024) : limit;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return limit;
        }
    }
}
