using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests.Studies;

/// <summary>Studies that several processes work on, one after another or together.</summary>
public sealed class SharedStudyTests
{
    private const string Space = """{"x":{"type":"float","low":0,"high":1}}""";

    [Fact]
    [Trait("Speed", "slow")]
    public void Killed_thirty_times_a_study_loses_no_trial_that_was_told_and_repeats_none()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        string[] arguments = ["tune", "--join", "--space", "space.json", "--metric", "loss", "--trials", "60", "-j", "2", "--json", "--", "sh", "-c", "sleep 0.1; echo loss={x}"];
        var (random, told) = (new Random(4), new Dictionary<string, double>());
        for (var kill = 0; kill < 30; kill++)
        {
            using (var roux = RouxProcess.Start(folder.Path, arguments))
            {
                for (var wait = random.Next(200, 1300); wait > 0 && !roux.HasExited; wait -= 20)
                {
                    Thread.Sleep(20);
                }

                roux.Signal(9);
                roux.WaitForExitOnly();
            }

            if (File.Exists(Path.Combine(folder.Path, ".roux", "roux.db")))
            {
                using var tracker = Tracker.Open(Path.Combine(folder.Path, ".roux"));
                foreach (var trial in Complete(tracker))
                {
                    told[trial.Id] = trial.Metric("objective")!.Value;
                }
            }
        }

        // Killed in a good moment, the study may be over already; then this is a new one.
        var last = RouxProcess.Run(folder.Path, arguments);
        last.ExitCode.ShouldBe(0, last.Error);
        last.Json["complete"]!.GetValue<int>().ShouldBe(60);
        using var store = Tracker.OpenReadOnly(Path.Combine(folder.Path, ".roux"));
        var all = Complete(store);
        foreach (var (id, value) in told)
        {
            all.Single(run => run.Id == id).Metric("objective").ShouldBe(value);
        }

        foreach (var study in all.GroupBy(run => run.ParentId))
        {
            Numbers(study).ShouldBeUnique();
            study.Select(run => run.Params["x"]).ShouldBeUnique();
        }

        all.Count(run => run.ParentId == last.Json["run_id"]!.GetValue<string>()).ShouldBe(60);
    }

    [Fact]
    public void Two_processes_share_a_study_and_take_over_from_one_that_is_killed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("space.json", Space);
        string[] arguments = ["tune", "--join", "--name", "shared", "--space", "space.json", "--metric", "loss", "--trials", "14", "--json", "--", "sh", "-c", "sleep 0.2; echo loss={x}"];
        using var first = RouxProcess.Start(folder.Path, arguments);
        using var second = RouxProcess.Start(folder.Path, arguments);
        using (var third = RouxProcess.Start(folder.Path, arguments))
        {
            Wait(() => File.Exists(Path.Combine(folder.Path, ".roux", "roux.db")) && Directory.Exists(Path.Combine(folder.Path, ".roux", "studies")));
            Thread.Sleep(700);
            third.Signal(9);
            third.WaitForExitOnly();
        }

        var (one, other) = (first.Wait(), second.Wait());
        one.ExitCode.ShouldBe(0, one.Error);
        other.ExitCode.ShouldBe(0, other.Error);
        using var store = Tracker.Open(Path.Combine(folder.Path, ".roux"));
        var study = store.SearchRuns(new RunQuery { Filter = "tags.`roux.study.key` != ''" }).ShouldHaveSingleItem();
        var trials = Complete(store);
        trials.Count.ShouldBe(14);
        trials.ShouldAllBe(trial => trial.ParentId == study.Id);
        Numbers(trials).ShouldBeUnique();
        trials.Select(trial => trial.Params["x"]).ShouldBeUnique();

        // Where the one that began it was killed, the last of the others ends it.
        study.Status.ShouldBe(RunStatus.Finished);
        study.Metric("best").ShouldBe(trials.Min(trial => trial.Metric("objective")));
        RouxProcess.Run(folder.Path, "tune", "show", "shared", "--json").Json["complete"]!.GetValue<int>().ShouldBe(14);
    }

    private static IReadOnlyList<RunRecord> Complete(Tracker tracker) => tracker.SearchRuns(new RunQuery { Filter = "tags.`roux.trial.state` = 'complete'", MaxResults = 1000 });

    private static int[] Numbers(IEnumerable<RunRecord> trials) => [.. trials.Select(run => JsonNode.Parse(run.Tags["roux.trial"])!["number"]!.GetValue<int>())];

    private static void Wait(Func<bool> until)
    {
        for (var i = 0; i < 1_000 && !until(); i++)
        {
            Thread.Sleep(10);
        }
    }
}
