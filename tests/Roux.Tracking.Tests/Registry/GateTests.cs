using System.Text.Json.Nodes;
using Roux.Tracking.Reproduction;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Every rule that needs no learner passing, failing and not to be told; promotion refused and allowed.</summary>
public class GateTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public GateTests() => tracker = Open("rita");

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Metrics_have_limits()
    {
        Register(f1: 0.7);
        Judge("{rule: metric, metric: f1, at_least: 0.7}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: metric, metric: f1, at_least: 0.71}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: metric, metric: f1, at_most: 0.8, at_least: 0.1}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: metric, metric: f1, at_most: 0.6}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: metric, metric: f2, at_most: 0.6}", out var reason).ShouldBe(RuleOutcome.CannotTell);
        reason.ShouldContain("it has f1");
    }

    [Fact]
    public void A_metric_is_compared_with_the_champions()
    {
        Register(f1: 0.7);
        Judge("{rule: champion-metric, metric: f1}").ShouldBe(RuleOutcome.Pass); // there is none yet
        tracker.Models.SetAlias("films", "champion", 1);
        Judge("{rule: champion-metric, metric: f1}").ShouldBe(RuleOutcome.Pass); // it is the champion
        Register(f1: 0.68);
        Judge("{rule: champion-metric, metric: f1}", out var reason).ShouldBe(RuleOutcome.Fail);
        reason.ShouldContain("0.68");
        reason.ShouldContain("films/1 0.7");
        Judge("{rule: champion-metric, metric: f1, margin: 0.03}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: champion-metric, metric: f1, direction: minimize}").ShouldBe(RuleOutcome.Pass);
        tracker.Models.SetStage("films", 1, ModelStage.Production);
        Judge("{rule: champion-metric, metric: f1, champion: Production}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: champion-metric, metric: loss}").ShouldBe(RuleOutcome.CannotTell);
    }

    [Fact]
    public void Findings_count_above_a_severity()
    {
        Register(prepare: run => run.LogFinding(new Finding("target-leakage", Severity.Medium, "it leaks")));
        Judge("findings").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: findings, none_above: low}", out var reason).ShouldBe(RuleOutcome.Fail);
        reason.ShouldContain("target-leakage (Medium): it leaks");
        Judge("{rule: findings, none_above: low, except: [target-leakage]}").ShouldBe(RuleOutcome.Pass);
    }

    [Fact]
    public void Size_latency_signature_and_tags_are_looked_at()
    {
        Register(prepare: run => run.LogMetric("predict_us_per_row", 400));
        Judge("{rule: size, at_most: 5 B}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: size, at_most: 4}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: latency, metric: predict_us_per_row, at_most: 0.5ms}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: latency, metric: predict_us_per_row, at_most: 300us}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: latency, data: rows.csv, at_most: 300us}").ShouldBe(RuleOutcome.CannotTell);
        Judge("signature").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: tags, require: [reviewed]}").ShouldBe(RuleOutcome.Fail);
        tracker.Models.SetTag("films", "reviewed", "yes", 1);
        Judge("{rule: tags, require: [reviewed]}").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: tags, require: {reviewed: \"no\"}}").ShouldBe(RuleOutcome.Fail);
    }

    [Fact]
    public void Lineage_is_that_of_the_registration()
    {
        Register();
        Judge("lineage", out var reason).ShouldBe(RuleOutcome.Fail);
        reason.ShouldContain("no git commit");
        reason.ShouldContain("no data set");

        Register(prepare: run => run.Tag("mlflow.source.git.commit", new string('a', 40)).Tag("roux.git.dirty", "true").LogText("git.diff", "+x\n")
            .LogDataset(new Dataset("films.csv", "sha256:1", "films.csv"), "training"));
        Judge("lineage").ShouldBe(RuleOutcome.Pass);
        var lineage = tracker.Models.Find("films")!.Lineage!;
        lineage.Commit.ShouldBe(new string('a', 40));
        lineage.DiffDigest.ShouldNotBeNull().ShouldStartWith("sha256:");
        lineage.Data.ShouldBe([new LineageData("films.csv", "sha256:1", "training")]);
    }

    [Fact]
    public void A_repetition_with_the_same_results_counts()
    {
        var run = Register();
        Judge("reproduced").ShouldBe(RuleOutcome.Fail);
        using var again = tracker.Experiment("e").StartRun("again", tags: new Dictionary<string, string> { [RunMetrics.ReproducesTag] = run });
        again.Finish();
        Judge("reproduced").ShouldBe(RuleOutcome.Fail);
        ReproductionRecord.Write(tracker, again.Id, reproduced: false);
        Judge("reproduced").ShouldBe(RuleOutcome.Fail);
        ReproductionRecord.Write(tracker, again.Id, reproduced: true);
        Judge("reproduced").ShouldBe(RuleOutcome.Pass);
    }

    [Fact]
    public void Approvals_come_from_others()
    {
        Register();
        Judge("approvals").ShouldBe(RuleOutcome.Fail);
        Should.Throw<TrackingException>(() => tracker.Models.Approvals.Approve("films/1", "mine")).Message.ShouldContain("approvals come from others");
        using (var other = Open("sam"))
        {
            Should.Throw<TrackingException>(() => other.Models.Approvals.Approve("films/1", " ")).Message.ShouldContain("reason");
            other.Models.Approvals.Approve("films/1", "looked at the errors").Approvals.ShouldHaveSingleItem().Reason.ShouldBe("looked at the errors");
            other.Models.Approvals.Approve("films/1", "looked again").Approvals.ShouldHaveSingleItem().Reason.ShouldBe("looked again");
        }

        Judge("approvals").ShouldBe(RuleOutcome.Pass);
        Judge("{rule: approvals, at_least: 2}").ShouldBe(RuleOutcome.Fail);
        Judge("{rule: approvals, by: [rita, kim]}").ShouldBe(RuleOutcome.Fail);
        using (var other = Open("sam"))
        {
            other.Models.Approvals.Withdraw("films/1").Approvals.ShouldBeEmpty();
        }

        Judge("approvals").ShouldBe(RuleOutcome.Fail);
    }

    [Fact]
    public void Changed_files_fail_every_gate()
    {
        Register();
        var version = tracker.Models.Find("films/1")!;
        tracker.Models.Verify("films/1").Intact.ShouldBeTrue();
        File.WriteAllText(version.Location, "other");
        tracker.Models.Verify("films/1").Problem.ShouldContain("changed");
        var report = tracker.Models.Gates.Evaluate("films/1", Rules("{rule: size, at_most: 1 MB}"));
        report.Passed.ShouldBeFalse();
        report.Failures.ShouldHaveSingleItem().Kind.ShouldBe("files");
        File.Delete(version.Location);
        tracker.Models.Verify("films/1").Problem.ShouldContain("gone");
    }

    [Fact]
    public void The_database_refuses_to_change_a_version()
    {
        Register();
        Should.Throw<Exception>(() => tracker.Database.WritesOrThrow().Call(session => session.Sql.Execute("UPDATE model_versions SET digest = 'sha256:0'"))).Message.ShouldContain("does not change");
    }

    [Fact]
    public void A_model_that_demands_gates_refuses_promotion()
    {
        Register(f1: 0.5);
        Should.Throw<TrackingException>(() => tracker.Models.Gates.Evaluate("films/1")).Message.ShouldContain("demands no rules");
        var rules = GateRules.Parse("applies_to: {stages: [Production], aliases: [champion]}\nrules: [ {rule: metric, metric: f1, at_least: 0.6}, {rule: size, at_most: 1 MB} ]");
        tracker.Models.Gates.Set("films", rules);
        tracker.Models.Gates.Find("films")!.Digest.ShouldBe(rules.Digest);

        var refused = Should.Throw<PromotionRefusedException>(() => tracker.Models.SetStage("films", 1, ModelStage.Production));
        refused.Message.ShouldContain("f1 at least 0.6: f1 is 0.5");
        refused.Report.Failures.ShouldHaveSingleItem();
        Should.Throw<PromotionRefusedException>(() => tracker.Models.SetAlias("films", "champion", 1)).Message.ShouldContain("alias champion");
        tracker.Models.Find("films/1")!.ShouldSatisfyAllConditions(version => version.Stage.ShouldBe(ModelStage.None), version => version.Aliases.ShouldBeEmpty());
        tracker.Models.SetStage("films", 1, ModelStage.Staging);
        tracker.Models.SetAlias("films", "candidate", 1);

        Register(f1: 0.61);
        tracker.Models.SetStage("films", 2, ModelStage.Production, archiveExisting: true);
        tracker.Models.SetAlias("films", "champion", 2);
        tracker.Models.Gates.Set("films", null);
        tracker.Models.SetAlias("films", "champion", 1);
    }

    [Fact]
    public void Stage_and_alias_are_promoted_together_or_not_at_all()
    {
        Register(f1: 0.5);
        tracker.Models.Gates.Set("films", GateRules.Parse("applies_to: {aliases: [champion]}\nrules: [ {rule: metric, metric: f1, at_least: 0.6} ]"));
        Should.Throw<PromotionRefusedException>(() => tracker.Models.Promote("films", 1, ModelStage.Production, "champion", archiveExisting: true));
        tracker.Models.Find("films/1")!.Stage.ShouldBe(ModelStage.None);
        tracker.Models.Gates.Set("films", null);
        tracker.Models.Promote("films", 1, ModelStage.Production, "champion", archiveExisting: true);
        tracker.Models.Find("films@champion")!.Stage.ShouldBe(ModelStage.Production);
    }

    [Fact]
    public void A_rule_that_needs_models_passes_on_a_fresh_verdict()
    {
        Register();
        tracker.Models.SetAlias("films", "champion", 1);
        Register();
        var rules = GateRules.Parse("fresh_for: 1h\nrules: [ {rule: champion-data, data: holdout.csv} ]");
        tracker.Models.Gates.Set("films", rules);
        Should.Throw<PromotionRefusedException>(() => tracker.Models.SetStage("films", 2, ModelStage.Production)).Message.ShouldContain("roux gate films/2");

        tracker.Models.Gates.Evaluate("films/2", models: new Fixed(RuleOutcome.Fail)).Passed.ShouldBeFalse();
        Should.Throw<PromotionRefusedException>(() => tracker.Models.SetStage("films", 2, ModelStage.Production)).Message.ShouldContain("judged");

        tracker.Models.Gates.Evaluate("films/2", models: new Fixed(RuleOutcome.Pass)).Passed.ShouldBeTrue();
        tracker.Models.SetStage("films", 2, ModelStage.Production);
        tracker.Models.Gates.Results("films/2").Select(result => result.Passed).ShouldBe([true, false]);

        // A verdict against another champion says nothing about this one.
        Register();
        tracker.Models.SetAlias("films", "champion", 3);
        Should.Throw<PromotionRefusedException>(() => tracker.Models.SetStage("films", 2, ModelStage.Production)).Message.ShouldContain("films/3");
        tracker.Models.SetAlias("films", "champion", 1);
        using var later = Tracker.Open(folder.Store, new TrackerOptions { Actor = "rita", Time = new Shifted(TimeSpan.FromHours(2)) });
        Should.Throw<PromotionRefusedException>(() => later.Models.SetStage("films", 2, ModelStage.Production)).Message.ShouldContain("no fresh verdict");
    }

    private Tracker Open(string actor) => Tracker.Open(folder.Store, new TrackerOptions { Actor = actor });

    private string Register(double f1 = 0.7, Action<Run>? prepare = null)
    {
        using var run = tracker.Experiment("e").StartRun("r");
        run.LogText("model.bin", "bytes").LogMetric("f1", f1);
        prepare?.Invoke(run);
        run.Finish();
        tracker.Models.Register("films", run.Id, "model.bin").RegisteredBy.ShouldBe("rita");
        return run.Id;
    }

    private static GateRules Rules(string rule) => GateRules.Parse($"rules:\n  - {rule}\n");

    private RuleOutcome Judge(string rule) => Judge(rule, out _);

    private RuleOutcome Judge(string rule, out string reason)
    {
        var report = tracker.Models.Gates.Evaluate("films", Rules(rule));
        report.Results[0].Judgement.Outcome.ShouldBe(RuleOutcome.Pass);
        reason = report.Results[1].Judgement.Reason;
        return report.Results[1].Judgement.Outcome;
    }

    private sealed class Fixed(RuleOutcome outcome) : IGateModels
    {
        public Judgement Compare(ChampionDataRule rule, ModelVersionRecord version, ModelVersionRecord champion, CancellationToken cancellation) =>
            new(outcome, "judged", new JsonObject { ["champion_version"] = champion.Version });

        public Judgement Time(LatencyRule rule, ModelVersionRecord version, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
