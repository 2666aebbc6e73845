using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

public sealed class StudyFileTests
{
    private const string Study = """
        space:
          x: {type: float, low: 0, high: 1}
          layers: {type: int, low: 1, high: 8}
        constraints: [layers * x <= 2]
        command: sh -c 'echo "loss={x}"'
        metric: loss
        sampler: random
        trials: 12
        seed: 5
        enqueue:
          - {x: 0.25, layers: 8}
        """;

    [Fact]
    public void A_study_file_says_it_all_and_the_call_has_the_last_word()
    {
        using var folder = new TemporaryFolder();
        folder.Write("study.yaml", Study);
        var result = RouxProcess.Run(folder.Path, "tune", "--config", "study.yaml", "--trials", "6", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["trials"]!.GetValue<int>().ShouldBe(6);
        var trials = RouxProcess.Run(folder.Path, "runs", "--all", "--json").Json["runs"]!.AsArray().Where(run => run!["name"]!.GetValue<string>().StartsWith("trial-")).ToList();
        trials.Count.ShouldBe(6);
        trials.ShouldContain(run => run!["params"]!["x"]!.GetValue<string>() == "0.25" && run["params"]!["layers"]!.GetValue<string>() == "8");
        var show = RouxProcess.Run(folder.Path, "tune", "show");
        show.ExitCode.ShouldBe(0, show.Error);
        show.Output.ShouldContain("All trials are done (6 complete)");
        show.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void In_a_pipeline_the_champion_decides()
    {
        using var folder = new TemporaryFolder();
        folder.Write("study.yaml", Study);
        var summary = Path.Combine(folder.Path, "summary.md");
        RouxProcess.Result Run(params string[] rest)
        {
            using var roux = RouxProcess.Start(folder.Path, new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = summary }, ["tune", "--config", "study.yaml", "--ci", .. rest]);
            return roux.Wait();
        }

        var beaten = Run("--champion", "0.9", "--name", "base");
        beaten.ExitCode.ShouldBe(0, beaten.Error);
        beaten.Output.ShouldContain("**Better than the champion**");
        var kept = Run("--champion", "-1");
        kept.ExitCode.ShouldBe(3, kept.Error);
        kept.Output.ShouldContain("The champion is not beaten");
        Run("--champion", "0.9", "--min-improvement", "0.95").ExitCode.ShouldBe(3);

        // A study's run is a champion too, and here is not beaten by itself.
        var again = Run("--champion", "base", "--json");
        again.ExitCode.ShouldBe(3, again.Error);
        again.Json["champion"]!["gain"]!.GetValue<double>().ShouldBe(0);
        var text = File.ReadAllText(summary);
        text.Split("## Tuning of loss").Length.ShouldBe(5);
        text.ShouldContain("| x | 0.");
        Run("--champion", "nobody").ExitCode.ShouldBe(2);
        Run("--champion", "models:/nobody/1").Error.ShouldContain("no such model version");
    }

    [Theory]
    [InlineData("metrc: loss", "'metrc': no such setting; did you mean 'metric' or 'method'?")]
    [InlineData("trials: many", "--trials")]
    [InlineData("- a", "a study is a list of settings")]
    [InlineData("metric: loss\nmetric: acc", "study.yaml")]
    [InlineData("space: {x: {type: float, low: 1, high: 0}}\nmetric: loss\ncommand: echo", "'x': [1, 0] is not a range")]
    [InlineData("space: {x: {type: float, low: 0, high: 1, log: true}}\nmetric: loss\ncommand: echo", "a log range starts above 0")]
    [InlineData("space: {a: {type: categorical, choices: [u], when: {b: [v]}}, b: {type: categorical, choices: [v], when: {a: [u]}}}\nmetric: loss\ncommand: echo", "depends on itself: a → b → a")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo 'x", "a quote ' is not closed")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo\nconstraint: y < 3", "'y' is no parameter; there are: x")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo\nenqueue: [{x: 3}]", "3 is not in [0, 1]")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\ncommand: echo", "which metric?")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss", "no program")]
    [InlineData("space: missing.yaml\nmetric: loss\ncommand: echo", "no such file")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo\ncores_per_trial: 100000", "this machine has")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo\nmemory_per_trial: 90000GB", "are free")]
    [InlineData("space: {x: {type: float, low: 0, high: 1}}\nmetric: loss\ncommand: echo\nwarm_start: nothing", "--warm-start 'nothing'")]
    [InlineData("metric: &a [*a]", "study.yaml")]
    public void What_is_wrong_with_a_study_is_told(string yaml, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("study.yaml", yaml);
        var result = RouxProcess.Run(folder.Path, "tune", "--config", "study.yaml");
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(message);
        result.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public void A_study_learns_from_an_earlier_one_and_from_any_runs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("study.yaml", Study);
        RouxProcess.Run(folder.Path, "tune", "--config", "study.yaml", "--trials", "12", "--name", "first").ExitCode.ShouldBe(0);
        folder.Write("other.yaml", "space: {x: {type: float, low: 0, high: 0.5}, other: {type: int, low: 1, high: 3}}\ncommand: sh -c 'echo loss={x}'\nmetric: loss\ntrials: 3");
        var study = RouxProcess.Run(folder.Path, "tune", "--config", "other.yaml", "--warm-start", "first", "--json");
        study.ExitCode.ShouldBe(0, study.Error);
        study.Error.ShouldContain("learned from 12 earlier runs");

        // What it learned it need not find out: no trial of a first design is spent.
        study.Json["best"]!["params"]!["x"]!.GetValue<double>().ShouldBeLessThan(0.3);
        RouxProcess.Run(folder.Path, "tune", "--config", "other.yaml", "--warm-start", "metrics.loss < 0.5", "--json").Error.ShouldContain("earlier runs");
    }
}
