using Roux.Tracking.Artifacts;
using Roux.Tracking.Query;
using Roux.Tracking.Search;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Runs;

/// <summary>The runs of a tracker's own store.</summary>
internal sealed class StoreRuns(Tracker tracker) : RunSource
{
    private readonly RunReader reader = new(tracker.Database);

    public override IReadOnlyList<ExperimentRecord> Experiments() => tracker.Read(RunReader.Experiments);

    public override RunRecord? Find(string text) => tracker.Read(session => reader.Find(session, text));

    public override RunRecord Get(string runId) => tracker.Read(session => reader.Get(session, runId));

    public override IReadOnlyList<RunRecord> Search(RunQuery query)
    {
        var search = RunSearch.Parse(query);
        return tracker.Read(session => reader.Search(session, search));
    }

    public override MetricSeries Series(string runId, string key) => tracker.Read(session => MetricReader.Read(session, tracker.Database, runId, key));

    public override string ArtifactDirectory(string runId)
    {
        tracker.KeyOf(runId);
        return tracker.Artifacts.Address(runId);
    }

    public override IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under)
    {
        tracker.KeyOf(runId);
        return tracker.Artifacts.List(runId, under);
    }

    public override string ArtifactFile(string runId, string path) => tracker.Artifacts.Local(runId, Existing(tracker, runId, path).Path);

    public override Stream OpenArtifact(string runId, string path)
    {
        tracker.KeyOf(runId);
        return (tracker.Artifacts.OpenAsync(runId, ArtifactPath.Check(path)).GetAwaiter().GetResult() ?? throw NoSuch(runId, path)).Content;
    }

    public override void SetDeleted(string runId, bool deleted) => tracker.Database.WritesOrThrow().Call(session =>
        session.Sql.Execute("UPDATE runs SET deleted = $time WHERE run_id = $runId", ("$time", deleted ? tracker.Now() : null), ("$runId", runId)) == 1
            ? true
            : throw new TrackingException($"'{runId}': no such run"));

    public override QueryResult Query(string sql, CancellationToken cancellation) => tracker.Read(session => QueryEngine.Run(session, tracker.Database, sql, cancellation));

    /// <summary>An artifact that is there.</summary>
    internal static ArtifactInfo Existing(Tracker tracker, string runId, string path)
    {
        tracker.KeyOf(runId);
        return tracker.Artifacts.FindAsync(runId, ArtifactPath.Check(path)).GetAwaiter().GetResult() ?? throw NoSuch(runId, path);
    }

    private static TrackingException NoSuch(string runId, string path) => new($"run {runId} has no artifact '{path}'; list them to see what there is");
}
