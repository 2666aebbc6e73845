using System.Collections.Concurrent;
using System.Diagnostics;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Metrics;
using Roux.Tracking.Query;
using Roux.Tracking.Runs;
using Roux.Tracking.Search;
using Roux.Tracking.Sqlite;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// A store of runs in a folder: <c>roux.db</c> (SQLite) and <c>artifacts/</c>. Any number of processes and threads may use one at once.
/// Reads through a tracker see everything logged through it before.
/// <code>
/// using var tracker = Tracker.Open("./.roux");
/// using var run = tracker.Experiment("films").StartRun("baseline");
/// </code>
/// </summary>
public sealed class Tracker : IDisposable
{
    /// <summary>Where the store lies unless told otherwise.</summary>
    public const string DefaultStore = "./.roux";

    private const string DatabaseName = "roux.db";

    private readonly ConcurrentDictionary<Run, byte> open = new();
    private readonly TrackerOptions options;
    private readonly RunReader reader;
    private readonly ITimer? timer;
    private readonly Lock joining = new();
    private Run? joined;
    private int flushing;
    private bool disposed;

    private Tracker(string store, Storage.Store database, TrackerOptions options)
    {
        Store = store;
        Database = database;
        this.options = options;
        reader = new RunReader(database);
        Artifacts = ArtifactStore.Open(options.Artifacts ?? Path.Combine(store, "artifacts"));
        Models = new ModelRegistry(this);
        if (database.Writes is { } writes)
        {
            writes.Call(session => RunWrites.EndAbandoned(session, Now()));
            timer = options.Time.CreateTimer(_ => WriteBuffered(), null, options.FlushInterval, options.FlushInterval);
            if (options.HandleProcessEnd)
            {
                ProcessEnd.Watch(this);
            }
        }
    }

    /// <summary>The folder of the store, in full.</summary>
    public string Store { get; }

    /// <summary>Registered models.</summary>
    public ModelRegistry Models { get; }

    internal Storage.Store Database { get; }

    internal ArtifactStore Artifacts { get; }

    /// <summary>Opens a store, creating it where there is none. In a program that <c>roux run</c> started, the default store is that of its run. Runs that a process of this machine left open when it went away become <see cref="RunStatus.Killed"/>.</summary>
    /// <param name="store">A folder.</param>
    /// <param name="options">How to write.</param>
    /// <exception cref="TrackingException">It cannot be written, is no store, or a newer version of Roux wrote it.</exception>
    public static Tracker Open(string store = DefaultStore, TrackerOptions? options = null)
    {
        var settings = options ?? new TrackerOptions();
        var folder = Full(store);
        if (settings.StartedAs is { } context && (folder == Full(DefaultStore) || folder == context.Alias))
        {
            folder = context.Store;
        }

        try
        {
            Directory.CreateDirectory(folder);
            var database = SqliteStore.Open(Path.Combine(folder, DatabaseName), settings);
            try
            {
                var tracker = new Tracker(folder, database, settings);
                tracker.Artifacts.Sweep(settings.Time.GetUtcNow());
                return tracker;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(folder, exception);
        }
    }

    /// <summary>Opens a store to look at; nothing in it changes.</summary>
    /// <exception cref="TrackingException">There is no store, or this version cannot read it.</exception>
    public static Tracker OpenReadOnly(string store = DefaultStore)
    {
        var folder = Full(store);
        var file = Path.Combine(folder, DatabaseName);
        if (!File.Exists(file))
        {
            throw new TrackingException($"'{store}': no store here (no {DatabaseName}); log a run first, or name another store");
        }

        var settings = new TrackerOptions();
        return new Tracker(folder, SqliteStore.OpenReadOnly(file, settings), settings);
    }

    /// <summary>The experiment of a name, created where there is none.</summary>
    public Experiment Experiment(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new TrackingException($"experiment name '{name}': give at least one character that is no blank, and no control characters");
        }

        var known = Database.Read(session => session.Number("SELECT id FROM experiments WHERE name = $name", ("$name", name)));
        var key = known ?? Database.WritesOrThrow().Call(session =>
        {
            session.Sql.Execute("INSERT INTO experiments (name, created) VALUES ($name, $created) ON CONFLICT DO NOTHING", ("$name", name), ("$created", Now()));
            return session.Sql.Number("SELECT id FROM experiments WHERE name = $name", ("$name", name))!.Value;
        });
        return new Experiment(this, key, name);
    }

    /// <summary>All experiments, by name.</summary>
    public IReadOnlyList<ExperimentRecord> Experiments() => Read(RunReader.Experiments);

    /// <summary>The run of an id, of a name, or whose id begins so; <c>null</c> where there is none.</summary>
    /// <exception cref="TrackingException">Several runs fit.</exception>
    public RunRecord? FindRun(string idOrPrefixOrName)
    {
        ArgumentNullException.ThrowIfNull(idOrPrefixOrName);
        return Read(session => reader.Find(session, idOrPrefixOrName));
    }

    /// <summary>The run of an id.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public RunRecord GetRun(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Read(session => reader.Get(session, id));
    }

    /// <summary>Runs that fit a query, in its order.</summary>
    /// <exception cref="TrackingException">The filter or the order is not understood, or an experiment does not exist.</exception>
    public IReadOnlyList<RunRecord> SearchRuns(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var search = RunSearch.Parse(query);
        return Read(session => reader.Search(session, search));
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
        return Read(session => MetricReader.Read(session, Database, runId, key));
    }

    /// <summary>The folder that holds a run's artifacts, which exists once there is one; or their address in a bucket.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public string ArtifactDirectory(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        Read(session => RunReader.Key(session, runId));
        return Artifacts.Address(runId);
    }

    /// <summary>Files and folders directly under a folder of a run's artifacts, by name. Links are not shown.</summary>
    /// <param name="runId">Id of the run.</param>
    /// <param name="under">A folder among the artifacts; the top by default.</param>
    /// <exception cref="TrackingException">There is no such run, or the path leads out of the artifacts.</exception>
    public IReadOnlyList<ArtifactInfo> ListArtifacts(string runId, string? under = null)
    {
        ArgumentNullException.ThrowIfNull(runId);
        Read(session => RunReader.Key(session, runId));
        return Artifacts.List(runId, under);
    }

    /// <summary>Full path of an artifact on this machine; where artifacts lie in a bucket, of a download that is not to be changed.</summary>
    /// <exception cref="TrackingException">There is no such run or artifact, or the path leads out of the artifacts.</exception>
    public string ArtifactFile(string runId, string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(artifactPath);
        return Artifacts.Local(runId, ExistingArtifact(runId, artifactPath).Path);
    }

    /// <summary>Opens an artifact to read, wherever it lies.</summary>
    /// <exception cref="TrackingException">There is no such run or file, or the path leads out of the artifacts.</exception>
    public Stream OpenArtifact(string runId, string artifactPath)
    {
        ArgumentNullException.ThrowIfNull(artifactPath);
        Read(session => RunReader.Key(session, runId));
        return (Artifacts.OpenAsync(runId, ArtifactPath.Check(artifactPath)).GetAwaiter().GetResult() ?? throw NoSuchArtifact(runId, artifactPath)).Content;
    }

    /// <summary>Opens an unfinished run again, to add to it: one that is running, failed or killed.</summary>
    /// <exception cref="TrackingException">There is no such run, or it is finished.</exception>
    public Run Resume(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        if (open.Keys.Any(run => run.Id == runId))
        {
            throw new TrackingException($"run {runId} is open in this process; use that one");
        }

        var (key, name, experimentKey, experimentName) = Database.WritesOrThrow().Call(session =>
        {
            var (run, runName, experiment) = RunWrites.Reopen(session, runId);
            var title = session.Sql.Rows("SELECT name FROM experiments WHERE id = $id", row => row.Text(0), ("$id", experiment))[0];
            return (run, runName, experiment, title);
        });
        var record = GetRun(runId);
        var parameters = new Dictionary<string, string>(record.Params, StringComparer.Ordinal);
        return Remember(new Run(this, new Experiment(this, experimentKey, experimentName), key, runId, name, parameters) { ParentId = record.ParentId });
    }

    /// <summary>Hides a run from searches; <see cref="RestoreRun"/> brings it back.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public void DeleteRun(string runId) => SetDeleted(runId, Now());

    /// <summary>Brings a deleted run back.</summary>
    /// <exception cref="TrackingException">There is no such run.</exception>
    public void RestoreRun(string runId) => SetDeleted(runId, null);

    /// <summary>
    /// Read-only SQL in DuckDB's dialect over the views <c>runs, params, metrics, latest_metrics, tags, datasets, models, findings</c>,
    /// described in docs/query.md.
    /// </summary>
    /// <exception cref="TrackingException">It is no query, or DuckDB refuses it.</exception>
    public QueryResult Query(string sql, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return Read(session => QueryEngine.Run(session, Database, sql, cancellation));
    }

    /// <summary>Flushes and closes. A run still open is marked <see cref="RunStatus.Killed"/>: finish or dispose runs first.</summary>
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
            catch (TrackingException) when (Database.Writes is { HasReportedFailure: true })
            {
                // Told before.
            }
        }

        Artifacts.Dispose();
        Database.Dispose();
    }

    /// <summary>See <see cref="TrackerOptions.Actor"/>.</summary>
    internal string Actor => options.Actor;

    internal TimeProvider Time => options.Time;

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

    /// <summary>The key of a run inside the database.</summary>
    internal long KeyOf(string runId) => Read(session => RunReader.Key(session, runId));

    /// <summary>An artifact that is there.</summary>
    internal ArtifactInfo ExistingArtifact(string runId, string artifactPath)
    {
        Read(session => RunReader.Key(session, runId));
        return Artifacts.FindAsync(runId, ArtifactPath.Check(artifactPath)).GetAwaiter().GetResult() ?? throw NoSuchArtifact(runId, artifactPath);
    }

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
        }
        catch (Exception exception) when (exception is TrackingException or AggregateException)
        {
            Console.Error.WriteLine($"roux: what was logged last may be lost: {exception.GetBaseException().Message}");
        }
    }

    private static TrackingException NoSuchArtifact(string runId, string artifactPath) => new($"run {runId} has no artifact '{artifactPath}'; list them to see what there is");

    private static string Full(string store)
    {
        if (string.IsNullOrWhiteSpace(store))
        {
            throw new TrackingException("the store's name is empty; name a folder such as ./.roux");
        }

        return Path.GetFullPath(store);
    }

    private void SetDeleted(string runId, long? time)
    {
        ArgumentNullException.ThrowIfNull(runId);
        Database.WritesOrThrow().Call(session =>
            session.Sql.Execute("UPDATE runs SET deleted = $time WHERE run_id = $runId", ("$time", time), ("$runId", runId)) == 1
                ? true
                : throw new TrackingException($"'{runId}': no such run"));
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
