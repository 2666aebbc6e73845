using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary><c>roux gc</c> as people call it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GcCommandTests
{
    [Fact]
    public void It_tells_first_and_does_it_when_told_to()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--", "echo", "hi").ExitCode.ShouldBe(0);
        Run(folder, "run", "--", "echo", "hi").ExitCode.ShouldBe(0);
        var told = Run(folder, "gc", "--keep-last", "1");
        told.ExitCode.ShouldBe(0, told.Error);
        told.Output.ShouldContain("Nothing was removed");
        Run(folder, "gc", "--keep-last", "1", "--json").Json["live_runs"]!.GetValue<int>().ShouldBe(1);
        Run(folder, "gc", "--keep-last", "1", "--yes", "--json").Json["done"]!.GetValue<bool>().ShouldBeTrue();
        Run(folder, "runs", "--json").Json["runs"]!.AsArray().Count.ShouldBe(1);
        Run(folder, "audit", "--action", "runs.removed", "--json").ExitCode.ShouldBe(0);
        Run(folder, "gc").Output.ShouldNotContain("--yes");
    }

    [Theory]
    [InlineData("gc", "--older-than", "soon")]
    [InlineData("gc", "--older-than", "30")]
    [InlineData("gc", "--keep-last", "-1")]
    [InlineData("gc", "--vacuum", "--no-vacuum")]
    [InlineData("gc", "--filter", "metrics.acc >")]
    [InlineData("gc", "-e", "nope")]
    [InlineData("gc", "--store", "http://127.0.0.1:1")]
    public void A_wrong_call_is_told_in_a_line_and_has_exit_code_2(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--", "echo", "hi").ExitCode.ShouldBe(0);
        var result = Run(folder, arguments);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldNotContain("   at ");
        result.Error.Trim().Split('\n').Length.ShouldBe(1, result.Error);
    }

    private static RouxProcess.Result Run(TemporaryFolder folder, params string[] arguments) => RouxProcess.Run(folder.Path, arguments);
}
