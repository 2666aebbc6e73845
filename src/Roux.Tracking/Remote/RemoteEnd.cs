using System.Globalization;
using Roux.Tracking.Runs;
using Roux.Tracking.Sqlite;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Remote;

/// <summary>A tracker's end that talks to a server: what it reads from there, and what it sends there.</summary>
internal sealed class RemoteEnd : IDisposable
{
    /// <summary>Where the server is known not to answer, the end of a program waits no longer than this.</summary>
    private static readonly TimeSpan ImpatientWait = TimeSpan.FromSeconds(2);

    private readonly MlflowConnection server;
    private readonly Shipper? shipper;

    /// <summary>Connects to a server that is only read.</summary>
    private RemoteEnd(ServerAddress address, Tracker tracker)
    {
        server = new MlflowConnection(address);
        var runs = new ServerRuns(server);
        Runs = runs;
        Models = new RemoteRegistry(tracker, runs, server, null);
    }

    /// <summary>Connects a spool to its server.</summary>
    private RemoteEnd(ServerAddress address, Tracker tracker, SpoolFolder folder, long mostSpooled)
    {
        server = new MlflowConnection(address);
        var runs = new ServerRuns(server);
        shipper = new Shipper(tracker, folder, server, RemoteTracking.Tell) { Limit = new SpoolLimit(folder.Folder, mostSpooled, RemoteTracking.Tell) };
        Runs = new SpooledRuns(new StoreRuns(tracker), runs, address);
        Models = new RemoteRegistry(tracker, runs, server, shipper);
    }

    /// <summary>The server.</summary>
    public ServerAddress Address => server.Address;

    /// <summary>Runs of the server, and of the spool where there is one.</summary>
    public RunSource Runs { get; }

    /// <summary>Registered models of the server.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Opens a tracker that logs to a server through a new spool. The server need not be there.</summary>
    public static Tracker Open(string store, TrackerOptions options)
    {
        var address = RemoteTracking.Address(store);
        var most = options.SpoolLimit ?? SpoolLimit.Of(Environment.GetEnvironmentVariable(SpoolLimit.Variable));
        var root = options.SpoolRoot ?? SpoolFolder.Root(Environment.GetEnvironmentVariable);
        try
        {
            var folder = SpoolFolder.Create(root, address.Text, options.Time.GetUtcNow());
            Storage.Store? database = null;
            try
            {
                database = SqliteStore.Open(Path.Combine(folder.Folder, Tracker.DatabaseName), options);
                var tracker = new Tracker(folder.Folder, database, options with { Artifacts = null }, spool => new RemoteEnd(address, spool, folder, most));
                tracker.StartSending();
                return tracker;
            }
            catch
            {
                database?.Dispose();
                folder.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(root, exception);
        }
    }

    /// <summary>Opens a tracker that looks at a server.</summary>
    public static Tracker OpenReadOnly(string store)
    {
        var address = RemoteTracking.Address(store);
        return new Tracker(address.Text, null, new TrackerOptions { HandleProcessEnd = false, Artifacts = null }, tracker => new RemoteEnd(address, tracker));
    }

    /// <summary>Whether the spool is full, so that metrics and artifacts are dropped.</summary>
    public bool IsFull => shipper?.Limit is { IsFull: true };

    /// <summary>Begins to send.</summary>
    public void Start() => shipper?.Start();

    /// <summary>Checks the name of an experiment where the server has rules of its own.</summary>
    public void CheckExperiment(string name)
    {
        if (Address.IsDatabricks && !name.StartsWith('/'))
        {
            throw new TrackingException(string.Create(CultureInfo.InvariantCulture, $"experiment '{name}': on Databricks an experiment's name is a path in the workspace, such as /Users/you@example.org/{name}"));
        }
    }

    /// <summary>See <see cref="Tracker.ServerVariables"/>.</summary>
    public IReadOnlyDictionary<string, string> Variables(long run, TimeSpan patience)
    {
        if (shipper?.ServerId(run, patience) is not { } id)
        {
            return RunRecord.EmptyText;
        }

        return new Dictionary<string, string>(Address.Login.Variables, StringComparer.Ordinal)
        {
            ["MLFLOW_TRACKING_URI"] = Address.IsDatabricks ? "databricks" : Address.Text,
            ["MLFLOW_RUN_ID"] = id,
        };
    }

    /// <summary>Waits for the server to have everything; says what is left.</summary>
    public void Flush(TimeSpan patience) => shipper?.Flush(Bounded(patience));

    /// <summary>As <see cref="Flush"/>, and ends the sending.</summary>
    public void Finish(TimeSpan patience) => shipper?.Finish(Bounded(patience));

    /// <summary>Closes; a spool that the server has all of is removed. Its database must be closed.</summary>
    public void Dispose()
    {
        if (shipper is null)
        {
            server.Dispose();
        }
        else
        {
            shipper.Dispose();
        }
    }

    private TimeSpan Bounded(TimeSpan patience) => shipper is { IsFailing: true } && patience > ImpatientWait ? ImpatientWait : patience;
}
