using System.Text.Json;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

public class EnvironmentCaptureTests
{
    [Fact]
    public void This_process_is_described_with_its_packages()
    {
        var warnings = new List<string>();
        var record = EnvironmentCapture.Capture(AppContext.BaseDirectory, EnvironmentCapture.OwnDepsFile(), warnings);
        warnings.ShouldBeEmpty();
        record.Dotnet.Runtime.ShouldStartWith(".NET 10");
        record.Cpu.LogicalCores.ShouldBeGreaterThanOrEqualTo(record.Cpu.AvailableCores);
        record.Memory.TotalBytes.ShouldBeGreaterThan(100L << 20);
        record.Packages.ShouldContain(p => p.Name == "Shouldly" && p.Version == "4.3.0");
        record.Packages.Select(p => p.Name).ShouldBeInOrder(SortDirection.Ascending, StringComparer.OrdinalIgnoreCase);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(record, CaptureJson.Default.EnvironmentRecord));
        json.RootElement.GetProperty("dotnet").GetProperty("runtime").GetString().ShouldBe(record.Dotnet.Runtime);
        json.RootElement.TryGetProperty("python", out _).ShouldBeFalse();
    }

    [Fact]
    public void Limits_of_control_groups_are_the_tightest_on_the_way_up()
    {
        using var root = new TemporaryFolder();
        root.Write("proc/self/cgroup", "0::/a/b\n");
        root.Write("sys/fs/cgroup/a/cpu.max", "150000 100000\n");
        root.Write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
        root.Write("sys/fs/cgroup/a/memory.max", "1073741824\n");
        root.Write("sys/fs/cgroup/a/b/memory.max", "2147483648\n");
        root.Write("proc/meminfo", "MemTotal:       8388608 kB\nMemFree: 1 kB\n");
        root.Write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Fast CPU @ 3 GHz\nprocessor\t: 1\nmodel name\t: Fast CPU @ 3 GHz\n");
        root.Write("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        root.Write(".dockerenv", "");
        var files = new SystemFiles(root.Path);
        files.CpuLimit().ShouldBe(1.5);
        files.MemoryLimit().ShouldBe(1L << 30);
        files.TotalMemory().ShouldBe(8L << 30);
        files.CpuModel().ShouldBe("Fast CPU @ 3 GHz");
        files.LogicalCores().ShouldBe(2);
        files.Distribution().ShouldBe("Debian GNU/Linux 12 (bookworm)");
        files.Container().ShouldBe("docker");
    }

    [Fact]
    public void Limits_of_the_older_control_groups_are_read()
    {
        using var root = new TemporaryFolder();
        root.Write("proc/self/cgroup", "4:memory:/job\n3:cpu,cpuacct:/job\n");
        root.Write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "200000\n");
        root.Write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
        root.Write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "536870912\n");
        root.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        root.Write("proc/meminfo", "MemTotal:       8388608 kB\n");
        var files = new SystemFiles(root.Path);
        files.CpuLimit().ShouldBe(2);
        files.MemoryLimit().ShouldBe(512L << 20);
    }

    [Fact]
    public void Without_system_files_there_are_no_answers_and_no_errors()
    {
        using var root = new TemporaryFolder();
        var files = new SystemFiles(root.Path);
        files.CpuModel().ShouldBeNull();
        files.CpuLimit().ShouldBeNull();
        files.MemoryLimit().ShouldBeNull();
        files.Container().ShouldBeNull();
        files.NvidiaGpus().ShouldBeEmpty();
    }

    [Fact]
    public void Graphics_processors_are_read_from_the_tool_and_from_the_driver()
    {
        NvidiaSmi.Parse("NVIDIA H100 80GB HBM3, 81559, 550.54.15\nbroken line\n").ShouldBe([new GpuRecord("NVIDIA H100 80GB HBM3", 81559, "550.54.15")]);
        using var root = new TemporaryFolder();
        root.Write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA A100\nIRQ: 1\n");
        new SystemFiles(root.Path).NvidiaGpus().ShouldBe([new GpuRecord("NVIDIA A100", null, null)]);
    }

    [Fact]
    public void Values_of_variables_are_kept_only_by_the_allow_list()
    {
        var (kept, named) = EnvironmentCapture.Variables(new Dictionary<string, string>
        {
            ["OMP_NUM_THREADS"] = "2", ["HF_TOKEN"] = "abc", ["HOME"] = "/root", ["AWS_SECRET_ACCESS_KEY"] = "def", ["CUDA_VISIBLE_DEVICES"] = "",
        });
        kept.ShouldBe(new SortedDictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "", ["OMP_NUM_THREADS"] = "2" });
        named.ShouldBe(["AWS_SECRET_ACCESS_KEY", "HF_TOKEN"]);
    }

    [Fact]
    public void A_broken_deps_file_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        EnvironmentCapture.DotnetPackages(folder.Write("a.deps.json", "{ not json"), warnings).ShouldBeEmpty();
        warnings.ShouldHaveSingleItem().ShouldContain("a.deps.json");
    }

    [Fact]
    public void The_deps_file_of_a_program_to_run_is_found()
    {
        using var folder = new TemporaryFolder();
        var deps = folder.Write("app.deps.json", "{}");
        EnvironmentCapture.DepsFileOf(["dotnet", "app.dll", "--x"], folder.Path).ShouldBe(deps);
        EnvironmentCapture.DepsFileOf(["./app"], folder.Path).ShouldBe(deps);
        EnvironmentCapture.DepsFileOf(["python", "train.py"], folder.Path).ShouldBeNull();
    }
}
