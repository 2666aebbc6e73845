using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

/// <summary>Programs that are trained as a population.</summary>
public sealed class PopulationStudyTests
{
    private const string Space = """{"rate":{"type":"float","low":0.001,"high":1,"log":true}}""";

    /// <summary>Expected error of gradient descent with noise, a step a turn of the loop; its state is a number in a file, beside the steps done.</summary>
    private const string Script = """
        f="$ROUX_CHECKPOINT_DIR/state"; [ -e "$f" ] || echo "0 10000" > "$f"
        awk -v from="$ROUX_RESUME_FROM" -v to={resource} -v r={rate} '{ if ($1 != from) exit 1; v = $2; for (i = from; i < to; i++) v = (1-r)*(1-r)*v + r*r; printf "%d %.17g\n", to, v }' "$f" > "$f.new" || exit 1
        mv "$f.new" "$f"; sleep ${NAP:-0}; read steps loss < "$f"; echo "step=$((steps-1)) loss=$loss"
        """;

    private static readonly string[] Arguments = ["tune", "--space", "space.json", "--metric", "loss", "--method", "pbt", "--population", "5", "--resource", "12", "--interval", "3", "--seed", "4", "--json"];

    [Fact]
    public void A_population_of_programs_shows_the_schedule_of_the_best()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, [.. Arguments, "--", "sh", "-c", Script]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json["complete"]!.GetValue<int>().ShouldBe(20, result.Error);
        var (variance, at) = (1e4, 0);
        foreach (var part in result.Json["schedule"]!.AsArray())
        {
            part!["from"]!.GetValue<int>().ShouldBe(at);
            var rate = part["params"]!["rate"]!.GetValue<double>();
            for (; at < part["to"]!.GetValue<int>(); at++)
            {
                variance = (1 - rate) * (1 - rate) * variance + rate * rate;
            }

            part["value"]!.GetValue<double>().ShouldBe(variance, 1e-9 * variance); // the weights really went this way
        }

        result.Json["best"]!["value"]!.GetValue<double>().ShouldBe(variance, 1e-9 * variance);
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var trials = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{result.Json["run_id"]}'" });
        trials.Count(trial => JsonNode.Parse(trial.Tags["roux.population.segment"])!["copy"]!.GetValue<bool>()).ShouldBeGreaterThan(0);
        File.Exists(tracker.ArtifactFile(result.Json["run_id"]!.GetValue<string>(), "schedule.json")).ShouldBeTrue();
        RouxProcess.Run(folder.Path, "tune", "show", "latest", "--json").ExitCode.ShouldBe(0);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Killed_again_and_again_a_population_goes_on_as_it_would_have()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        string[] arguments = [.. Arguments, "--join", "-j", "2", "--", "sh", "-c", "NAP=0.15; " + Script];
        var random = new Random(3);
        for (var kill = 0; kill < 4; kill++)
        {
            using var roux = RouxProcess.Start(folder.Path, arguments);
            for (var wait = random.Next(500, 900); wait > 0 && !roux.HasExited; wait -= 20)
            {
                Thread.Sleep(20);
            }

            roux.Signal(9);
            roux.WaitForExitOnly();
        }

        var last = RouxProcess.Run(folder.Path, arguments);
        last.ExitCode.ShouldBe(0, last.Error);
        last.Json["failed"]!.GetValue<int>().ShouldBe(0, last.Error);
        last.Json["complete"]!.GetValue<int>().ShouldBe(20);
        last.Json["schedule"]!.AsArray()[^1]!["to"]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("--interval", "--method", "pbt", "--resource", "9")]
    [InlineData("--resource", "--method", "pb2", "--interval", "3")]
    [InlineData("did you mean 'pbt'", "--method", "pbd", "--resource", "9")]
    [InlineData("is for searches", "--method", "pbt", "--resource", "9", "--interval", "3", "--trials", "5")]
    [InlineData("needs --method pbt", "--interval", "3")]
    [InlineData("is no parameter of this space", "--method", "pbt", "--resource", "9", "--interval", "3", "--keep", "units")]
    public void A_wrong_call_says_what_is_missing(string part, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, ["tune", "--space", "space.json", "--metric", "loss", .. options, "--", "true"]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(part);
    }
}
