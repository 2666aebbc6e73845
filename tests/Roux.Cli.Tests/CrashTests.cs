using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Cli.Tests;

/// <summary>Killed at any moment: the store opens, what was scored is still there, and the job can be finished.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(50)]
    [Trait("Speed", "slow")]
    public void Kill_at_random_moments_loses_nothing(int rounds)
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("flowers.csv", DevelopTests.Flowers(200, seed: 11));
        var store = Path.Combine(folder.Path, ".roux");
        string[] arguments = ["develop", data, "--target", "kind", "--trials", "300", "--families", "logistic-regression,decision-tree,naive-bayes", "--json"];
        var random = new Random(12);
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        var unfinished = false;
        for (var round = 0; round < rounds; round++)
        {
            using (var roux = RouxProcess.Start(folder.Path, unfinished ? [.. arguments, "--resume"] : arguments))
            {
                // From before the store exists to well into the search.
                for (var wait = random.Next(100, 2500); wait > 0 && !roux.HasExited; wait -= 20)
                {
                    Thread.Sleep(20);
                }

                roux.Signal(9);
                roux.Wait();
            }

            if (!File.Exists(Path.Combine(store, "roux.db")))
            {
                continue;
            }

            using var tracker = Tracker.Open(store);
            var runs = tracker.SearchRuns(new RunQuery { MaxResults = 50_000 });
            unfinished = runs.Any(run => run.Name == "develop" && run.Status != RunStatus.Finished);
            var finished = runs.Where(run => run.Status == RunStatus.Finished && run.Tags.ContainsKey("roux.candidate")).ToList();
            acknowledged.IsSubsetOf(finished.Select(run => run.Id)).ShouldBeTrue($"a scored candidate is gone after round {round}");
            foreach (var run in finished)
            {
                acknowledged.Add(run.Id);
                new FileInfo(Path.Combine(tracker.ArtifactDirectory(run.Id), "fold_predictions.f64")).Length.ShouldBeGreaterThan(0);
                run.Metrics.ShouldContainKey("cv_macro_f1");
            }
        }

        var last = RouxProcess.Run(folder.Path, unfinished ? [.. arguments, "--resume"] : arguments);
        last.ExitCode.ShouldBe(0, last.Error);
        var used = last.Json["candidates"]!.AsArray().Select(candidate => candidate!["run_id"]!.GetValue<string>()).ToHashSet();
        using var after = Tracker.OpenReadOnly(store);
        var before = acknowledged.Where(id => after.GetRun(id).ParentId == last.Json["run_id"]!.GetValue<string>()).ToList();
        before.ShouldAllBe(id => used.Contains(id), "what earlier processes had scored is used, not scored again");
    }
}
