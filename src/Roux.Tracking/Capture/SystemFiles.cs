using System.Globalization;

namespace Roux.Tracking.Capture;

/// <summary>What the files of Linux (<c>/proc</c>, <c>/sys</c>, <c>/etc</c>) say about the machine. Every answer is null where a file is missing or says nothing.</summary>
/// <param name="root"><c>/</c>, or a folder of files that look like it.</param>
internal sealed class SystemFiles(string root = "/")
{
    /// <summary>Model name of the first processor.</summary>
    public string? CpuModel()
    {
        foreach (var line in Lines("proc/cpuinfo"))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal) || line.StartsWith("Model", StringComparison.Ordinal) || line.StartsWith("cpu model", StringComparison.Ordinal))
            {
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>Processors that <c>/proc/cpuinfo</c> lists.</summary>
    public int? LogicalCores() => Lines("proc/cpuinfo").Count(l => l.StartsWith("processor", StringComparison.Ordinal)) is > 0 and var count ? count : null;

    /// <summary>Total memory in bytes.</summary>
    public long? TotalMemory()
    {
        foreach (var line in Lines("proc/meminfo"))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
            {
                var number = line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
                return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
            }
        }

        return null;
    }

    /// <summary>Name of the distribution.</summary>
    public string? Distribution() =>
        Lines("etc/os-release").FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"', '\'', ' ');

    /// <summary>Cores that the control group allows: the tightest <c>cpu.max</c> on the way up (version 2), or the quota (version 1).</summary>
    public double? CpuLimit()
    {
        double? limit = null;
        foreach (var folder in GroupFolders(""))
        {
            if (Text($"sys/fs/cgroup{folder}/cpu.max")?.Split(' ') is [var quota, var period] && Number(quota) is { } q && Number(period) is > 0 and var p)
            {
                limit = Math.Min(limit ?? double.MaxValue, q / p);
            }
        }

        foreach (var folder in GroupFolders("cpu"))
        {
            if (Number(Text($"sys/fs/cgroup/cpu{folder}/cpu.cfs_quota_us")) is > 0 and var q && Number(Text($"sys/fs/cgroup/cpu{folder}/cpu.cfs_period_us")) is > 0 and var p)
            {
                limit = Math.Min(limit ?? double.MaxValue, q / p);
            }
        }

        return limit;
    }

    /// <summary>Bytes of memory that the control group allows, when that is less than the machine has.</summary>
    public long? MemoryLimit()
    {
        double? limit = null;
        var files = GroupFolders("").Select(f => $"sys/fs/cgroup{f}/memory.max").Concat(GroupFolders("memory").Select(f => $"sys/fs/cgroup/memory{f}/memory.limit_in_bytes"));
        foreach (var file in files)
        {
            if (Number(Text(file)) is > 0 and var bytes)
            {
                limit = Math.Min(limit ?? double.MaxValue, bytes);
            }
        }

        return limit is { } l && l < (TotalMemory() ?? long.MaxValue) ? (long)l : null;
    }

    /// <summary>Kind of container, or null outside one.</summary>
    public string? Container()
    {
        if (Directory.Exists(At("var/run/secrets/kubernetes.io")))
        {
            return "kubernetes";
        }

        if (File.Exists(At(".dockerenv")))
        {
            return "docker";
        }

        if (File.Exists(At("run/.containerenv")))
        {
            return "podman";
        }

        var groups = Text("proc/1/cgroup") ?? "";
        return groups.Contains("kubepods", StringComparison.Ordinal) ? "kubernetes"
            : groups.Contains("docker", StringComparison.Ordinal) ? "docker"
            : groups.Contains("/lxc", StringComparison.Ordinal) ? "lxc"
            : Text("proc/version")?.Contains("microsoft", StringComparison.OrdinalIgnoreCase) == true ? "wsl"
            : null;
    }

    /// <summary>Names of NVIDIA processors by the driver's own files.</summary>
    public IReadOnlyList<GpuRecord> NvidiaGpus()
    {
        var folder = At("proc/driver/nvidia/gpus");
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var gpus = new List<GpuRecord>();
        foreach (var gpu in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var model = Lines(Path.GetRelativePath(root, Path.Combine(gpu, "information"))).FirstOrDefault(l => l.StartsWith("Model:", StringComparison.Ordinal));
            if (model is not null)
            {
                gpus.Add(new GpuRecord(model["Model:".Length..].Trim(), null, null));
            }
        }

        return gpus;
    }

    private string At(string relative) => Path.Combine(root, relative);

    private string? Text(string relative)
    {
        try
        {
            return File.Exists(At(relative)) ? File.ReadAllText(At(relative)).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string[] Lines(string relative) => Text(relative)?.Split('\n') ?? [];

    // From the process's own group up to the root of the hierarchy: each level may limit.
    private IEnumerable<string> GroupFolders(string controller)
    {
        var own = "";
        foreach (var line in Lines("proc/self/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3 && (controller.Length == 0 ? parts[1].Length == 0 : parts[1].Split(',').Contains(controller)))
            {
                own = parts[2].Trim().TrimEnd('/');
            }
        }

        while (own.Length > 0)
        {
            if (!own.Contains("..", StringComparison.Ordinal))
            {
                yield return own;
            }

            own = own[..Math.Max(0, own.LastIndexOf('/'))];
        }

        yield return "";
    }

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
