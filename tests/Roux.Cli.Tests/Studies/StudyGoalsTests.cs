using Roux.Cli.Studies;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class StudyGoalsTests
{
    private const string Space = """{"x": {"type": "float", "low": 0, "high": 1}}""";
    private static readonly string[] Study = ["tune", "--space", "space.json", "--trials", "10", "--sampler", "sobol", "--limit", "memory <= 0.8"];
    private static readonly string[] Program = ["--", "sh", "-c", "echo loss={x} memory={x}; echo speed={x}"];

    [Fact]
    public void Of_several_goals_the_front_comes_out_without_what_breaks_a_limit()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, [.. Study, "--metric", "loss", "--metric", "speed", "--direction", "minimize", "--direction", "maximize", "--json", .. Program]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["best"].ShouldBeNull();
        var front = result.Json["front"]!.AsArray();

        // Loss and speed are the same number, one to be small and one to be large: nothing beats anything, but 0.8 is the most.
        front.Count.ShouldBeInRange(6, 9);
        front.ShouldAllBe(trial => trial!["values"]!["loss"]!.GetValue<double>() == trial["values"]!["speed"]!.GetValue<double>() && trial["params"]!["x"]!.GetValue<double>() <= 0.8);
        result.Error.ShouldContain("breaks a limit");
        var show = RouxProcess.Run(folder.Path, "tune", "show", "--report", "report.html");
        show.ExitCode.ShouldBe(0, show.Error);
        show.Output.ShouldContain($"{front.Count} trials that no other beats in loss and speed");
        show.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
        File.ReadAllText(Path.Combine(folder.Path, "report.html")).ShouldContain("loss against speed");
    }

    [Fact]
    public void Of_one_goal_the_best_keeps_the_limit()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, [.. Study, "--metric", "speed", "--direction", "maximize", "--json", .. Program]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["best"]!["value"]!.GetValue<double>().ShouldBeInRange(0.5, 0.8);
    }

    [Theory]
    [InlineData("--champion needs a single --metric", "--metric", "loss", "--metric", "speed", "--champion", "3")]
    [InlineData("--direction: 2 for 1 of --metric", "--metric", "loss", "--direction", "minimize", "--direction", "maximize")]
    [InlineData("--metric 'loss': named twice", "--metric", "loss", "--metric", "loss")]
    [InlineData("--limit 'memory < 3'", "--metric", "loss", "--limit", "memory < 3")]
    [InlineData("no run fits", "--metric", "loss", "--warm-start", "params.x = 'none'")]
    public void What_does_not_go_together_is_said_and_leaves_no_run(string message, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, ["tune", "--space", "space.json", .. options, .. Program]);
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        RouxProcess.Run(folder.Path, "runs", "--all", "--json").Json["runs"]!.AsArray().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("latency_ms<=5", 6, 1)]
    [InlineData("recall >= 0.9", 0.8, 0.1)]
    [InlineData("recall >= 0.9", 0.95, -0.05)]
    public void A_limit_is_broken_by_what_lies_beyond_it(string text, double value, double by) =>
        MetricLimit.Parse(text).Violation(value).ShouldBe(by, 1e-12);
}
