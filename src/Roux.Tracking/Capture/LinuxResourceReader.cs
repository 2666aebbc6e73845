using System.Globalization;
using System.Runtime.InteropServices;

namespace Roux.Tracking.Capture;

/// <summary>Reads <c>/proc</c> for a process and all its descendants.</summary>
/// <param name="root">Process at the root of the tree.</param>
/// <param name="childrenOnly">Whether the root itself, which runs the measured programs, is left out of processor time and memory.</param>
/// <param name="proc">The folder of process files.</param>
internal sealed class LinuxResourceReader(int root, bool childrenOnly, string proc = "/proc") : IResourceReader
{
    // The kernel gives times to user space in hundredths of a second on every architecture .NET runs on (USER_HZ).
    private const double TicksPerSecond = 100;

    private readonly byte[] _buffer = new byte[16 << 10];
    private long _peak;

    /// <inheritdoc/>
    public ResourceUsage Read()
    {
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count && tree.Count < 100_000; i++)
        {
            AddChildren(tree[i], tree);
        }

        long ticks = 0, memory = 0, read = 0, written = 0;
        bool anyTicks = false, anyMemory = false, anyDisk = false;
        foreach (var process in tree)
        {
            if (Stat(process) is { } stat)
            {
                var own = !childrenOnly || process != root;
                ticks += stat.ReapedTicks + (own ? stat.OwnTicks : 0);
                anyTicks = true;
                if (own && stat.ResidentBytes > 0)
                {
                    memory += stat.ResidentBytes;
                    anyMemory = true;
                    _peak = Math.Max(_peak, HighWater(process) ?? 0);
                }
            }

            if (Disk(process) is { } disk)
            {
                read += disk.Read;
                written += disk.Written;
                anyDisk = true;
            }
        }

        var network = Network();
        return new ResourceUsage(anyTicks ? ticks / TicksPerSecond : null, anyMemory ? memory : null, anyDisk ? read : null, anyDisk ? written : null, network?.Received, network?.Sent);
    }

    /// <inheritdoc/>
    public long? PeakMemoryBytes()
    {
        var own = HighWater(root) ?? 0;
        if (!childrenOnly)
        {
            return Math.Max(_peak, own) is > 0 and var peak ? peak : null;
        }

        // A child begins as a copy of its parent, so the system's figure for those that ended says something only above the parent's own.
        var reaped = ReapedPeak() ?? 0;
        return Math.Max(_peak, reaped > own ? reaped : 0) is > 0 and var highest ? highest : null;
    }

    private readonly record struct ProcessStat(long OwnTicks, long ReapedTicks, long ResidentBytes);

    private void AddChildren(int process, List<int> tree)
    {
        try
        {
            var tasks = Path.Combine(proc, process.ToString(CultureInfo.InvariantCulture), "task");
            if (!Directory.Exists(tasks))
            {
                return;
            }

            foreach (var task in Directory.EnumerateDirectories(tasks))
            {
                var text = Text(Path.Combine(task, "children"));
                if (text is null)
                {
                    AddChildrenBySearch(process, tree);
                    return;
                }

                foreach (var child in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (int.TryParse(child, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !tree.Contains(id))
                    {
                        tree.Add(id);
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was looked at.
        }
    }

    // Kernels built without the list of children: every process names its parent.
    private void AddChildrenBySearch(int parent, List<int> tree)
    {
        foreach (var folder in Directory.EnumerateDirectories(proc))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Fields(id) is { Length: > 1 } fields && fields[1] == parent.ToString(CultureInfo.InvariantCulture) && !tree.Contains(id))
            {
                tree.Add(id);
            }
        }
    }

    // proc(5): fields are counted from the one after the name, which is in parentheses and may hold anything.
    private ProcessStat? Stat(int process)
    {
        if (Fields(process) is not { Length: > 21 } fields)
        {
            return null;
        }

        return new ProcessStat(Number(fields[11]) + Number(fields[12]), Number(fields[13]) + Number(fields[14]), Number(fields[21]) * Environment.SystemPageSize);

        static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    private string[]? Fields(int process)
    {
        var text = Text($"{process}/stat");
        var end = text?.LastIndexOf(')') ?? -1;
        return end < 0 ? null : text![(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private long? HighWater(int process)
    {
        foreach (var line in (Text($"{process}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal)
                && long.TryParse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes))
            {
                return kilobytes * 1024;
            }
        }

        return null;
    }

    private (long Read, long Written)? Disk(int process)
    {
        long? read = null, written = null;
        foreach (var line in (Text($"{process}/io") ?? "").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && long.TryParse(line.AsSpan(colon + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                read = line.StartsWith("read_bytes", StringComparison.Ordinal) ? value : read;
                written = line.StartsWith("write_bytes", StringComparison.Ordinal) ? value : written;
            }
        }

        return read is { } r && written is { } w ? (r, w) : null;
    }

    private (long Received, long Sent)? Network()
    {
        if (Text($"{root}/net/dev") is not { } text)
        {
            return null;
        }

        long received = 0, sent = 0;
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() == "lo")
            {
                continue;
            }

            var cells = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length >= 9 && long.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var r) && long.TryParse(cells[8], NumberStyles.None, CultureInfo.InvariantCulture, out var s))
            {
                received += r;
                sent += s;
            }
        }

        return (received, sent);
    }

    private string? Text(string relative)
    {
        try
        {
            using var file = File.OpenHandle(Path.Combine(proc, relative));
            var length = 0;
            int got;
            while (length < _buffer.Length && (got = RandomAccess.Read(file, _buffer.AsSpan(length), length)) > 0)
            {
                length += got;
            }

            return System.Text.Encoding.UTF8.GetString(_buffer, 0, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // struct rusage of 64-bit Linux: two timevals, then ru_maxrss in kilobytes, then thirteen more longs.
    private static unsafe long? ReapedPeak()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return null;
        }

        var usage = stackalloc long[32];
        return GetResourceUsage(-1, usage) == 0 && usage[4] > 0 ? usage[4] * 1024 : null;
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern unsafe int GetResourceUsage(int who, long* usage);
}
