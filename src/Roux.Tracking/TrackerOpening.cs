using Roux.Tracking.Remote;
using Roux.Tracking.Sqlite;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

// Opening of stores, servers and databases.
public sealed partial class Tracker
{
    /// <summary>Opens a store, creating it where there is none. In a program that <c>roux run</c> started, the default store is that of its run. Runs that a process of this machine left open when it went away become <see cref="RunStatus.Killed"/>.</summary>
    /// <param name="store">
    /// A folder; the address of a PostgreSQL database, <c>postgres://user@host:5432/name</c>, with the password in <c>PGPASSWORD</c> or <c>~/.pgpass</c>;
    /// or a server, which need not be up: <c>http://HOST:PORT</c>, <c>https://HOST</c>, <c>databricks://PROFILE</c>.
    /// </param>
    /// <param name="options">How to write.</param>
    /// <exception cref="TrackingException">It cannot be written, is no store, or a newer version of Roux wrote it.</exception>
    public static Tracker Open(string store = DefaultStore, TrackerOptions? options = null)
    {
        var settings = options ?? new TrackerOptions();
        if (ServerAddress.IsServer(store) && !SpoolFolder.IsOf(settings.StartedAs?.Store, store))
        {
            return RemoteEnd.Open(store, settings);
        }

        var place = ServerAddress.IsServer(store) ? settings.StartedAs!.Store : Full(store);
        if (settings.StartedAs is { } context && (place == Full(DefaultStore) || place == context.Alias))
        {
            place = context.Store;
        }

        try
        {
            Storage.Store database = StoreAddress.IsPostgres(place) ? OpenPostgres(place, settings) : OpenFolder(place, settings);
            try
            {
                var tracker = new Tracker(StoreAddress.IsPostgres(place) ? database.Place : place, database, settings);
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
            throw DiskErrors.Explain(StoreAddress.IsPostgres(place) ? "the artifacts" : place, exception);
        }
    }

    /// <summary>Opens a store to look at; nothing in it changes.</summary>
    /// <exception cref="TrackingException">There is no store, or this version cannot read it.</exception>
    public static Tracker OpenReadOnly(string store = DefaultStore)
    {
        if (ServerAddress.IsServer(store))
        {
            return RemoteEnd.OpenReadOnly(store);
        }

        var settings = new TrackerOptions();
        if (StoreAddress.IsPostgres(store))
        {
            var database = OpenPostgresReadOnly(store, settings);
            return new Tracker(database.Place, database, settings);
        }

        var folder = Full(store);
        var file = Path.Combine(folder, DatabaseName);
        if (!File.Exists(file))
        {
            throw new TrackingException($"'{store}': no store here (no {DatabaseName}); log a run first, or name another store");
        }

        return new Tracker(folder, SqliteStore.OpenReadOnly(file, settings), settings);
    }

    private static SqliteStore OpenFolder(string folder, TrackerOptions options)
    {
        Directory.CreateDirectory(folder);
        return SqliteStore.Open(Path.Combine(folder, DatabaseName), options);
    }

    // Apart, so that a store in a folder loads nothing of PostgreSQL.
    private static Postgres.PostgresStore OpenPostgres(string address, TrackerOptions options) => Postgres.PostgresStore.Open(address, options);

    private static Postgres.PostgresStore OpenPostgresReadOnly(string address, TrackerOptions options) => Postgres.PostgresStore.OpenReadOnly(address, options);

    private static string Full(string store)
    {
        if (string.IsNullOrWhiteSpace(store))
        {
            throw new TrackingException("the store's name is empty; name a folder such as ./.roux, or a database: postgres://USER@HOST/DATABASE");
        }

        return StoreAddress.IsPostgres(store) ? store : Path.GetFullPath(store);
    }
}
