using System.Runtime.Versioning;
using Roux.Tracking.Capture;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture;

[UnsupportedOSPlatform("windows")]
public class GpuTests
{
    private const string Working = """
        #!/bin/sh
        case "$1" in
          *utilization*) echo "0, 83, 1024, 2048, 151.20, 60"; echo "1, [N/A], 512, 2048, [Not Supported], 41" ;;
          *) echo "NVIDIA A, 2048, 550.1"; echo "NVIDIA A, 2048, 550.1" ;;
        esac
        """;

    [Fact]
    public void Processors_are_listed_and_sampled()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        using (RunCapture.Begin(run, Options(folder, Working)))
        {
            SpinWait.SpinUntil(() => { run.Flush(); return tracker.GetRun(run.Id).Metrics.ContainsKey("system/gpu_1_memory_mb"); }, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        }

        var record = tracker.GetRun(run.Id);
        record.Warnings.ShouldBeEmpty();
        record.Tags["roux.gpu"].ShouldBe("NVIDIA A, NVIDIA A");
        record.Metric("system/gpu_0_percent").ShouldBe(83);
        record.Metric("system/gpu_0_memory_mb").ShouldBe(1024);
        record.Metric("system/gpu_0_memory_percent").ShouldBe(50);
        record.Metric("system/gpu_0_power_watts")!.Value.ShouldBe(151.2, 1e-9);
        record.Metrics.Keys.ShouldNotContain("system/gpu_1_percent");
        record.Metrics.Keys.ShouldNotContain("system/gpu_1_power_watts");
    }

    [Fact]
    public void A_broken_tool_is_one_warning()
    {
        using var folder = new TemporaryFolder();
        using var tracker = Tracker.Open(folder.At("store"));
        using var run = tracker.Experiment("e").StartRun();
        using (RunCapture.Begin(run, Options(folder, "#!/bin/sh\necho 'Failed to initialize NVML: Driver/library version mismatch'\nexit 18\n")))
        {
            SpinWait.SpinUntil(() => { run.Flush(); return tracker.GetRun(run.Id).Warnings.Count > 0; }, TimeSpan.FromSeconds(20)).ShouldBeTrue();
        }

        tracker.GetRun(run.Id).Warnings.ShouldHaveSingleItem().Message.ShouldContain("Failed to initialize NVML");
    }

    [Fact]
    public void Without_the_tool_there_is_nothing()
    {
        using var folder = new TemporaryFolder();
        NvidiaSmi.Find(folder.Path).ShouldBeNull();
        NvidiaSmi.ParseUsage("junk\n0, 1\n-1, 1, 1, 1, 1, 1\nx, 1, 1, 1, 1, 1\n").ShouldBeEmpty();
    }

    private static CaptureOptions Options(TemporaryFolder folder, string script)
    {
        var tool = folder.Write("bin/nvidia-smi", script);
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new CaptureOptions { WorkingDirectory = folder.Path, Output = false, SearchPath = folder.At("bin"), SampleInterval = TimeSpan.FromMilliseconds(200) };
    }
}
