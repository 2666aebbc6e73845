using Roux.Tracking.Storage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Storage;

public sealed class WriteQueueTests : IDisposable
{
    private readonly TemporaryStore store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void WhoFindsNobodyAtItWritesOnItsOwnThread()
    {
        using var tracker = Tracker.Open(store.Store);
        var writes = tracker.Database.WritesOrThrow();
        writes.Settle();

        writes.Call(_ => Environment.CurrentManagedThreadId).ShouldBe(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void AWriteThatThrowsLeavesNothingAndHarmsNoOther()
    {
        using var tracker = Tracker.Open(store.Store);
        var writes = tracker.Database.WritesOrThrow();

        var refused = Should.Throw<InvalidOperationException>(() => writes.Call<long>(session =>
        {
            session.Sql.Execute("INSERT INTO keys (name) VALUES ('refused')");
            session.Key("refused too");
            throw new InvalidOperationException("changed my mind");
        }));
        var kept = writes.Call(session => session.Key("kept"));

        refused.Message.ShouldBe("changed my mind");
        tracker.Read(session => session.Rows("SELECT name FROM keys WHERE name IN ('refused', 'refused too', 'kept')", row => row.Text(0))).ShouldBe(["kept"]);
        tracker.Read(session => session.Number("SELECT id FROM keys WHERE name = 'kept'")).ShouldBe(kept);
    }

    [Fact]
    public async Task WritesOfManyThreadsComeOneAfterTheOtherAndAfterWhatTheirThreadAddedBefore()
    {
        const int threads = 8, rounds = 100;
        using var tracker = Tracker.Open(store.Store);
        var writes = tracker.Database.WritesOrThrow();
        var experiment = writes.Call(session => session.Sql.Insert("INSERT INTO experiments (name, created) VALUES ('count', 0)"));

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(
            async () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    var name = $"key {thread} {round}";
                    writes.Add(new Deferred(session => session.Sql.Execute("INSERT INTO keys (name) VALUES ($name)", ("$name", name))));
                    var seen = await writes.StartAsync(session =>
                    {
                        var count = session.Sql.Number("SELECT created FROM experiments WHERE id = $id", ("$id", experiment)) ?? 0;
                        session.Sql.Execute("UPDATE experiments SET created = $count WHERE id = $id", ("$count", count + 1), ("$id", experiment));
                        return session.Sql.Number("SELECT count(*) FROM keys WHERE name = $name", ("$name", name));
                    });
                    seen.ShouldBe(1);
                }
            },
            TestContext.Current.CancellationToken)));

        tracker.Read(session => session.Number("SELECT created FROM experiments WHERE id = $id", ("$id", experiment))).ShouldBe(threads * rounds);
        writes.Depth.ShouldBe(0);
    }
}
