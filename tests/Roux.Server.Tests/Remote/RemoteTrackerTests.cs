using System.Text.Json.Nodes;
using Roux.Tracking;
using Shouldly;
using Xunit;

namespace Roux.Server.Tests.Remote;

/// <summary>Logging to a server through the C# API, against a real one.</summary>
public sealed class RemoteTrackerTests : IDisposable
{
    private readonly Spools spools = new();

    public void Dispose() => spools.Dispose();

    [Fact]
    public async Task EverythingLoggedIsOnTheServer()
    {
        await using var server = await TestServer.StartAsync();
        string id;
        using (var tracker = spools.Open(server.Address))
        {
            using var run = tracker.Experiment("films").StartRun("first", tags: new Dictionary<string, string> { ["team"] = "x" });
            id = run.Id;
            run.Log("lr", 0.1).Tag("note", "n");
            for (var step = 0; step < 2500; step++)
            {
                run.LogMetric("loss", 1.0 / (step + 1), step);
            }

            run.LogMetric("odd", double.NaN, 1).LogMetric("odd", double.PositiveInfinity, 2);
            run.LogDataset(new Dataset("train.csv", "sha256:" + new string('a', 64), "/data/train.csv", 12, 3), "training");
            run.LogFinding(new Finding("leak", Severity.High, "the target leaks") { Columns = ["a"], Evidence = new JsonObject { ["auc"] = 0.99 } });
            run.LogText("dir/a b.txt", "hello");
            using (var child = run.StartChild("fold"))
            {
                child.LogMetric("loss", 2, 0);
            }

            run.Warn("something");
        }

        spools.Left.ShouldBeEmpty();
        using var stored = Tracker.OpenReadOnly(server.Store);
        var there = stored.FindRun("first")!;
        there.Status.ShouldBe(RunStatus.Finished);
        there.Experiment.ShouldBe("films");
        there.Params["lr"].ShouldBe("0.1");
        there.Tags["team"].ShouldBe("x");
        stored.GetMetricSeries(there.Id, "loss").Steps.ShouldBe(Enumerable.Range(0, 2500).Select(step => (long)step));
        there.Datasets.ShouldHaveSingleItem().Dataset.Digest.ShouldEndWith(new string('a', 64));
        File.ReadAllText(stored.ArtifactFile(there.Id, "dir/a b.txt")).ShouldBe("hello");
        stored.FindRun("fold")!.ParentId.ShouldBe(there.Id);

        using var remote = Tracker.OpenReadOnly(server.Address);
        var seen = remote.FindRun(id)!;
        seen.Name.ShouldBe("first");
        seen.Metrics["odd"].Value.ShouldBe(double.PositiveInfinity);
        seen.Findings.ShouldHaveSingleItem().Evidence!["auc"]!.GetValue<double>().ShouldBe(0.99);
        seen.Warnings.ShouldHaveSingleItem().Message.ShouldBe("something");
        seen.Datasets.ShouldHaveSingleItem().Dataset.ShouldBe(new Dataset("train.csv", "sha256:" + new string('a', 64), "/data/train.csv", 12, 3));
        remote.GetMetricSeries(seen.Id, "loss").Count.ShouldBe(2500);
        File.ReadAllText(remote.ArtifactFile(seen.Id, "dir/a b.txt")).ShouldBe("hello");
        remote.SearchRuns(new RunQuery { Filter = "attributes.parent_run_id IS NULL" }).Select(run => run.Name).ShouldBe(["first"]);
        remote.SearchRuns(new RunQuery { Filter = "metrics.loss > 1.5", Experiments = ["films"] }).Select(run => run.Name).ShouldBe(["fold"]);
    }

    [Fact]
    public void AnUnreachableServerBlocksNothingAndLosesNothing()
    {
        // TEST-NET-1 (RFC 5737): nobody answers there.
        using (var tracker = spools.Open("http://192.0.2.1:5000", patience: TimeSpan.FromMilliseconds(200)))
        {
            using var run = tracker.Experiment("e").StartRun("offline");
            Parallel.For(0, 64, thread => run.LogMetric($"m{thread % 4}", thread, thread));
            run.Flush();
            tracker.GetRun(run.Id).Metrics.Count.ShouldBe(4);
            tracker.SearchRuns(new RunQuery { Filter = "metrics.m1 > 0" }).ShouldHaveSingleItem();
        }

        var left = spools.Left.ShouldHaveSingleItem();
        using var spool = Tracker.OpenReadOnly(left);
        spool.FindRun("offline")!.Status.ShouldBe(RunStatus.Finished);
    }

    [Fact]
    public async Task GatesAreJudgedByTheServer()
    {
        await using var server = await TestServer.StartAsync();
        using (var tracker = spools.Open(server.Address))
        {
            using var run = tracker.Experiment("e").StartRun("r");
            run.LogMetric("acc", 0.9).LogText("model/model.roux", "weights");
            tracker.Models.Register("m", run.Id, "model/model.roux");
        }

        using var remote = spools.Open(server.Address);
        var passed = remote.Models.Gates.Evaluate("m/1", GateRules.Parse("""{ "rules": [{ "rule": "metric", "metric": "acc", "at_least": 0.8 }] }"""));
        passed.Passed.ShouldBeTrue();
        passed.Results.Count.ShouldBe(2);
        var demanding = GateRules.Parse("""{ "rules": [{ "rule": "metric", "metric": "acc", "at_least": 0.95 }, { "rule": "latency", "data": "x.csv", "at_most": "1s" }] }""");
        var failed = remote.Models.Gates.Evaluate("m", demanding);
        failed.Results.Select(result => result.Judgement.Outcome).ShouldBe([RuleOutcome.Pass, RuleOutcome.Fail, RuleOutcome.CannotTell]);

        remote.Models.Gates.Find("m").ShouldBeNull();
        remote.Models.Gates.Set("m", demanding);
        remote.Models.Gates.Find("m")!.Digest.ShouldBe(demanding.Digest);
        Should.Throw<TrackingException>(() => remote.Models.SetStage("m", 1, ModelStage.Production)).Message.ShouldContain("does not pass");
        remote.Models.Gates.Set("m", null);
        remote.Models.SetStage("m", 1, ModelStage.Production);
        remote.Models.Gates.Results("m/1").Select(result => result.Passed).ShouldBe([false, true]);
        Should.Throw<TrackingException>(() => remote.Models.Gates.Evaluate("m/7", demanding)).Message.ShouldContain("m");
    }

    [Fact]
    public async Task AModelIsRegisteredAndPromotedOnTheServer()
    {
        await using var server = await TestServer.StartAsync();
        using var tracker = spools.Open(server.Address);
        var run = tracker.Experiment("e").StartRun("r");
        run.LogText("model/model.roux", "weights");
        var version = tracker.Models.Register("m", run.Id, "model/model.roux", "good", new Dictionary<string, string> { ["k"] = "v" });
        version.Version.ShouldBe(1);
        tracker.Models.SetAlias("m", "champion", 1);
        tracker.Models.SetStage("m", 1, ModelStage.Production);
        var found = tracker.Models.Find("m@champion")!;
        found.Stage.ShouldBe(ModelStage.Production);
        found.Tags["k"].ShouldBe("v");
        File.ReadAllText(tracker.Models.LocalCopy(found)).ShouldBe("weights");
        tracker.Models.List().ShouldHaveSingleItem().Aliases["champion"].ShouldBe(1);
        run.Dispose();

        using var other = spools.Open(server.Address);
        other.Models.Register("m", other.FindRun("r")!.Id, "model/model.roux").Version.ShouldBe(2);

        using var third = spools.Open(server.Address);
        third.Models.Promote("m", 2, ModelStage.Staging, "challenger");
        using var looking = Tracker.OpenReadOnly(server.Address);
        looking.Models.Find("m@challenger")!.ShouldSatisfyAllConditions(promoted => promoted.Version.ShouldBe(2), promoted => promoted.Stage.ShouldBe(ModelStage.Staging));
        looking.Models.Find("m@champion")!.Stage.ShouldBe(ModelStage.Production);
    }

    [Fact]
    public async Task WhatOnlyTheServersStoreKeepsIsRefusedRatherThanDoneInTheSpool()
    {
        await using var server = await TestServer.StartAsync();
        using var tracker = spools.Open(server.Address);
        foreach (var call in (Action[])[() => _ = tracker.Models.Approvals, () => _ = tracker.Models.Webhooks, () => _ = tracker.Models.Audit, () => tracker.Models.Verify("m/1")])
        {
            Should.Throw<TrackingException>(call).Message.ShouldContain("server's store");
        }
    }
}
