using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Runs;

public class RunTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public RunTests() => tracker = Tracker.Open(folder.Store);

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void WhatIsLoggedIsReadBack()
    {
        var experiment = tracker.Experiment("films");
        string id;
        using (var run = experiment.StartRun("lgbm", tags: new Dictionary<string, string> { ["team"] = "a" }))
        {
            id = run.Id;
            run.Log("lr", 0.1).Log("depth", 7).Log("deep", true).Log("layers", new[] { 64, 32 });
            run.LogMetric("loss", 0.5, 1).LogMetric("loss", 0.25, 2).LogMetric("odd", double.NaN).LogMetric("top", double.PositiveInfinity);
            run.Tag("team", "b");
            run.LogDataset(new Dataset("movies.csv", "sha256:12", "/data/movies.csv", 10, 3201, "{}"), "training");
            run.LogFinding(new Finding("target-leakage", Severity.High, "column tells the target")
            {
                Columns = ["gross"], Evidence = new JsonObject { ["auc"] = 1.0 }, Cause = "c", Fix = "drop it", Verify = "run again",
            });
            run.Warn("git was not found");
        }

        var record = tracker.GetRun(id);
        record.Name.ShouldBe("lgbm");
        record.Experiment.ShouldBe("films");
        record.ExperimentId.ShouldBe(experiment.Id);
        record.Status.ShouldBe(RunStatus.Finished);
        record.Ended.ShouldNotBeNull();
        record.Params.ShouldBe(new Dictionary<string, string> { ["lr"] = "0.1", ["depth"] = "7", ["deep"] = "true", ["layers"] = "[64, 32]" }, ignoreOrder: true);
        record.Tags.ShouldBe(new Dictionary<string, string> { ["team"] = "b" });
        record.Metric("loss").ShouldBe(0.25);
        record.Metrics["loss"].Step.ShouldBe(2);
        record.Metric("odd").ShouldBe(double.NaN);
        record.Metric("top").ShouldBe(double.PositiveInfinity);
        record.Datasets.ShouldBe([new DatasetInput(new Dataset("movies.csv", "sha256:12", "/data/movies.csv", 10, 3201, "{}"), "training")]);
        var finding = record.Findings.ShouldHaveSingleItem();
        finding.Columns.ShouldBe(["gross"]);
        finding.Evidence!["auc"]!.GetValue<double>().ShouldBe(1.0);
        finding.Fix.ShouldBe("drop it");
        record.Warnings.ShouldHaveSingleItem().Message.ShouldBe("git was not found");
        tracker.GetMetric(id, "loss").Select(point => (point.Step, point.Value)).ShouldBe([(1L, 0.5), (2L, 0.25)]);
        tracker.GetMetric(id, "none").ShouldBeEmpty();
    }

    [Fact]
    public void ReadsSeeWhatWasLoggedBefore()
    {
        using var run = tracker.Experiment("e").StartRun();
        run.LogMetric("m", 1, 5);
        tracker.GetMetric(run.Id, "m").ShouldHaveSingleItem().Step.ShouldBe(5);
        tracker.GetRun(run.Id).Status.ShouldBe(RunStatus.Running);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul\0byte")]
    [InlineData("größe 😀 \r\n")]
    [InlineData("'; DROP TABLE runs; --")]
    public void AnyTextComesBack(string text)
    {
        using var run = tracker.Experiment("e").StartRun();
        run.Log("text", text).Tag("text", text).Warn(text);
        var record = tracker.GetRun(run.Id);
        record.Params["text"].ShouldBe(text);
        record.Tags["text"].ShouldBe(text);
        record.Warnings.ShouldHaveSingleItem().Message.ShouldBe(text);
        tracker.SearchRuns(new RunQuery { Filter = $"params.text = '{text.Replace("'", "''", StringComparison.Ordinal)}'" }).ShouldHaveSingleItem();
        tracker.SearchRuns(new RunQuery { Filter = $"params.text LIKE '{text.Replace("'", "''", StringComparison.Ordinal)}%'" }).ShouldHaveSingleItem();
    }

    [Fact]
    public void AParamKeepsItsFirstValue()
    {
        using var run = tracker.Experiment("e").StartRun();
        run.Log("lr", 0.1).Log("lr", 0.1);
        Should.Throw<TrackingException>(() => run.Log("lr", 0.2)).Message.ShouldContain("'lr'");
        tracker.GetRun(run.Id).Params["lr"].ShouldBe("0.1");
    }

    [Fact]
    public void AnEndedRunTakesNoMore()
    {
        var run = tracker.Experiment("e").StartRun("x");
        run.Fail(new InvalidOperationException("boom"));
        run.Dispose();
        var record = tracker.GetRun(run.Id);
        record.Status.ShouldBe(RunStatus.Failed);
        record.Error.ShouldNotBeNull().ShouldContain("boom");
        Should.Throw<TrackingException>(() => run.LogMetric("m", 1)).Message.ShouldContain("has ended");
        Should.Throw<TrackingException>(() => run.LogText("a.txt", "")).Message.ShouldContain("has ended");
    }

    [Fact]
    public void ChildrenKnowTheirParent()
    {
        using var run = tracker.Experiment("e").StartRun("parent");
        using var child = run.StartChild("fold-1");
        tracker.GetRun(child.Id).ParentId.ShouldBe(run.Id);
        tracker.SearchRuns(new RunQuery { Filter = $"parent_run_id = '{run.Id}'" }).ShouldHaveSingleItem().Id.ShouldBe(child.Id);
        tracker.SearchRuns(new RunQuery { Filter = "parent_run_id IS NULL" }).ShouldHaveSingleItem().Id.ShouldBe(run.Id);
    }

    [Fact]
    public void RunsAreFoundByIdPrefixAndName()
    {
        using var one = tracker.Experiment("e").StartRun("one");
        using var two = tracker.Experiment("e").StartRun("two");
        using var again = tracker.Experiment("e").StartRun("two");
        tracker.FindRun(one.Id)!.Id.ShouldBe(one.Id);
        tracker.FindRun(one.Id[..16])!.Id.ShouldBe(one.Id);
        tracker.FindRun("one")!.Id.ShouldBe(one.Id);
        tracker.FindRun("three").ShouldBeNull();
        tracker.FindRun("").ShouldBeNull();
        Should.Throw<TrackingException>(() => tracker.FindRun("two")).Message.ShouldContain(again.Id[..12]);
        Should.Throw<TrackingException>(() => tracker.GetRun("nope")).Message.ShouldContain("'nope'");
    }

    [Fact]
    public void AnUnfinishedRunCanBeResumed()
    {
        var run = tracker.Experiment("e").StartRun("long");
        run.Log("lr", 0.1).LogMetric("m", 1, 1);
        Should.Throw<TrackingException>(() => tracker.Resume(run.Id));
        run.Finish(RunStatus.Killed);
        using (var resumed = tracker.Resume(run.Id))
        {
            tracker.GetRun(run.Id).Status.ShouldBe(RunStatus.Running);
            resumed.LogMetric("m", 2, 2);
            Should.Throw<TrackingException>(() => resumed.Log("lr", 0.2));
        }

        tracker.GetRun(run.Id).Status.ShouldBe(RunStatus.Finished);
        tracker.GetMetric(run.Id, "m").Count.ShouldBe(2);
        Should.Throw<TrackingException>(() => tracker.Resume(run.Id)).Message.ShouldContain("finished");
        Should.Throw<TrackingException>(() => tracker.Resume("nope")).Message.ShouldContain("'nope'");
    }

    [Fact]
    public void ADeletedRunIsHiddenUntilRestored()
    {
        using var run = tracker.Experiment("e").StartRun("x");
        tracker.DeleteRun(run.Id);
        tracker.SearchRuns(new RunQuery()).ShouldBeEmpty();
        tracker.SearchRuns(new RunQuery { IncludeDeleted = true }).ShouldHaveSingleItem().Deleted.ShouldNotBeNull();
        tracker.RestoreRun(run.Id);
        tracker.SearchRuns(new RunQuery()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    public void NamesAreChecked(string key)
    {
        using var run = tracker.Experiment("e").StartRun();
        Should.Throw<TrackingException>(() => run.Log(key, 1)).Message.ShouldContain("param name");
        Should.Throw<TrackingException>(() => run.LogMetric(key, 1)).Message.ShouldContain("metric name");
        Should.Throw<TrackingException>(() => run.Tag(key, "1")).Message.ShouldContain("tag name");
    }
}
