using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary><c>roux backup</c> and <c>roux restore</c> as people call them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class BackupCommandTests
{
    [Fact]
    public void A_store_is_backed_up_listed_checked_and_restored()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--experiment", "films", "--", "echo", "hi").ExitCode.ShouldBe(0);
        var made = Run(folder, "backup", "backups", "--json");
        made.ExitCode.ShouldBe(0, made.Error);
        made.Json["runs"]!.GetValue<int>().ShouldBe(1);
        Run(folder, "backup", "backups", "--keep", "1").ExitCode.ShouldBe(0);
        Run(folder, "backup", "backups", "--list", "--json").Json["backups"]!.AsArray().Count.ShouldBe(1);
        Run(folder, "backup", "backups", "--verify").Output.ShouldContain("sound");
        Run(folder, "restore", "backups", "--store", "other").Output.ShouldContain("Restored");
        Run(folder, "runs", "--store", "other", "--json").Json["runs"]!.AsArray().Count.ShouldBe(1);

        var taken = Run(folder, "restore", "backups", "--store", "other");
        taken.ExitCode.ShouldBe(2);
        taken.Error.ShouldContain("--force");
        Run(folder, "restore", "backups", "--store", "other", "--force", "--json").Json["replaced"]!.GetValue<string>().ShouldContain("1 runs");
        File.WriteAllText(Directory.GetFiles(Path.Combine(folder.Path, "backups", "snapshots"), "runs.rows.zst", SearchOption.AllDirectories)[0], "x");
        Run(folder, "backup", "backups", "--verify").ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData("backup", "out", "--list")]
    [InlineData("backup", "out", "--snapshot", "x")]
    [InlineData("backup", "out", "--keep", "0")]
    [InlineData("backup", "out", "--store", "http://127.0.0.1:1")]
    [InlineData("restore", "nowhere")]
    [InlineData("restore", "nowhere", "--store", "http://127.0.0.1:1")]
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
