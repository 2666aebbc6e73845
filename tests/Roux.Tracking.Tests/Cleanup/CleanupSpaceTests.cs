using Roux.Tests;
using Roux.Tests.S3;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Cleanup;

/// <summary>What depends on where a store lies.</summary>
public sealed class CleanupSpaceTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_database_shrinks()
    {
        using var tracker = Tracker.Open(folder.Store);
        for (var number = 0; number < 30; number++)
        {
            using var run = tracker.Experiment("films").StartRun();
            run.Tag("long", new string((char)('a' + (number % 26)), 50_000));
            run.Finish();
            tracker.DeleteRun(run.Id);
        }

        var kept = StoreCleanup.Run(tracker, new CleanupOptions { DeletedFor = TimeSpan.Zero, Experiments = ["films"], Vacuum = false });
        kept.DatabaseAfter.ShouldBe(kept.DatabaseBefore);
        kept.DatabaseFree.ShouldBeGreaterThan(1_000_000);
        var report = StoreCleanup.Run(tracker, new CleanupOptions { Vacuum = true });
        report.DatabaseAfter.ShouldBeLessThan(report.DatabaseBefore - 1_000_000);
        new FileInfo(Path.Combine(folder.Store, "roux.db")).Length.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Files_of_another_store_are_never_orphans()
    {
        var address = PostgresServer.Shared.NewDatabase(folder.Artifacts);
        using (var files = Tracker.Open(folder.Store))
        {
            CleanupTests.Made(files, "theirs");
        }

        using var tracker = Tracker.Open(address);
        Should.Throw<TrackingException>(() => StoreCleanup.Look(tracker, new CleanupOptions { Orphans = true })).Message.ShouldContain("belongs to the store in");
    }

    [Fact]
    public void Runs_in_a_bucket_go_and_so_do_uploads_that_nobody_finished()
    {
        using var bucket = new S3Double();
        using var tracker = Tracker.Open(folder.Store, new TrackerOptions { Artifacts = bucket.Place });
        var gone = CleanupTests.Made(tracker, "gone");
        var stays = CleanupTests.Made(tracker, "stays");
        tracker.DeleteRun(gone);
        bucket.Initiated = DateTime.UtcNow.AddDays(-3);
        var upload = tracker.Artifacts.Create(stays, "large.bin");
        upload.Write(new byte[17 << 20]);
        bucket.OpenUploads.ShouldBe(1);

        var report = StoreCleanup.Run(tracker, new CleanupOptions { DeletedFor = TimeSpan.Zero });
        (report.Runs, report.Files, report.Uploads).ShouldBe((1, 2, 1));
        bucket.OpenUploads.ShouldBe(0);
        bucket.Objects.Keys.ShouldAllBe(key => key.Contains(stays));
        bucket.Objects.Count.ShouldBe(2);
        upload.Abandon();
    }
}
