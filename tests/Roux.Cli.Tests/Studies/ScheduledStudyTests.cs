using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

/// <summary>Studies of programs whose trials pause at rungs and go on from their checkpoints.</summary>
public sealed class ScheduledStudyTests
{
    private const string Space = """{"x":{"type":"float","low":0,"high":1}}""";

    /// <summary>Trains an epoch a line of its checkpoint, and fails when that is not what it was left with.</summary>
    private const string Script = """
        f="$ROUX_CHECKPOINT_DIR/epochs"; touch "$f"; n=$(wc -l < "$f")
        [ "$n" -eq "$ROUX_RESUME_FROM" ] && [ {resource} -eq "$ROUX_RESOURCE" ] || { echo "checkpoint of $n epochs, not $ROUX_RESUME_FROM" >&2; exit 1; }
        while [ "$n" -lt {resource} ]; do echo x >> "$f"; echo "epoch=$n loss={x}"; n=$((n+1)); sleep ${NAP:-0}; done
        """;

    [Fact]
    public void Trials_pause_at_rungs_and_the_best_go_on_from_their_checkpoints()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, "tune", "--space", "space.json", "--metric", "loss", "--trials", "12", "-j", "2", "--sampler", "random", "--schedule", "asha", "--resource", "9", "--json", "--", "sh", "-c", Script);
        result.ExitCode.ShouldBe(0, result.Error);
        var (paused, complete) = (result.Json["paused"]!.GetValue<int>(), result.Json["complete"]!.GetValue<int>());
        (paused + complete).ShouldBe(12, result.Error);
        complete.ShouldBeInRange(1, 3);
        result.Error.ShouldContain("after 3 steps");
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var trials = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{result.Json["run_id"]}'" });
        trials.Count.ShouldBe(12);
        foreach (var trial in trials)
        {
            var steps = tracker.GetMetric(trial.Id, "loss").Select(point => point.Step).ToArray();
            steps.ShouldBe([.. Enumerable.Range(0, steps.Length)]); // no epoch twice
            steps.Length.ShouldBeOneOf(1, 3, 9);
            trial.Tags["roux.trial.state"].ShouldBe(steps.Length == 9 ? "complete" : "paused");
        }

        RouxProcess.Run(folder.Path, "tune", "show", "latest", "--json").ExitCode.ShouldBe(0);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public void Killed_again_and_again_a_study_goes_on_from_the_last_rung_of_each_trial()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        string[] arguments = ["tune", "--join", "--space", "space.json", "--metric", "loss", "--trials", "9", "-j", "2", "--schedule", "halving", "--resource", "9", "--json", "--", "sh", "-c", "NAP=0.05; " + Script];
        var random = new Random(2);
        for (var kill = 0; kill < 6; kill++)
        {
            using var roux = RouxProcess.Start(folder.Path, arguments);
            for (var wait = random.Next(400, 1_000); wait > 0 && !roux.HasExited; wait -= 20)
            {
                Thread.Sleep(20);
            }

            roux.Signal(9);
            roux.WaitForExitOnly();
        }

        var last = RouxProcess.Run(folder.Path, arguments);
        last.ExitCode.ShouldBe(0, last.Error);
        last.Json["failed"]!.GetValue<int>().ShouldBe(0, last.Error);
        (last.Json["paused"]!.GetValue<int>(), last.Json["complete"]!.GetValue<int>()).ShouldBe((8, 1));
        using var tracker = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var best = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{last.Json["run_id"]}' AND tags.`roux.trial.state` = 'complete'" }).ShouldHaveSingleItem();
        JsonNode.Parse(best.Tags["roux.trial"])!["number"]!.GetValue<int>().ShouldBe(last.Json["best"]!["trial"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("--resource: how many steps", "--schedule", "asha")]
    [InlineData("need a --schedule", "--resource", "9")]
    [InlineData("no such schedule", "--schedule", "asya", "--resource", "9")]
    [InlineData("such as 3:81", "--schedule", "asha", "--resource", "9:3")]
    public void A_wrong_call_says_what_is_missing(string part, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        var result = RouxProcess.Run(folder.Path, ["tune", "--space", "space.json", "--metric", "loss", .. options, "--", "true"]);
        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain(part);
    }
}
