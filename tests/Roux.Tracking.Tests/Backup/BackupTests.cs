using Roux.Tests;
using Roux.Tracking.Tests.Transfer;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Backup;

/// <summary>Backups and their way back, between all kinds of stores.</summary>
public class BackupTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_comes_back_bit_for_bit_whatever_database_it_goes_to(bool intoPostgres)
    {
        using var source = FilledStore.Make(folder.Store);
        source.Models.Gates.Set("films", GateRules.Parse("rules: [lineage]"));
        StoreTransfer.Export(source, At("before"));
        var report = StoreBackup.Create(source, At("backups"));
        report.Problems.ShouldBeEmpty();
        report.Backup.Runs.ShouldBe(3);
        report.Backup.ModelVersions.ShouldBe(1);
        StoreBackup.Verify(At("backups")).Problems.ShouldBeEmpty();

        var place = intoPostgres ? PostgresServer.Shared.NewDatabase(At("restored-artifacts")) : At("restored");
        StoreRestore.Run(At("backups"), place).Artifacts.ShouldBe(report.Backup.Artifacts);
        using var restored = Tracker.Open(place);
        StoreTransfer.Export(restored, At("after"));
        FilledStore.Contents(At("after")).ShouldBe(FilledStore.Contents(At("before")));
        restored.Models.Audit.Verify(source.Models.Audit.Verify().Head).Intact.ShouldBeTrue();
        restored.Models.Verify("films/1").Intact.ShouldBeTrue();

        // What is logged next gets ids of its own.
        using var next = restored.Experiment("films").StartRun("next");
        next.Log("lr", 1).Log("a new key", 2).LogMetric("loss", 1).LogText("m", "x");
        next.Finish();
        restored.GetRun(next.Id).Metrics["loss"].Value.ShouldBe(1);
        restored.Models.Register("films", next.Id, "m").Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_backup_is_one_moment_of_a_store_that_is_written_to()
    {
        using var source = Tracker.Open(folder.Store);
        using var stop = new CancellationTokenSource();
        var experiment = source.Experiment("busy");
        var writer = Task.Run(
            () =>
            {
                for (var number = 0; !stop.IsCancellationRequested; number++)
                {
                    using var run = experiment.StartRun($"r{number}");
                    run.Log("a", number).LogMetric("m", number).LogText("t.txt", $"{number}");
                    run.Finish();
                }
            },
            CancellationToken.None);
        SpinWait.SpinUntil(() => source.Experiments()[0].Runs > 5, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        var report = StoreBackup.Create(source, At("backups"));
        await stop.CancelAsync();
        await writer.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

        StoreRestore.Run(At("backups"), At("restored"));
        using var restored = Tracker.OpenReadOnly(At("restored"));
        var runs = restored.SearchRuns(new RunQuery { MaxResults = 50_000 });
        runs.Count.ShouldBe((int)report.Backup.Runs);
        foreach (var run in runs.Where(run => run.Status == RunStatus.Finished))
        {
            run.Params["a"].ShouldBe(run.Name[1..]);
            run.Metrics["m"].Value.ShouldBe(double.Parse(run.Name[1..], System.Globalization.CultureInfo.InvariantCulture));
            File.ReadAllText(restored.ArtifactFile(run.Id, "t.txt")).ShouldBe(run.Name[1..]);
        }
    }

    [Fact]
    public void A_later_backup_copies_what_is_new_and_old_ones_go_when_told()
    {
        using var source = FilledStore.Make(folder.Store);
        var first = StoreBackup.Create(source, At("backups"));
        first.NewFiles.ShouldBeGreaterThan(0);
        var again = StoreBackup.Create(source, At("backups"));
        again.NewFiles.ShouldBe(0);
        again.Backup.Artifacts.ShouldBe(first.Backup.Artifacts);

        using (var run = source.Experiment("films").StartRun("more"))
        {
            run.LogText("same.txt", "text").LogText("other.txt", "other text");
        }

        // notes/a.txt has the same content as same.txt.
        StoreBackup.Create(source, At("backups")).NewFiles.ShouldBe(1);
        StoreBackup.List(At("backups")).Select(backup => backup.Runs).ShouldBe([3, 3, 4]);
        StoreBackup.Create(source, At("backups"), keep: 2).Removed.ShouldBe([first.Backup.Name, again.Backup.Name]);
        StoreBackup.List(At("backups")).Count.ShouldBe(2);
        StoreBackup.Verify(At("backups")).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_store_with_something_in_it_is_replaced_only_when_told_to_and_unused()
    {
        using (var source = FilledStore.Make(folder.Store))
        {
            StoreBackup.Create(source, At("backups"));
            using var run = source.Experiment("later").StartRun("later");
        }

        var message = Should.Throw<TrackingException>(() => StoreRestore.Run(At("backups"), folder.Store)).Message;
        message.ShouldContain("2 experiments, 4 runs, 1 registered models");
        message.ShouldContain("--force");
        using (Tracker.Open(folder.Store))
        {
            Should.Throw<TrackingException>(() => StoreRestore.Run(At("backups"), folder.Store, new RestoreOptions { Force = true })).Message.ShouldContain("in use");
        }

        StoreRestore.Run(At("backups"), folder.Store, new RestoreOptions { Force = true }).Replaced.ShouldNotBeNull().ShouldContain("4 runs");
        using var restored = Tracker.Open(folder.Store);
        restored.Experiments().ShouldHaveSingleItem().Name.ShouldBe("films");
    }

    [Fact]
    public void A_registered_model_whose_files_are_elsewhere_is_told()
    {
        using var source = FilledStore.Make(folder.Store);
        Directory.Delete(Path.Combine(folder.Artifacts, "models"), recursive: true);
        StoreBackup.Create(source, At("backups")).Problems.ShouldHaveSingleItem().ShouldContain("films/1");
    }

    private string At(string name) => Path.Combine(folder.Folder, name);
}
