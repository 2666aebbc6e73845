using System.Collections.Concurrent;
using System.Diagnostics;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Metrics;
using Roux.Tracking.Query;
using Roux.Tracking.Remote;
using Roux.Tracking.Runs;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// A store of runs: a folder with <c>roux.db</c> (SQLite) and <c>artifacts/</c>, or a PostgreSQL database and a place for artifacts. Any number of processes and threads may use one at once.
/// Reads through a tracker see everything logged through it before. Or a server (Roux, MLflow, Databricks): what is logged goes to a spool on
/// this machine, which is as durable and as fast as a store, and from there to the server in the background (docs/remote-tracking.md).
/// <code>
/// using var tracker = Tracker.Open("./.roux");
/// using var run = tracker.Experiment("films").StartRun("baseline");
/// </code>
/// </summary>
public sealed partial class Tracker : IDisposable
{
    /// <summary>Where the store lies unless told otherwise.</summary>
    public const string DefaultStore = "./.roux";

    internal const string DatabaseName = "roux.db";

    private readonly ConcurrentDictionary<Run, byte> open = new();
    private readonly TrackerOptions options;
    private readonly RunSource runs;
    private readonly RemoteEnd? remote;
    private readonly Storage.Store? database;
    private readonly ITimer? timer;
    private readonly Lock joining = new();
    private Run? joined;
    private int flushing;
    private bool disposed;

    /// <param name="store">The folder, or the address of a server that is only read.</param>
    /// <param name="database">Its database; null for a server that is only read.</param>
    /// <param name="options">How to write.</param>
    /// <param name="connect">Makes the end that talks to a server; null for none.</param>
    internal Tracker(string store, Storage.Store? database, TrackerOptions options, Func<Tracker, RemoteEnd>? connect = null)
    {
        Store = store;
        this.database = database;
        this.options = options;
        Artifacts = ArtifactStore.Open(options.Artifacts ?? database?.ArtifactsPlace ?? Path.Combine(Folder, "artifacts"));
        remote = connect?.Invoke(this);
        runs = remote?.Runs ?? new StoreRuns(this);
        Models = remote?.Models ?? new ModelRegistry(this);
        if (database?.Writes is { } writes)
        {
            writes.Call(session => RunWrites.EndAbandoned(session, Now()));
            timer = options.Time.CreateTimer(_ => WriteBuffered(), null, options.FlushInterval, options.FlushInterval);
            if (options.HandleProcessEnd)
            {
                ProcessEnd.Watch(this);
            }
        }
    }

    /// <summary>The folder of the store, in full; for a store in a database its address, without a password; for a server, the folder of the spool.</summary>
    public string Store { get; }

    /// <summary>A folder of this machine for what belongs to the store and is not in the database: the store's own, or <c>./.roux</c> for a store elsewhere.</summary>
    public string Folder => Store.Contains("://", StringComparison.Ordinal) ? Full(DefaultStore) : Store;

    /// <summary>Address of the server, without any login; null for a store in a folder or database.</summary>
    public string? Server => remote?.Address.Text;

    /// <summary>Registered models.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Which findings are known and put up with. Not to be had of a server: it keeps them itself.</summary>
    public FindingDecisions FindingDecisions => new(this);

    /// <summary>What was decided about labels that may be wrong. Not to be had of a server: it keeps them itself.</summary>
    public LabelDecisions LabelDecisions => new(this);

    internal Storage.Store Database => database ?? throw new TrackingException($"{Store}: opened for reading only; open it with Tracker.Open to write");

    internal ArtifactStore Artifacts { get; }

    /// <summary>Whether a store's name is the address of a server rather than a folder.</summary>
    public static bool IsServer(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return ServerAddress.IsServer(store);
    }

    /// <summary>The experiment of a name, created where there is none.</summary>
    public Experiment Experiment(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new TrackingException($"experiment name '{name}': give at least one character that is no blank, and no control characters");
        }

        remote?.CheckExperiment(name);
        var known = Database.Read(session => session.Number("SELECT id FROM experiments WHERE name = $name", ("$name", name)));
        var key = known ?? Database.WritesOrThrow().Call(session =>
        {
            session.Sql.Execute("INSERT INTO experiments (name, created) VALUES ($name, $created) ON CONFLICT DO NOTHING", ("$name", name), ("$created", Now()));
            return session.Sql.Number("SELECT id FROM experiments WHERE name = $name", ("$name", name))!.Value;
        });
        return new Experiment(this, key, name);
    }

    /// <summary>All experiments, by name.</summary>
    public IReadOnlyList<ExperimentRecord> Experiments() => runs.Experiments();

    /// <summary>The run of an id, of a name, or whose id begins so; <c>null</c> where there is none.</summary>
    /// <exception cref="TrackingException">Several runs fit.</exception>
    public RunRecord? FindRun(string idOrPrefixOrName)
    {
        ArgumentNullException.ThrowIfNull(idOrPrefixOrName);
        return runs.Find(idOrPrefixOrName);
    }

    /// <summary>The run of an id.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public RunRecord GetRun(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return runs.Get(id);
    }

    /// <summary>Runs that fit a query, in its order.</summary>
    /// <exception cref="TrackingException">The filter or the order is not understood, or an experiment does not exist.</exception>
    public IReadOnlyList<RunRecord> SearchRuns(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return runs.Search(query);
    }

    /// <summary>A metric's history, ordered by step, then time. Empty where the run has no such metric.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public IReadOnlyList<MetricPoint> GetMetric(string runId, string key)
    {
        var series = GetMetricSeries(runId, key);
        var points = new MetricPoint[series.Count];
        for (var index = 0; index < points.Length; index++)
        {
            points[index] = series[index];
        }

        return points;
    }

    /// <summary>A metric's history as columns, ordered by step, then time. Empty where the run has no such metric.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public MetricSeries GetMetricSeries(string runId, string key)
    {
        ArgumentNullException.ThrowIfNull(runId);
        ArgumentNullException.ThrowIfNull(key);
        return runs.Series(runId, key);
    }

    /// <summary>The folder that holds a run's artifacts, which exists once there is one; or their address in a bucket, or on a server.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public string ArtifactDirectory(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return runs.ArtifactDirectory(runId);
    }

    /// <summary>Files and folders directly under a folder of a run's artifacts, by name. Links are not shown.</summary>
    /// <param name="runId">Id of the run.</param>
    /// <param name="under">A folder among the artifacts; the top by default.</param>
    /// <exception cref="TrackingException">There is no such run, or the path leads out of the artifacts.</exception>
    public IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under = null)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return runs.ListArtifacts(runId, under);
    }

    /// <summary>Full path of an artifact on this machine; of what lies in a bucket or on a server that of a download, which is not to be changed.</summary>
    /// <exception cref="TrackingException">There is no such run or artifact, or the path leads out of the artifacts.</exception>
    public string ArtifactFile(string runId, string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(runId);
        ArgumentNullException.ThrowIfNull(artifactPath);
        return runs.ArtifactFile(runId, artifactPath);
    }

    /// <summary>Opens an artifact to read, wherever it lies.</summary>
    /// <exception cref="TrackingException">There is no such run or file, or the path leads out of the artifacts.</exception>
    public Stream OpenArtifact(string runId, string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(runId);
        ArgumentNullException.ThrowIfNull(artifactPath);
        return runs.OpenArtifact(runId, artifactPath);
    }

    /// <summary>Opens a run again, to add to it: one that is running, failed or killed.</summary>
    /// <param name="runId">Its id.</param>
    /// <param name="evenFinished">Whether it may be finished, too: for a study of which more was asked.</param>
    /// <exception cref="TrackingException">There is no such run, or it is finished.</exception>
    public Run Resume(string runId, bool evenFinished = false)
    {
        ArgumentNullException.ThrowIfNull(runId);
        if (open.Keys.Any(run => run.Id == runId))
        {
            throw new TrackingException($"run {runId} is open in this process; use that one");
        }

        var (key, name, experimentKey, experimentName) = Database.WritesOrThrow().Call(session =>
        {
            var (run, runName, experiment) = RunWrites.Reopen(session, runId, evenFinished);
            var title = session.Sql.Rows("SELECT name FROM experiments WHERE id = $id", row => row.Text(0), ("$id", experiment))[0];
            return (run, runName, experiment, title);
        });
        var record = GetRun(runId);
        var parameters = new Dictionary<string, string>(record.Params, StringComparer.Ordinal);
        return Remember(new Run(this, new Experiment(this, experimentKey, experimentName), key, runId, name, parameters) { ParentId = record.ParentId });
    }

    /// <summary>Hides a run from searches; <see cref="RestoreRun"/> brings it back.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public void DeleteRun(string runId) => runs.SetDeleted(runId, deleted: true);

    /// <summary>Brings a deleted run back.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public void RestoreRun(string runId) => runs.SetDeleted(runId, deleted: false);

    /// <summary>
    /// Read-only SQL in DuckDB's dialect over the views <c>runs, params, metrics, latest_metrics, tags, datasets, models, findings</c>,
    /// described in docs/query.md.
    /// </summary>
    /// <exception cref="TrackingException">It is no query, or DuckDB refuses it.</exception>
    public QueryResult Query(string sql, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return runs.Query(sql, cancellation);
    }

    /// <summary>
    /// Environment variables by which an MLflow client in another program logs to a run on the server: its address, the run's id there, and the login.
    /// Empty for a store in a folder, and where the server has not made the run in time. Not to be shown: they hold the login.
    /// </summary>
    /// <param name="runId">Id of a run of this tracker.</param>
    /// <param name="patience">How long to wait for the server.</param>
    public IReadOnlyDictionary<string, string> ServerVariables(string runId, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return remote?.Variables(KeyOf(runId), patience) ?? RunRecord.EmptyText;
    }

    /// <summary>
    /// Flushes and closes. A run still open is marked <see cref="RunStatus.Killed"/>: finish or dispose runs first. Where it logs to a server, waits
    /// for that to have everything, but not longer than <see cref="TrackerOptions.ExitPatience"/>.
    /// </summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        ProcessEnd.Unwatch(this);
        timer?.Dispose();
        foreach (var run in open.Keys)
        {
            try
            {
                run.End(RunStatus.Killed, "the tracker was closed before the run was finished");
            }
            catch (TrackingException) when (database?.Writes is { HasReportedFailure: true })
            {
                // Told before.
            }
        }

        remote?.Finish(options.ExitPatience);
        database?.Dispose();
        remote?.Dispose();
        Artifacts.Dispose();
    }

    /// <summary>Whether it has been closed.</summary>
    internal bool IsDisposed => disposed;

    /// <summary>See <see cref="TrackerOptions.Actor"/>.</summary>
    internal string Actor => options.Actor;

    internal TimeProvider Time => options.Time;

    /// <summary>Whether metrics and artifacts are dropped: see <see cref="TrackerOptions.SpoolLimit"/>.</summary>
    internal bool DropsData => remote is { IsFull: true };

    /// <summary>Milliseconds since 1970 by the tracker's clock.</summary>
    internal long Now() => options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The run that this process was started as, opened to add to it; null where there is none in this store.</summary>
    /// <param name="experiment">Where it goes when nobody has chosen one for it.</param>
    /// <param name="asFirst">False once it was given out: the same again, for its id.</param>
    internal Run? Join(Experiment experiment, out bool asFirst)
    {
        asFirst = false;
        if (options.StartedAs is not { } context || context.Store != Store)
        {
            return null;
        }

        lock (joining)
        {
            if (joined is null)
            {
                var found = Database.WritesOrThrow().Call(session => RunWrites.Join(session, context.RunId, experiment.Key));
                if (found is not { } run)
                {
                    return null;
                }

                joined = new Run(this, experiment, run.Key, context.RunId, run.Name, new Dictionary<string, string>(StringComparer.Ordinal)) { ParentId = run.Parent, IsJoined = true };
                asFirst = true;
            }
        }

        return asFirst ? Remember(joined) : joined;
    }

    /// <summary>Begins to send what is logged to the server.</summary>
    internal void StartSending() => remote?.Start();

    /// <summary>The key of a run inside the database.</summary>
    internal long KeyOf(string runId) => Read(session => RunReader.Key(session, runId));

    internal Run Remember(Run run)
    {
        open.TryAdd(run, 0);
        return run;
    }

    internal void Forget(Run run) => open.TryRemove(run, out _);

    /// <summary>Reads what is in the store, after what was logged through this tracker is there.</summary>
    internal T Read<T>(Func<StoreSession, T> work)
    {
        if (Database.Writes is { } writes)
        {
            foreach (var run in open.Keys)
            {
                run.WriteBuffered();
            }

            writes.Settle();
        }

        return Database.Read(work);
    }

    /// <summary>See <see cref="ProcessEnd"/>.</summary>
    internal void MarkOpenRuns(RunStatus status, string error, TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        try
        {
            var ends = open.Keys.Select(run => run.MarkEnded(status, error, patience)).OfType<Task>().ToArray();
            var left = patience - waited.Elapsed;
            Task.WaitAll(ends, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            remote?.Flush(options.ExitPatience);
        }
        catch (Exception exception) when (exception is TrackingException or AggregateException)
        {
            Console.Error.WriteLine($"roux: what was logged last may be lost: {exception.GetBaseException().Message}");
        }
    }

    private void WriteBuffered()
    {
        if (Interlocked.Exchange(ref flushing, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var run in open.Keys)
            {
                run.WriteBuffered();
            }
        }
        catch (TrackingException)
        {
            // The next call of the user's own meets the same failure and reports it.
        }
        finally
        {
            Volatile.Write(ref flushing, 0);
        }
    }
}
