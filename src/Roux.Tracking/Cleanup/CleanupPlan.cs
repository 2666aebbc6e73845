using Roux.Tracking.Artifacts;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Cleanup;

/// <summary>What a cleanup found to remove.</summary>
internal sealed class CleanupPlan
{
    private readonly Tracker tracker;
    private readonly long cutoff;
    private readonly string actor;

    private CleanupPlan(Tracker tracker, RunGraph graph, long cutoff, string actor)
    {
        this.tracker = tracker;
        this.cutoff = cutoff;
        this.actor = actor;
        Graph = graph;
    }

    public RunGraph Graph { get; }

    /// <summary>Logged models that were deleted themselves, of runs that stay or of none.</summary>
    public required IReadOnlyList<(long Key, string Id)> Models { get; init; }

    /// <summary>Number of logged models that go with their runs.</summary>
    public required int ModelsOfRuns { get; init; }

    /// <summary>Experiments that will be empty.</summary>
    public required IReadOnlyList<long> Experiments { get; init; }

    /// <summary>Whose artifacts go.</summary>
    public required IReadOnlyList<string> Owners { get; init; }

    public static CleanupPlan Make(Tracker tracker, CleanupOptions options, DateTimeOffset now)
    {
        var cutoff = (now - options.DeletedFor).ToUnixTimeMilliseconds();
        return tracker.Read(session =>
        {
            var graph = RunGraph.Load(session, tracker.Database.Keys, options, now);
            var gone = graph.Removed.Select(run => run.Key).ToHashSet();
            var made = session.Rows("SELECT id, model_id, run, deleted FROM logged_models", row => (Key: row.Int64(0), Id: row.Text(1), Run: row.Int64OrNull(2), Deleted: row.Int64OrNull(3)));
            var inputs = session.Rows("SELECT model, run FROM run_models WHERE is_input = 1", row => (Model: row.Int64(0), Run: row.Int64(1))).Where(link => !gone.Contains(link.Run)).Select(link => link.Model).ToHashSet();
            var withRuns = made.Where(model => model.Run is { } run && gone.Contains(run)).ToList();
            var alone = made.Where(model => model.Deleted <= cutoff && !(model.Run is { } run && gone.Contains(run)) && !graph.NeededModels.Contains(model.Id) && !inputs.Contains(model.Key)).ToList();
            return new CleanupPlan(tracker, graph, cutoff, options.Actor ?? tracker.Actor)
            {
                Models = [.. alone.Select(model => (model.Key, model.Id))],
                ModelsOfRuns = withRuns.Count,
                Experiments = options.Experiments is null ? EmptyExperiments(session, gone, [.. withRuns.Concat(alone).Select(model => model.Key)], cutoff) : [],
                Owners = [.. graph.Removed.Select(run => run.Id), .. withRuns.Concat(alone).Select(model => ArtifactStore.OwnerOfModel(model.Id))],
            };
        });
    }

    /// <summary>Removes the rows; whose files are to go is put down in the database.</summary>
    public (long Runs, long Live, long Models, long Experiments) Run(IProgress<string>? progress, int runsAtOnce, CancellationToken cancellation)
    {
        var (runs, live, models) = (0L, 0L, 0L);
        var queue = tracker.Database.WritesOrThrow();
        foreach (var batch in Graph.Removed.Chunk(runsAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            var removed = queue.Call(session => RunRemoval.Remove(session, batch, cutoff, tracker.Now(), actor));
            runs += removed.Runs.Count;
            models += removed.Models;
            live += batch.Count(run => run.Choice == RunGraph.Choice.Rule && removed.Runs.Contains(run.Key));
            progress?.Report($"{runs} of {Graph.Removed.Count} runs removed");
        }

        foreach (var batch in Models.Chunk(runsAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            models += queue.Call(session => RunRemoval.RemoveDeletedModels(session, [.. batch.Select(model => model.Key)], cutoff, tracker.Now(), actor)).Count;
        }

        var experiments = Experiments.Count == 0 ? 0 : queue.Call(session => RunRemoval.RemoveExperiments(session, Experiments, cutoff, tracker.Now(), actor));
        if (runs > 0)
        {
            queue.Call(session =>
            {
                RunRemoval.RemoveDatasets(session);
                return true;
            });
        }

        return (runs, live, models, experiments);
    }

    private static List<long> EmptyExperiments(StoreSession session, HashSet<long> runs, HashSet<long> models, long cutoff)
    {
        var empty = session.Rows("SELECT id FROM experiments WHERE deleted <= $cutoff AND id <> 0", row => row.Int64(0), ("$cutoff", cutoff)).ToHashSet();
        session.Each("SELECT id, experiment FROM runs", row =>
        {
            if (!runs.Contains(row.Int64(0)))
            {
                empty.Remove(row.Int64(1));
            }
        });
        session.Each("SELECT id, experiment FROM logged_models", row =>
        {
            if (!models.Contains(row.Int64(0)))
            {
                empty.Remove(row.Int64(1));
            }
        });
        return [.. empty.Order()];
    }
}
