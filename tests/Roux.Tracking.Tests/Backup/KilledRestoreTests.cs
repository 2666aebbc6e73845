using System.Diagnostics;
using Roux.Tests;
using Roux.Tracking.Tests.Transfer;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Backup;

/// <summary>Restores into a database that are killed at their steps.</summary>
public sealed class KilledRestoreTestsOnPostgres : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_restore_that_is_killed_leaves_the_database_as_it_was_and_can_be_repeated()
    {
        using (var source = FilledStore.Make(folder.Store))
        {
            StoreTransfer.Export(source, At("before"));
            StoreBackup.Create(source, BackupProcess.BackupOf(folder.Store)).Problems.ShouldBeEmpty();
        }

        var steps = Restore(int.MaxValue);
        using (var changed = Tracker.Open(folder.Store))
        {
            changed.Experiment("films").StartRun("more").Finish();
        }

        // In the middle of the tables, and when all of them are loaded.
        foreach (var step in new[] { steps - 8, steps })
        {
            Restore(step);
            using var left = Tracker.Open(folder.Store);
            left.SearchRuns(new RunQuery()).Count.ShouldBe(4);
        }

        Restore(int.MaxValue);
        using var restored = Tracker.Open(folder.Store);
        StoreTransfer.Export(restored, At("after"));
        FilledStore.Contents(At("after")).ShouldBe(FilledStore.Contents(At("before")));
    }

    [Fact]
    public void A_database_whose_first_restore_was_killed_is_empty()
    {
        using (var source = FilledStore.Make(folder.Store))
        {
            StoreBackup.Create(source, BackupProcess.BackupOf(folder.Store)).Problems.ShouldBeEmpty();
        }

        var address = PostgresServer.Shared.NewDatabase(At("new"));
        Directory.Move(BackupProcess.BackupOf(folder.Store), BackupProcess.BackupOf(address));
        var steps = Restore(int.MaxValue, address);
        address = PostgresServer.Shared.NewDatabase(At("new"));
        Restore(steps, address);
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(address));

        Restore(int.MaxValue, address);
        using var restored = Tracker.OpenReadOnly(address);
        restored.SearchRuns(new RunQuery()).Count.ShouldBe(3);
    }

    private string At(string name) => Path.Combine(folder.Folder, name);

    /// <summary>Restores up to a step. The server takes a moment to notice that somebody was killed.</summary>
    private int Restore(int step, string? address = null)
    {
        var store = address ?? folder.Store;
        var waited = Stopwatch.StartNew();
        while (Others(store) != "0" && waited.Elapsed < TimeSpan.FromSeconds(20))
        {
            Thread.Sleep(20);
        }

        return BackupProcess.Kill("restore", store, step);
    }

    private static string Others(string store)
    {
        var database = store["postgres://postgres@/".Length..store.IndexOf('?', StringComparison.Ordinal)];
        return PostgresServer.Shared.Sql("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND application_name = 'roux'").Trim();
    }
}
