using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Cleanup;

/// <summary>What <c>roux gc</c> removes, and what it leaves.</summary>
public class CleanupTests : IDisposable
{
    private static readonly CleanupOptions AtOnce = new() { DeletedFor = TimeSpan.Zero, Unfinished = TimeSpan.Zero };

    private readonly TemporaryStore folder = new();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Deleted_runs_go_with_all_that_is_theirs_and_a_look_changes_nothing()
    {
        using var tracker = Tracker.Open(folder.Store);
        var stays = Made(tracker, "stays");
        var gone = Made(tracker, "gone");
        tracker.DeleteRun(gone);
        StoreCleanup.Look(tracker).Runs.ShouldBe(0, "deleted a moment ago: it can be restored for 30 days");
        var plan = StoreCleanup.Look(tracker, AtOnce);
        (plan.Done, plan.Runs, plan.LiveRuns, plan.Files, plan.FileBytes).ShouldBe((false, 1, 0, 2, 14));
        tracker.RestoreRun(gone);
        tracker.DeleteRun(gone);

        var report = StoreCleanup.Run(tracker, AtOnce);
        (report.Done, report.Runs, report.Files, report.FileBytes).ShouldBe((true, 1, 2, 14));
        report.DatabaseBefore.ShouldBeGreaterThan(0);
        Directory.Exists(Path.Combine(folder.Artifacts, gone)).ShouldBeFalse();
        tracker.SearchRuns(new RunQuery { IncludeDeleted = true }).ShouldHaveSingleItem().Id.ShouldBe(stays);
        tracker.GetRun(stays).Params["lr"].ShouldBe("0.1");
        File.ReadAllText(tracker.ArtifactFile(stays, "a/b.txt")).ShouldBe("content");
        foreach (var table in new[] { "params", "tags", "metric_chunks", "latest_metrics", "run_datasets", "findings", "warnings" })
        {
            Rows(tracker, $"SELECT count(*) FROM {table} WHERE run NOT IN (SELECT id FROM runs)").ShouldBe(0);
        }

        StoreCleanup.Run(tracker, AtOnce).Runs.ShouldBe(0);
        tracker.Models.Audit.Search(new AuditQuery { Action = RegistryAction.RunsRemoved }).ShouldHaveSingleItem().Before.ShouldNotBeNull().ShouldContain(gone);
        tracker.Models.Audit.Verify().Intact.ShouldBeTrue();
    }

    [Fact]
    public void What_something_needs_stays_and_says_why()
    {
        using var tracker = Tracker.Open(folder.Store);
        var registered = Made(tracker, "registered");
        tracker.Models.Register("films", registered, "a");
        string parent, child;
        using (var run = tracker.Experiment("films").StartRun("parent"))
        {
            using var part = run.StartChild("part");
            (parent, child) = (run.Id, part.Id);
        }

        var captured = Made(tracker, "captured");
        using (var user = tracker.Experiment("films").StartRun("user"))
        {
            user.Tag("roux.captured_by", captured);
        }

        var free = Made(tracker, "free");
        foreach (var run in new[] { registered, parent, captured, free })
        {
            tracker.DeleteRun(run);
        }

        using var open = tracker.Experiment("films").StartRun("open");
        tracker.DeleteRun(open.Id);

        var report = StoreCleanup.Run(tracker, AtOnce);
        report.Runs.ShouldBe(1);
        var kept = report.Kept.ToDictionary(run => run.RunId, run => run.Reason);
        kept.Keys.ShouldBe([registered, parent, captured, open.Id], ignoreOrder: true);
        kept[registered].ShouldContain("films/1");
        kept[parent].ShouldContain(child);
        kept[open.Id].ShouldContain("not finished");
        tracker.Models.Verify("films/1").Intact.ShouldBeTrue();

        // When what needed it goes too, it can go.
        tracker.DeleteRun(child);
        StoreCleanup.Run(tracker, AtOnce).Runs.ShouldBe(2);
    }

    [Fact]
    public void Rules_choose_whole_trees_and_never_what_is_under_way()
    {
        using var tracker = Tracker.Open(folder.Store);
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            using var run = tracker.Experiment("films").StartRun($"r{number}");
            run.LogMetric("acc", number / 10.0);
            using (run.StartChild("fold"))
            {
            }

            ids.Add(run.Id);
        }

        var other = Made(tracker, "other", "other");
        StoreCleanup.Look(tracker, AtOnce with { OlderThan = TimeSpan.FromHours(1) }).Runs.ShouldBe(0);
        StoreCleanup.Look(tracker, AtOnce with { KeepLast = 2 }).Runs.ShouldBe(6);
        StoreCleanup.Look(tracker, AtOnce with { KeepLast = 2, Filter = "metrics.acc > 0.15" }).Runs.ShouldBe(2);
        StoreCleanup.Look(tracker, AtOnce with { KeepLast = 0, Experiments = ["other"] }).Runs.ShouldBe(1);
        Should.Throw<TrackingException>(() => StoreCleanup.Look(tracker, AtOnce with { KeepLast = 0, Experiments = ["nope"] })).Message.ShouldContain("no such experiment");

        // A part that is registered keeps the whole tree.
        var part = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{ids[0]}'" })[0];
        using (var resumed = tracker.Experiment("films").StartRun("late"))
        {
            resumed.LogText("m", "x");
            tracker.Models.Register("m", resumed.Id, "m");
        }

        var report = StoreCleanup.Run(tracker, AtOnce with { KeepLast = 1, Experiments = ["films"] });
        (report.Runs, report.LiveRuns).ShouldBe((10, 10));
        tracker.FindRun(part.Id).ShouldBeNull();
        tracker.SearchRuns(new RunQuery()).Select(run => run.Name).ShouldBe(["late", "other"]);
        tracker.GetRun(other).Params.ShouldContainKey("lr");
    }

    [Fact]
    public void Files_of_a_cleanup_that_broke_off_go_with_the_next_one_unless_the_run_is_back()
    {
        using var tracker = Tracker.Open(folder.Store);
        var lost = Guid.NewGuid().ToString("N");
        using (var stream = tracker.Artifacts.Create(lost, "x.txt"))
        {
            stream.Write("left"u8);
        }

        var back = Made(tracker, "back");
        tracker.Database.WritesOrThrow().Call(session => session.Sql.Execute(
            "INSERT INTO removed_artifacts (owner, removed) VALUES ($lost, 1), ($back, 1)", ("$lost", lost), ("$back", back)));
        StoreCleanup.Look(tracker).Files.ShouldBe(3);
        StoreCleanup.Run(tracker).Files.ShouldBe(1);
        Directory.Exists(Path.Combine(folder.Artifacts, lost)).ShouldBeFalse();
        File.ReadAllText(tracker.ArtifactFile(back, "a/b.txt")).ShouldBe("content");
        StoreCleanup.Look(tracker).Files.ShouldBe(0);
    }

    [Fact]
    public void Orphans_go_only_when_told_to_and_never_what_is_not_ours()
    {
        using var tracker = Tracker.Open(folder.Store);
        var known = Made(tracker, "known");
        tracker.Models.Register("films", known, "a");
        foreach (var owner in new[] { Guid.NewGuid().ToString("N"), "models/" + Guid.NewGuid().ToString("N"), "logged-models/m-" + Guid.NewGuid().ToString("N"), "somebody" })
        {
            using var stream = tracker.Artifacts.Create(owner, "x.txt");
            stream.Write("left"u8);
        }

        File.WriteAllText(Path.Combine(folder.Artifacts, "README"), "not ours");
        StoreCleanup.Run(tracker, AtOnce).OrphanFiles.ShouldBeNull();
        StoreCleanup.Look(tracker, AtOnce with { Orphans = true, Unfinished = TimeSpan.FromHours(1) }).OrphanFiles.ShouldBe(0, "they may be about to be registered");
        StoreCleanup.Run(tracker, AtOnce with { Orphans = true, Unfinished = -TimeSpan.FromHours(1) }).OrphanFiles.ShouldBe(3);
        File.Exists(Path.Combine(folder.Artifacts, "README")).ShouldBeTrue();
        File.Exists(Path.Combine(folder.Artifacts, "somebody", "x.txt")).ShouldBeTrue();
        tracker.Models.Verify("films/1").Intact.ShouldBeTrue();
        File.ReadAllText(tracker.ArtifactFile(known, "a/b.txt")).ShouldBe("content");
    }

    [Fact]
    public async Task A_server_goes_on_meanwhile()
    {
        using var tracker = Tracker.Open(folder.Store);
        for (var number = 0; number < 60; number++)
        {
            tracker.DeleteRun(Made(tracker, $"r{number}"));
        }

        using var stop = new CancellationTokenSource();
        using var other = Tracker.Open(folder.Store);
        var experiment = other.Experiment("live");
        var writer = Task.Run(
            () =>
            {
                var count = 0;
                for (; !stop.IsCancellationRequested; count++)
                {
                    using var run = experiment.StartRun();
                    run.Log("lr", count).LogMetric("m", count);
                }

                return count;
            },
            CancellationToken.None);
        StoreCleanup.Run(tracker, AtOnce).Runs.ShouldBe(60);
        await stop.CancelAsync();
        var made = await writer.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        tracker.SearchRuns(new RunQuery { Experiments = ["live"], MaxResults = 50_000 }).Count.ShouldBe(made);
    }

    /// <summary>A finished run with something of everything; returns its id.</summary>
    internal static string Made(Tracker tracker, string name, string experiment = "films")
    {
        using var run = tracker.Experiment(experiment).StartRun(name);
        run.Log("lr", 0.1).Tag("t", "v").LogMetric("acc", 0.5).LogText("a/b.txt", "content").LogText("c", "content");
        run.LogDataset(new Dataset("train", "sha256:1", "data.csv", 12, 3, "{}"), "training").LogFinding(new Finding("leak", Severity.High, "it leaks")).Warn("beware");
        return run.Id;
    }

    private static long Rows(Tracker tracker, string sql) => tracker.Database.Read(session => session.Number(sql)) ?? 0;
}
