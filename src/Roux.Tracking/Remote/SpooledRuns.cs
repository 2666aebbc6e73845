using Roux.Tracking.Query;
using Roux.Tracking.Runs;
using Roux.Tracking.Search;

namespace Roux.Tracking.Remote;

/// <summary>Runs of a spool, which are this tracker's own, before those of the server: what was just logged is there whether or not the server has it.</summary>
internal sealed class SpooledRuns(StoreRuns own, ServerRuns server, ServerAddress address) : RunSource
{
    /// <summary>Experiments of the server; where it cannot be reached, of the spool.</summary>
    public override IReadOnlyList<ExperimentRecord> Experiments()
    {
        try
        {
            return server.Experiments();
        }
        catch (RemoteException exception) when (exception.IsPassing)
        {
            return own.Experiments();
        }
    }

    public override RunRecord? Find(string text) => own.Find(text) ?? server.Find(text);

    public override RunRecord Get(string runId) => own.Find(runId) is { } run && run.Id == runId ? run : server.Get(runId);

    /// <summary>Own runs and those of the server. Where that cannot be reached, own runs alone.</summary>
    public override IReadOnlyList<RunRecord> Search(RunQuery query)
    {
        var wide = query with { Offset = 0, MaxResults = Math.Min(50_000, query.MaxResults + query.Offset) };
        var mine = SearchOwn(wide);
        IReadOnlyList<RunRecord> others;
        try
        {
            others = server.Search(wide);
        }
        catch (RemoteException exception) when (exception.IsPassing)
        {
            RemoteTracking.Tell($"{exception.Message}; only runs of this program are searched");
            others = [];
        }

        var ids = mine.Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        var all = mine.Concat(others.Where(run => !ids.Contains(run.Tags.GetValueOrDefault(RemoteTags.RunId, run.Id)) && own.Find(run.Tags.GetValueOrDefault(RemoteTags.RunId, run.Id)) is null));
        return [.. RecordSearch.Order(all, RunSearch.Parse(query).Order).Skip(query.Offset).Take(query.MaxResults)];
    }

    public override MetricSeries Series(string runId, string key) => Of(runId).Series(runId, key);

    public override string ArtifactDirectory(string runId) => Of(runId).ArtifactDirectory(runId);

    public override IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under) => Of(runId).ListArtifacts(runId, under);

    public override string ArtifactFile(string runId, string path) => Of(runId).ArtifactFile(runId, path);

    public override void SetDeleted(string runId, bool deleted) => Of(runId).SetDeleted(runId, deleted);

    public override QueryResult Query(string sql, CancellationToken cancellation) => server.Query(sql, cancellation);

    private RunSource Of(string runId) => own.Find(runId) is { } run && run.Id == runId ? own : server;

    private IReadOnlyList<RunRecord> SearchOwn(RunQuery query)
    {
        try
        {
            return own.Search(query);
        }
        catch (TrackingException) when (query.Experiments is not null)
        {
            // The spool knows only experiments that were logged to.
            return [];
        }
    }

    public override string ToString() => address.Text;
}
