using Roux.Tracking.Query;

namespace Roux.Tracking.Runs;

/// <summary>Where a tracker reads runs from: its own store, a server, or a server with what is on its way there. See <see cref="Tracker"/> for what each call promises.</summary>
internal abstract class RunSource
{
    public abstract IReadOnlyList<ExperimentRecord> Experiments();

    public abstract RunRecord? Find(string text);

    public abstract RunRecord Get(string runId);

    public abstract IReadOnlyList<RunRecord> Search(RunQuery query);

    public abstract MetricSeries Series(string runId, string key);

    /// <summary>The folder of a run's artifacts, or the server's address of it.</summary>
    public abstract string ArtifactDirectory(string runId);

    public abstract IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under);

    /// <summary>A local path to an artifact, fetched where need be.</summary>
    public abstract string ArtifactFile(string runId, string path);

    /// <summary>An artifact to read.</summary>
    public virtual Stream OpenArtifact(string runId, string path) => File.OpenRead(ArtifactFile(runId, path));

    public abstract void SetDeleted(string runId, bool deleted);

    public abstract QueryResult Query(string sql, CancellationToken cancellation);
}
