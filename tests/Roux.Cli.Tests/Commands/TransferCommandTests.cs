using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Commands;

/// <summary><c>roux export</c> and <c>roux import</c> as people call them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TransferCommandTests
{
    [Fact]
    public void What_is_exported_comes_in_elsewhere_once()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "run", "--experiment", "films", "--", "echo", "hi").ExitCode.ShouldBe(0);
        var written = Run(folder, "export", "films.tar.zst", "--experiment", "films", "--json");
        written.Json["counts"]!["runs"]!.GetValue<int>().ShouldBe(1);
        var taken = Run(folder, "import", "films.tar.zst", "--store", "other");
        taken.ExitCode.ShouldBe(0, taken.Error);
        taken.Output.ShouldContain("there already");
        Run(folder, "import", "films.tar.zst", "--store", "other", "--json").Json["counts"]!["runs"]!["there"]!.GetValue<int>().ShouldBe(1);
        Run(folder, "runs", "--store", "other", "--json").Json["runs"]!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "nowhere.zip")]
    [InlineData("import", "x.zip", "--max-size", "0")]
    [InlineData("import", "mlflow", "nowhere.db")]
    [InlineData("import", "mlflow", "mysql://u:p@h/d")]
    [InlineData("import", "mlflow", ".", "--artifacts", "nowhere")]
    [InlineData("export", "out", "--experiment", "nope")]
    [InlineData("export", "out", "--run", "nope")]
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
