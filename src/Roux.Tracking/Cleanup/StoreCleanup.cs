using Roux.Tracking.Cleanup;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Frees what a store needs no more: runs, experiments and logged models that were deleted long ago, runs that a rule chooses, their artifacts, and
/// uploads that nobody finished. Nothing goes that a registered model version was made from or that another run needs. A server may go on
/// meanwhile. See docs/retention.md.
/// <code>
/// using var tracker = Tracker.Open("./.roux");
/// var plan = StoreCleanup.Look(tracker, new CleanupOptions { KeepLast = 100 });
/// var done = StoreCleanup.Run(tracker, new CleanupOptions { KeepLast = 100 });
/// </code>
/// </summary>
public static class StoreCleanup
{
    private const int RunsAtOnce = 25;
    private const int MostKept = 1000;

    /// <summary>Larger databases are shrunk only when told to: it takes time, as much room again, and holds writers up.</summary>
    private const long SmallDatabase = 1 << 30;

    /// <summary>Says what would be removed; nothing is.</summary>
    /// <exception cref="TrackingException">An option makes no sense, or the filter is not understood.</exception>
    public static CleanupReport Look(Tracker tracker, CleanupOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var settings = Checked(options);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(tracker.Now());
        var files = new ArtifactRemoval(tracker);
        if (settings.Orphans)
        {
            files.RequireOwnPlace();
        }

        var plan = CleanupPlan.Make(tracker, settings, now);
        progress?.Report("measuring artifacts");
        var (count, bytes) = files.Measure(plan.Owners.Concat(files.Pending()).Distinct(StringComparer.Ordinal), cancellation);
        var (uploads, uploadBytes) = tracker.Artifacts.AbandonedAsync(now - settings.Unfinished, remove: false, cancellation).GetAwaiter().GetResult();
        var orphans = settings.Orphans ? files.Orphans(now - settings.Unfinished, cancellation) : null;
        var space = tracker.Database.Space();
        return new CleanupReport
        {
            Done = false,
            Runs = plan.Graph.Removed.Count,
            LiveRuns = plan.Graph.Removed.Count(run => run.Choice == RunGraph.Choice.Rule),
            LoggedModels = plan.Models.Count + plan.ModelsOfRuns,
            Experiments = plan.Experiments.Count,
            Files = count,
            FileBytes = bytes,
            Uploads = uploads,
            UploadBytes = uploadBytes,
            OrphanFiles = orphans?.Sum(orphan => orphan.Files),
            OrphanBytes = orphans?.Sum(orphan => orphan.Bytes) ?? 0,
            Kept = [.. plan.Graph.Kept.Take(MostKept)],
            DatabaseBefore = space.Bytes,
            DatabaseAfter = space.Bytes,
            DatabaseFree = space.Free,
        };
    }

    /// <summary>Removes it.</summary>
    /// <exception cref="TrackingException">An option makes no sense, or the store cannot be written; what was removed till then is gone, and the next call goes on.</exception>
    public static CleanupReport Run(Tracker tracker, CleanupOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var settings = Checked(options);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(tracker.Now());
        var (before, problems) = (tracker.Database.Space().Bytes, new List<string>());
        var files = new ArtifactRemoval(tracker);
        if (settings.Orphans)
        {
            files.RequireOwnPlace();
        }

        var plan = CleanupPlan.Make(tracker, settings, now);
        var rows = plan.Run(progress, RunsAtOnce, cancellation);
        progress?.Report("removing artifacts");
        var (count, bytes) = files.Remove(files.Pending(), cancellation);
        var (uploads, uploadBytes) = tracker.Artifacts.AbandonedAsync(now - settings.Unfinished, remove: true, cancellation).GetAwaiter().GetResult();
        var orphans = settings.Orphans ? files.Orphans(now - settings.Unfinished, cancellation) : null;
        foreach (var (owner, _, _) in orphans ?? [])
        {
            cancellation.ThrowIfCancellationRequested();
            files.Delete(owner, cancellation);
        }

        var space = tracker.Database.Space();
        if (settings.Vacuum ?? (space.Bytes <= SmallDatabase && rows.Runs + rows.Models + rows.Experiments > 0))
        {
            progress?.Report("giving free space back");
            if (tracker.Database.Shrink() is { } problem)
            {
                problems.Add(problem);
            }

            space = tracker.Database.Space();
        }

        return new CleanupReport
        {
            Done = true,
            Runs = rows.Runs,
            LiveRuns = rows.Live,
            LoggedModels = rows.Models,
            Experiments = rows.Experiments,
            Files = count,
            FileBytes = bytes,
            Uploads = uploads,
            UploadBytes = uploadBytes,
            OrphanFiles = orphans?.Sum(orphan => orphan.Files),
            OrphanBytes = orphans?.Sum(orphan => orphan.Bytes) ?? 0,
            Kept = [.. plan.Graph.Kept.Take(MostKept)],
            DatabaseBefore = before,
            DatabaseAfter = space.Bytes,
            DatabaseFree = space.Free,
            Problems = problems,
        };
    }

    private static CleanupOptions Checked(CleanupOptions? options)
    {
        var settings = options ?? new CleanupOptions();
        return settings.KeepLast < 0 ? throw new TrackingException($"keep-last {settings.KeepLast}: 0 or more runs")
            : settings.DeletedFor < TimeSpan.Zero || settings.OlderThan < TimeSpan.Zero ? throw new TrackingException("an age is less than nothing")
            : settings;
    }
}
