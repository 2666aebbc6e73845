using System.Collections.Concurrent;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>The database of a store: opening, one queue of writes, many readers.</summary>
internal sealed class SqliteStore : IDisposable
{
    private const int KeptReaders = 8;

    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly Func<SqliteSession> openReader;
    private bool disposed;

    private SqliteStore(string file, Func<SqliteSession> openReader, WriteQueue? writes)
    {
        File = file;
        this.openReader = openReader;
        Writes = writes;
        Keys = new KeyNames(this);
    }

    /// <summary>Path of the database.</summary>
    public string File { get; }

    /// <summary>Names of params, tags and metrics by their integer keys.</summary>
    public KeyNames Keys { get; }

    /// <summary>The queue of writes; <c>null</c> for a store opened for reading.</summary>
    public WriteQueue? Writes { get; }

    /// <summary>The queue of writes, or an error for a store opened for reading.</summary>
    public WriteQueue WritesOrThrow() => Writes ?? throw new TrackingException($"{File}: opened for reading only; open it with Tracker.Open to write");

    /// <summary>Opens for writing; creates the database where it is missing and brings it to the latest version.</summary>
    public static SqliteStore Open(string file, TrackerOptions options)
    {
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(file, flags, options.BusyTimeout);
            Migrations.Apply(session, file, options.BusyTimeout);
            session.Run($"PRAGMA synchronous = {(options.SurvivePowerLoss ? "FULL" : "NORMAL")}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");

            // SQLite opens a file that it may not write without a word; find out now rather than at the first run.
            session.Run("BEGIN IMMEDIATE; UPDATE experiments SET name = name WHERE 0; COMMIT");
            return new SqliteStore(
                file, () => new SqliteSession(file, raw.SQLITE_OPEN_READWRITE, options.BusyTimeout), new WriteQueue(session, file, options));
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

    /// <summary>Reads in one snapshot of the database.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
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
            throw SqliteErrors.Explain(File, exception);
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

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        Writes?.Dispose();
    }

    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };
}
