using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Roux.Tracking.Sqlite;

/// <summary>The database of a store: opening, one queue of writes, many readers.</summary>
internal sealed class SqliteStore : IDisposable
{
    private const int KeptReaders = 4;

    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly TrackerOptions options;
    private readonly string readerConnection;
    private bool disposed;

    private SqliteStore(string file, TrackerOptions options, string readerConnection, WriteQueue? writes)
    {
        File = file;
        this.options = options;
        this.readerConnection = readerConnection;
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
        var connection = ConnectionString(file, SqliteOpenMode.ReadWriteCreate);
        SqliteSession? session = null;
        try
        {
            var create = !System.IO.File.Exists(file) || new FileInfo(file).Length == 0;
            session = new SqliteSession(connection, options.BusyTimeout);
            Migrations.Apply(session, file, create);
            session.Run($"PRAGMA synchronous = {(options.SurvivePowerLoss ? "FULL" : "NORMAL")}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");

            // SQLite opens a file that it may not write without a word; find out now rather than at the first run.
            session.Run("BEGIN IMMEDIATE; UPDATE experiments SET name = name WHERE 0; COMMIT");
            return new SqliteStore(file, options, connection, new WriteQueue(session, file, options));
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            session?.Dispose();
            throw SqliteErrors.Explain(file, exception);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Opens for reading; never creates or changes anything.</summary>
    public static SqliteStore OpenReadOnly(string file, TrackerOptions options)
    {
        var connection = ConnectionString(file, SqliteOpenMode.ReadOnly);
        try
        {
            SqliteSession session;
            try
            {
                session = Checked(connection);
            }
            catch (SqliteException exception) when (SqliteErrors.CannotBeOpened(exception) && !HasLog(file))
            {
                // In a folder that cannot be written the -shm file cannot be made; with no log beside it the file alone is the whole store.
                connection = $"Data Source=file:{Uri.EscapeDataString(Path.GetFullPath(file))}?immutable=1;Mode=ReadOnly;Pooling=False";
                session = Checked(connection);
            }

            var store = new SqliteStore(file, options, connection, null);
            store.readers.Add(session);
            return store;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.Explain(file, exception);
        }

        SqliteSession Checked(string text)
        {
            var session = new SqliteSession(text, options.BusyTimeout);
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
                session = new SqliteSession(readerConnection, options.BusyTimeout);
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

    private static string ConnectionString(string file, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = mode,
        Pooling = false,
    }.ToString();

    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };
}
