using System.Globalization;
using Roux.Tests.S3;
using Roux.Tracking.Backup;
using Roux.Tracking.Tests.Transfer;
using Roux.Tracking.Transfer;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Backup;

/// <summary>Backups that are damaged, hostile or broken off, and those of a bucket.</summary>
public sealed class DamagedBackupTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("params")]
    [InlineData("metric_chunks")]
    [InlineData("artifacts")]
    [InlineData("content")]
    public void Damage_is_found_and_nothing_is_restored(string what)
    {
        Make();
        var snapshot = Path.Combine(Backups, "snapshots", StoreBackup.List(Backups)[0].Name);
        var file = what == "content"
            ? Directory.GetFiles(Path.Combine(Backups, "files"), "*", SearchOption.AllDirectories).First(path => new FileInfo(path).Length > 0)
            : Path.Combine(snapshot, what + ".rows.zst");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        StoreBackup.Verify(Backups).Problems.ShouldNotBeEmpty();
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("restored"))).Message.ShouldContain("nothing was restored");
        File.Exists(At("restored/roux.db")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("/tmp/roux-evil.txt")]
    [InlineData("0123456789abcdef0123456789abcdef/../../evil.txt")]
    [InlineData("models/../../../evil.txt")]
    [InlineData("a\\..\\..\\evil.txt")]
    [InlineData(".tmp/evil.txt")]
    [InlineData("evil.txt")]
    public void An_artifact_never_leaves_the_store(string path)
    {
        Make();
        Rewrite(files => [.. files.Take(1).Select(file => file with { Path = path })]);
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("deep/restored"))).Message.ShouldContain("damaged");
        Directory.GetFiles(folder.Folder, "*evil*", SearchOption.AllDirectories).ShouldBeEmpty();
        File.Exists("/tmp/roux-evil.txt").ShouldBeFalse();
    }

    [Fact]
    public void A_digest_is_no_path_and_a_link_is_no_way_out()
    {
        Make();
        var manifest = Path.Combine(Backups, "snapshots", StoreBackup.List(Backups)[0].Name, "manifest.json");
        var text = File.ReadAllText(manifest);
        var digest = BackupManifest.Read(manifest).Artifacts.Sha256;
        File.WriteAllText(manifest, text.Replace(digest, "../../../../etc/passwd", StringComparison.Ordinal));
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("restored"))).Message.ShouldContain("damaged");
        File.WriteAllText(manifest, text);

        // A link in the store that is restored into.
        var owner = ArtifactList.Read(Path.GetDirectoryName(manifest)!, BackupManifest.Read(manifest).Artifacts.Rows).First(file => file.Path.Contains("/notes/", StringComparison.Ordinal)).Path.Split('/')[0];
        Directory.CreateDirectory(At("outside"));
        Directory.CreateDirectory(At($"linked/artifacts/{owner}"));
        Directory.CreateSymbolicLink(At($"linked/artifacts/{owner}/notes"), At("outside"));
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("linked")));
        Directory.GetFileSystemEntries(At("outside")).ShouldBeEmpty();
    }

    [Fact]
    public void Snapshots_of_other_programs_and_versions_are_refused()
    {
        Directory.CreateDirectory(At("other"));
        File.WriteAllText(At("other/x"), "");
        using (var source = FilledStore.Make(folder.Store))
        {
            Should.Throw<TrackingException>(() => StoreBackup.Create(source, At("other"))).Message.ShouldContain("something else");
        }

        Should.Throw<TrackingException>(() => StoreBackup.List(At("other"))).Message.ShouldContain("no backups here");
        Make();
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("r"), new RestoreOptions { Snapshot = "../x" })).Message.ShouldContain("no such snapshot");
        var manifest = Path.Combine(Backups, "snapshots", StoreBackup.List(Backups)[0].Name, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace($"\"schema\": {Roux.Tracking.Sqlite.Migrations.Latest.ToString(CultureInfo.InvariantCulture)}", "\"schema\": 9999", StringComparison.Ordinal));
        Should.Throw<TrackingException>(() => StoreRestore.Run(Backups, At("r"))).Message.ShouldContain("later version");
    }

    [Fact]
    public void A_backup_that_is_killed_leaves_no_snapshot_and_the_next_one_is_whole()
    {
        FilledStore.Make(folder.Store).Dispose();
        var steps = Kill("backup", step: int.MaxValue);
        steps.ShouldBeGreaterThan(3);
        Directory.Delete(Backups, recursive: true);
        for (var step = 1; step < steps; step += 2)
        {
            Kill("backup", step);
            Directory.GetDirectories(Path.Combine(Backups, "snapshots")).ShouldBeEmpty();
        }

        Make();
        StoreBackup.Verify(Backups).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_restore_that_is_killed_leaves_the_store_as_it_was()
    {
        using (var source = FilledStore.Make(folder.Store))
        {
            StoreTransfer.Export(source, At("before"));
        }

        Make();
        using (var changed = Tracker.Open(folder.Store))
        {
            using var run = changed.Experiment("films").StartRun("more");
        }

        var steps = 2;
        for (var step = 2; step <= steps; step += 17)
        {
            Kill("restore", step);
            using var left = Tracker.Open(folder.Store);
            left.SearchRuns(new RunQuery()).Count.ShouldBe(4);
            steps = 60;
        }

        // Into a place where there was none: no store, until one is whole.
        Directory.Move(Backups, BackupProcess.BackupOf(At("new")));
        var all = Kill("restore", int.MaxValue, At("new"));
        Directory.Delete(At("new"), recursive: true);
        Kill("restore", all - 1, At("new"));
        File.Exists(At("new/roux.db")).ShouldBeFalse();
        Kill("restore", int.MaxValue, At("new"));
        using var restored = Tracker.Open(At("new"));
        StoreTransfer.Export(restored, At("after"));
        FilledStore.Contents(At("after")).ShouldBe(FilledStore.Contents(At("before")));
    }

    [Fact]
    public void A_bucket_is_backed_up_and_restored_into_a_folder()
    {
        using var bucket = new S3Double();
        using (var source = Tracker.Open(folder.Store, new TrackerOptions { Artifacts = bucket.Place }))
        {
            using var run = source.Experiment("e").StartRun("x");
            run.LogText("a/b.txt", "content").LogText("m", "model");
            run.Finish();
            source.Models.Register("m", run.Id, "m");
            StoreBackup.Create(source, Backups).NewFiles.ShouldBe(2);
            StoreBackup.Create(source, Backups).NewFiles.ShouldBe(0);
        }

        StoreRestore.Run(Backups, At("restored"));
        using var restored = Tracker.OpenReadOnly(At("restored"));
        restored.Models.Verify("m/1").Intact.ShouldBeTrue();
        File.ReadAllText(restored.ArtifactFile(restored.SearchRuns(new RunQuery())[0].Id, "a/b.txt")).ShouldBe("content");
    }

    private string At(string name) => Path.Combine(folder.Folder, name);

    private string Backups => BackupProcess.BackupOf(folder.Store);

    private void Make()
    {
        using var source = File.Exists(Path.Combine(folder.Store, "roux.db")) ? Tracker.OpenReadOnly(folder.Store) : FilledStore.Make(folder.Store);
        StoreBackup.Create(source, Backups).Problems.ShouldBeEmpty();
    }

    /// <summary>Puts another list of artifacts into the snapshot, with a manifest that fits.</summary>
    private void Rewrite(Func<List<BackedUpFile>, List<BackedUpFile>> change)
    {
        var snapshot = Path.Combine(Backups, "snapshots", StoreBackup.List(Backups)[0].Name);
        var (list, manifest) = (Path.Combine(snapshot, "artifacts.rows.zst"), Path.Combine(snapshot, "manifest.json"));
        var known = BackupManifest.Read(manifest);
        var files = change([.. ArtifactList.Read(snapshot, known.Artifacts.Rows)]);
        File.Delete(list);
        File.Delete(manifest);
        var entry = TableFile.Create(list, writer =>
        {
            files.ForEach(file => ArtifactList.Write(writer, file));
            return files.Count;
        });
        (known with { Artifacts = entry }).Write(manifest);
    }

    private int Kill(string role, int step, string? store = null) => BackupProcess.Kill(role, store ?? folder.Store, step);
}
