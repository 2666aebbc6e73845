using System.Collections.Concurrent;
using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>A store in one file.</summary>
internal sealed class SqliteStore : Store
{
    private const int KeptReaders = 8;

    /// <summary>48 MiB. Values of params and metrics go to all places of their indexes; with SQLite's usual 2 MB a large store is read again for each.</summary>
    private const string WriterCache = "-49152";

    /// <summary>32 MiB of log: a page that changes often is then written to the database, and synced, once in many commits.</summary>
    private const string CheckpointPages = "8192";

    private static readonly TimeSpan ShrinkPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly Func<SqliteSession> openReader;
    private readonly Lock watching = new();
    private SqliteSession? watcher;
    private bool disposed;

    private SqliteStore(string file, Func<SqliteSession> openReader, WriteQueue? writes)
        : base(file)
    {
        this.openReader = openReader;
        Writes = writes;
    }

    public override StoreDialect Dialect => SqliteDialect.Instance;

    /// <summary>Opens for writing; creates the database where it is missing and brings it to the latest version.</summary>
    public static SqliteStore Open(string file, TrackerOptions options)
    {
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(file, flags, options.BusyTimeout);
            Migrations.Apply(session, file, options.BusyTimeout);
            session.Run($"PRAGMA synchronous = {(options.SurvivePowerLoss ? "FULL" : "NORMAL")}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = {WriterCache}; PRAGMA wal_autocheckpoint = {CheckpointPages}");

            // SQLite opens a file that it may not write without a word; find out now rather than at the first run.
            session.Run("BEGIN IMMEDIATE; UPDATE experiments SET name = name WHERE 0; COMMIT");
            return new SqliteStore(
                file, () => new SqliteSession(file, raw.SQLITE_OPEN_READWRITE, options.BusyTimeout), new WriteQueue(new WriteSession(session), file, options, exception => SqliteErrors.Explain(file, exception)));
        }
        catch (Exception exception)
        {
            session?.Dispose();
            throw exception is SqliteException or IOException or UnauthorizedAccessException ? SqliteErrors.Explain(file, exception) : exception;
        }
    }

    /// <summary>Opens for reading; never creates or changes anything.</summary>
    public static SqliteStore OpenReadOnly(string file, TrackerOptions options)
    {
        var name = file;
        try
        {
            SqliteSession session;
            try
            {
                session = Checked();
            }
            catch (SqliteException exception) when (SqliteErrors.CannotBeOpened(exception) && !HasLog(file))
            {
                // In a folder that cannot be written the -shm file cannot be made; with no log beside it the file alone is the whole store.
                name = $"file:{string.Join('/', Path.GetFullPath(file).Split('/').Select(Uri.EscapeDataString))}?immutable=1";
                session = Checked();
            }

            var store = new SqliteStore(file, Open, null);
            store.readers.Add(session);
            return store;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Explain(file, exception);
        }

        SqliteSession Open() => new(name, raw.SQLITE_OPEN_READONLY, options.BusyTimeout);

        SqliteSession Checked()
        {
            var session = Open();
            try
            {
                Migrations.CheckReadable(session, file);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
    }

    public override T Read<T>(Func<StoreSession, T> work)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(Tracker));
        SqliteSession? session = null;
        var sound = false;
        try
        {
            if (!readers.TryTake(out session))
            {
                session = openReader();
            }

            session.Execute("BEGIN");
            try
            {
                return work(session);
            }
            finally
            {
                session.Execute("COMMIT");
                sound = true;
            }
        }
        catch (SqliteException exception)
        {
            throw Explain(exception);
        }
        finally
        {
            if (sound && !disposed && readers.Count < KeptReaders)
            {
                readers.Add(session!);
            }
            else
            {
                session?.Dispose();
            }
        }
    }

    public override (long Bytes, long Free) Space() => Read(session =>
    {
        var page = session.Number("PRAGMA page_size") ?? 0;
        return (page * (session.Number("PRAGMA page_count") ?? 0), page * (session.Number("PRAGMA freelist_count") ?? 0));
    });

    public override string? Shrink()
    {
        try
        {
            using var session = new SqliteSession(Place, raw.SQLITE_OPEN_READWRITE, ShrinkPatience);
            session.Run("VACUUM");

            // Shortens the file; where others read just now, the next such point does.
            session.Rows("PRAGMA wal_checkpoint(TRUNCATE)", row => row.Int64(0));
            return null;
        }
        catch (SqliteException exception)
        {
            return $"the database was not shrunk, its free space is used again: {Explain(exception).Message}";
        }
    }

    public override long Version()
    {
        lock (watching)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(Tracker));
            try
            {
                // The number belongs to a connection, and counts what others commit: this one never writes.
                watcher ??= openReader();
                return watcher.Number("PRAGMA data_version") ?? 0;
            }
            catch (SqliteException exception)
            {
                watcher?.Dispose();
                watcher = null;
                throw Explain(exception);
            }
        }
    }

    public override TrackingException Explain(Exception exception) => SqliteErrors.Explain(Place, exception);

    public override void Dispose()
    {
        if (disposed)
        {
            return;
        }

        lock (watching)
        {
            disposed = true;
            watcher?.Dispose();
        }

        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        Writes?.Dispose();
    }

    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };
}
