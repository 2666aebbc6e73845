using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Everything that changes the registry is put down.</summary>
public class AuditLogTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public AuditLogTests()
    {
        tracker = Tracker.Open(folder.Store, new TrackerOptions { Actor = "rita" });
        using var run = tracker.Experiment("e").StartRun("r");
        run.LogText("model.bin", "bytes");
        tracker.Models.Register("films", run.Id, "model.bin");
    }

    public void Dispose()
    {
        tracker.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Every_change_is_put_down()
    {
        tracker.Models.SetTag("films", "owner", "rita");
        tracker.Models.SetTag("films", "owner", "sam");
        tracker.Models.SetTag("films", "owner", "sam"); // nothing changes
        tracker.Models.SetTag("films", "reviewed", "yes", 1);
        tracker.Models.DeleteTag("films", "owner");
        tracker.Models.SetDescription("films", "genres");
        tracker.Models.SetAlias("films", "champion", 1);
        tracker.Models.SetStage("films", 1, ModelStage.Production);
        tracker.Models.DeleteAlias("films", "champion");
        tracker.Models.DeleteAlias("films", "champion"); // nothing changes
        tracker.Models.Gates.Set("films", GateRules.Parse("rules: [ lineage ]"));
        tracker.Models.Gates.Evaluate("films/1");
        tracker.Models.Webhooks.Add("https://example.org/x?token=s3cret");

        var entries = tracker.Models.Audit.Search(new AuditQuery());
        entries.Select(entry => entry.Action).Reverse().ShouldBe(
        [
            "model.created", "version.registered", "model.tagged", "model.tagged", "version.tagged", "model.tagged", "model.described", "alias.set", "version.promoted", "alias.deleted",
            "model.gates-set", "gate.failed", "webhook.added",
        ]);
        entries.ShouldAllBe(entry => entry.Actor == "rita");
        entries.Select(entry => entry.Number).ShouldBe(Enumerable.Range(1, 13).Reverse().Select(number => (long)number));
        entries[^4].ShouldSatisfyAllConditions(entry => entry.Before.ShouldBe("""{"owner":"rita"}"""), entry => entry.After.ShouldBe("""{"owner":"sam"}"""));
        entries[4].ShouldSatisfyAllConditions(entry => entry.Before.ShouldBe("""{"stage":"None"}"""), entry => entry.After.ShouldBe("""{"stage":"Production"}"""));
        string.Concat(entries.Select(entry => entry.After)).ShouldNotContain("s3cret");

        tracker.Models.Audit.Search(new AuditQuery { Action = "alias.*" }).Count.ShouldBe(2);
        tracker.Models.Audit.Search(new AuditQuery { Version = 1, Model = "films", MaxResults = 2 }).Select(entry => entry.Action).ShouldBe(["gate.failed", "alias.deleted"]);
        tracker.Models.Audit.Search(new AuditQuery { Actor = "sam" }).ShouldBeEmpty();
        tracker.Models.Audit.Search(new AuditQuery { Until = DateTimeOffset.UnixEpoch }).ShouldBeEmpty();
        tracker.Models.Audit.Search(new AuditQuery { Below = 3 }).Count.ShouldBe(2);
        tracker.Models.Audit.Verify().ShouldSatisfyAllConditions(result => result.Intact.ShouldBeTrue(), result => result.Head.ShouldBe(entries[0].Hash));
    }

    [Fact]
    public void A_change_that_fails_leaves_no_entry()
    {
        tracker.Models.Gates.Set("films", GateRules.Parse("rules: [ lineage ]"));
        Should.Throw<TrackingException>(() => tracker.Models.SetStage("films", 1, ModelStage.Production));
        Should.Throw<TrackingException>(() => tracker.Models.SetAlias("films", "champion", 9));
        tracker.Models.Audit.Verify().Entries.ShouldBe(3);
    }

    [Fact]
    public void A_log_that_was_written_anew_lacks_the_hash_that_was_known()
    {
        var head = tracker.Models.Audit.Verify().Head;
        tracker.Models.SetDescription("films", "genres");
        tracker.Models.Audit.Verify(head).Intact.ShouldBeTrue();
        tracker.Models.Audit.Verify(new string('0', 64)).Problem.ShouldContain("written anew");
    }
}
