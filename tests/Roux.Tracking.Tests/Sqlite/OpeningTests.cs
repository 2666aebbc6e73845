using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Sqlite;

/// <summary>Stores that can be opened, and those that cannot: one clear message each.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryStore folder = new();

    private string Database => Path.Combine(folder.Store, "roux.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AStoreIsCreatedOnce()
    {
        using (var tracker = Tracker.Open(folder.Store))
        {
            using var run = tracker.Experiment("e").StartRun("x");
            tracker.Store.ShouldBe(folder.Store);
        }

        using var again = Tracker.Open(folder.Store);
        again.SearchRuns(new RunQuery()).ShouldHaveSingleItem().Name.ShouldBe("x");
        Sql("PRAGMA journal_mode").ShouldBe("wal");
        Sql("PRAGMA user_version").ShouldBe((long)Roux.Tracking.Sqlite.Migrations.Latest);
    }

    [Fact]
    public void AStoreOfANewerVersionIsRefusedAndUntouched()
    {
        Tracker.Open(folder.Store).Dispose();
        Sql("PRAGMA user_version = 99");
        var before = File.ReadAllBytes(Database);
        foreach (var open in new Func<Tracker>[] { () => Tracker.Open(folder.Store), () => Tracker.OpenReadOnly(folder.Store) })
        {
            var message = Should.Throw<TrackingException>(open).Message;
            message.ShouldContain("version 99");
            message.ShouldContain($"reads up to {Roux.Tracking.Sqlite.Migrations.Latest}");
            message.ShouldContain("upgrade");
        }

        File.ReadAllBytes(Database).ShouldBe(before);
        new FileInfo(Database + "-wal").ShouldSatisfyAllConditions(log => (log.Exists ? log.Length : 0).ShouldBe(0));
    }

    [Fact]
    public void JunkIsRefusedAndUntouched()
    {
        Directory.CreateDirectory(folder.Store);
        var junk = new byte[10_000];
        new Random(1).NextBytes(junk);
        File.WriteAllBytes(Database, junk);
        Should.Throw<TrackingException>(() => Tracker.Open(folder.Store)).Message.ShouldContain("not a Roux store");
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("not a Roux store");
        File.ReadAllBytes(Database).ShouldBe(junk);
    }

    [Fact]
    public void ADatabaseOfAnotherProgramIsRefusedAndUntouched()
    {
        Directory.CreateDirectory(folder.Store);
        Sql("CREATE TABLE precious (x); INSERT INTO precious VALUES (1)");
        var before = File.ReadAllBytes(Database);
        Should.Throw<TrackingException>(() => Tracker.Open(folder.Store)).Message.ShouldContain("another program");
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("another program");
        File.ReadAllBytes(Database).ShouldBe(before);
    }

    [Fact]
    public void AnEmptyFileBecomesAStore()
    {
        Directory.CreateDirectory(folder.Store);
        File.WriteAllBytes(Database, []);
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("empty");
        using var tracker = Tracker.Open(folder.Store);
        tracker.Experiment("e").StartRun().Dispose();
    }

    [Fact]
    public void AMigrationThatWasInterruptedIsDoneAgain()
    {
        // As a process leaves it that died after WAL mode was set and before the first commit.
        Directory.CreateDirectory(folder.Store);
        Sql("PRAGMA journal_mode = WAL");
        using var tracker = Tracker.Open(folder.Store);
        tracker.Experiment("e").StartRun().Dispose();
    }

    [Fact]
    public void AMissingStoreIsNotCreatedByReading()
    {
        Should.Throw<TrackingException>(() => Tracker.OpenReadOnly(folder.Store)).Message.ShouldContain("no store here");
        Directory.Exists(folder.Store).ShouldBeFalse();
        Should.Throw<TrackingException>(() => Tracker.Open("")).Message.ShouldContain("empty");
    }

    [Fact]
    public void AFileInPlaceOfTheFolderIsRefused()
    {
        File.WriteAllText(folder.Store, "x");
        Should.Throw<TrackingException>(() => Tracker.Open(folder.Store)).Message.ShouldContain(folder.Store);
        Should.Throw<TrackingException>(() => Tracker.Open(Path.Combine(folder.Store, "deeper"))).Message.ShouldContain("deeper");
    }

    [Fact]
    public void AReaderDoesNotWrite()
    {
        using (var tracker = Tracker.Open(folder.Store))
        {
            using var run = tracker.Experiment("e").StartRun("x");
            run.LogText("a.txt", "a");
            Should.NotThrow(() => tracker.Models.Register("m", run.Id, "a.txt"));
        }

        using var reader = Tracker.OpenReadOnly(folder.Store);
        var id = reader.SearchRuns(new RunQuery()).ShouldHaveSingleItem().Id;
        foreach (var write in new Action[]
        {
            () => reader.Experiment("e").StartRun(), () => reader.Experiment("new"), () => reader.Resume(id), () => reader.DeleteRun(id),
            () => reader.Models.SetAlias("m", "best", 1), () => reader.Models.Register("m", id, "a.txt"),
        })
        {
            Should.Throw<TrackingException>(write).Message.ShouldContain("reading only");
        }
    }

    [Fact]
    public void AReaderAndAWriterLiveTogether()
    {
        using var tracker = Tracker.Open(folder.Store);
        using var reader = Tracker.OpenReadOnly(folder.Store);
        using var run = tracker.Experiment("e").StartRun("x");
        run.LogMetric("m", 1);
        run.Flush();
        reader.GetRun(run.Id).Metric("m").ShouldBe(1);
        run.LogMetric("m", 2, 1);
        run.Flush();
        reader.GetRun(run.Id).Metric("m").ShouldBe(2);
    }

    [Fact]
    public void AReadOnlyDiskIsReadAndNotWritten()
    {
        using (var mount = Mount.Tmpfs(folder.Folder, "8m"))
        {
            var store = Path.Combine(mount.Folder, "store");
            using (var tracker = Tracker.Open(store))
            {
                tracker.Experiment("e").StartRun("x").Dispose();
            }

            mount.MakeReadOnly();
            Should.Throw<TrackingException>(() => Tracker.Open(store)).Message.ShouldContain("read-only");
            Should.Throw<TrackingException>(() => Tracker.Open(Path.Combine(mount.Folder, "other"))).Message.ShouldContain("other");
            using var reader = Tracker.OpenReadOnly(store);
            reader.SearchRuns(new RunQuery()).ShouldHaveSingleItem().Name.ShouldBe("x");
        }
    }

    [Fact]
    public void AFullDiskIsToldOnceAndCostsNothingAcknowledged()
    {
        using var mount = Mount.Tmpfs(folder.Folder, "3m");
        var store = Path.Combine(mount.Folder, "store");
        string id;
        var acknowledged = 0;
        using (var tracker = Tracker.Open(store))
        {
            using var run = tracker.Experiment("e").StartRun("x");
            id = run.Id;
            var random = new Random(1);
            var message = Should.Throw<TrackingException>(() =>
            {
                for (var step = 0; step < 2_000_000; step++)
                {
                    run.LogMetric("noise", random.NextDouble(), step);
                    if (step % 1000 == 999)
                    {
                        run.Flush();
                        acknowledged = step + 1;
                    }
                }
            }).Message;
            message.ShouldContain("the disk is full");
            Should.Throw<TrackingException>(() => run.LogBytes("big.bin", new byte[4 << 20])).Message.ShouldContain("full");

            // Told already: disposing is silent.
        }

        acknowledged.ShouldBeGreaterThan(0);
        using var reader = Tracker.OpenReadOnly(store);
        reader.GetMetricSeries(id, "noise").Count.ShouldBeGreaterThanOrEqualTo(acknowledged);
        Directory.GetFiles(Path.Combine(store, "artifacts", ".tmp")).ShouldBeEmpty();
    }

    [Fact]
    public void AFailureNobodyHeardOfIsThrownByDispose()
    {
        using var mount = Mount.Tmpfs(folder.Folder, "2m");
        using var tracker = Tracker.Open(Path.Combine(mount.Folder, "store"));
        var run = tracker.Experiment("e").StartRun("x");
        var noise = new double[4000];
        var random = new Random(1);
        for (var key = 0; key < 80; key++)
        {
            for (var index = 0; index < noise.Length; index++)
            {
                noise[index] = random.NextDouble();
            }

            run.LogMetrics($"m{key}", noise);
        }

        Should.Throw<TrackingException>(run.Dispose).Message.ShouldContain("full");
    }

    private object? Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A small file system in memory; the test is skipped where mounting is not allowed.</summary>
    private sealed class Mount : IDisposable
    {
        private Mount(string folder) => Folder = folder;

        public string Folder { get; }

        public static Mount Tmpfs(string under, string size)
        {
            var folder = Path.Combine(under, "mount");
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder) != 0)
            {
                Assert.Skip("mounting a small tmpfs needs Linux and root");
            }

            return new Mount(folder);
        }

        public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Folder).ShouldBe(0);

        public void Dispose()
        {
            Run("umount", "-l", Folder);
        }

        private static int Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
