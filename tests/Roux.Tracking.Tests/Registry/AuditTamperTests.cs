using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Registry;

/// <summary>Nothing that was put down in the audit log can be changed, nor, past the database's triggers, changed unseen.</summary>
public sealed class AuditTamperTests : IDisposable
{
    private readonly TemporaryStore folder = new();
    private readonly Tracker tracker;

    public AuditTamperTests()
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
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'sam' WHERE id = 1")]
    [InlineData("DELETE FROM audit_log WHERE id = 2")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("INSERT OR REPLACE INTO audit_log (id, time, actor, action, previous, hash) VALUES (1, 0, 'sam', 'x', '', '')")]
    [InlineData("INSERT INTO audit_log (id, time, actor, action, previous, hash) VALUES (9, 0, 'sam', 'x', '', '')")]
    public void The_database_refuses_to_change_the_log(string sql)
    {
        Should.Throw<Exception>(() => Execute(sql)).Message.ShouldContain("append-only");
        tracker.Models.Audit.Verify().Intact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'sam' WHERE id = 2", 2, "not what was written")]
    [InlineData("UPDATE audit_log SET after = NULL WHERE id = 2", 2, "not what was written")]
    [InlineData("DELETE FROM audit_log WHERE id = 2", 3, "missing")]
    [InlineData("DELETE FROM audit_log WHERE id = 3", 3, "at the end")]
    [InlineData("UPDATE audit_log SET id = id - 1 WHERE id > 1", 1, "missing")]
    public void Tampering_past_the_triggers_shows(string sql, long brokenAt, string problem)
    {
        tracker.Models.SetDescription("films", "genres");
        Execute("DROP TRIGGER audit_log_keeps_entries");
        Execute("DROP TRIGGER audit_log_loses_none");
        if (sql.Contains("id - 1", StringComparison.Ordinal))
        {
            Execute("DELETE FROM audit_log WHERE id = 1");
            Execute("UPDATE audit_log SET id = id - 1");
            (brokenAt, problem) = (1, "does not follow");
        }
        else
        {
            Execute(sql);
        }

        tracker.Models.Audit.Verify().ShouldSatisfyAllConditions(
            result => result.Intact.ShouldBeFalse(),
            result => result.BrokenAt.ShouldBe(brokenAt),
            result => result.Problem.ShouldContain(problem));
    }

    private void Execute(string sql) => tracker.Database.WritesOrThrow().Call(session => session.Sql.Execute(sql));
}
