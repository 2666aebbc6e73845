using System.Diagnostics;
using Npgsql;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Postgres;

/// <summary>A store in a PostgreSQL database, which several servers may share.</summary>
internal sealed class PostgresStore : Store
{
    /// <summary>How long a reader waits for a database that is not to be had.</summary>
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource readers;
    private readonly NpgsqlDataSource? writers;
    private bool disposed;

    private PostgresStore(PostgresAddress address, NpgsqlDataSource readers, NpgsqlDataSource? writers, TrackerOptions options)
        : base(address.Place)
    {
        ArtifactsPlace = address.ArtifactsPlace;
        this.readers = readers;
        this.writers = writers;
        if (writers is not null)
        {
            var session = new PostgresWriteSession(
                new PostgresSession(writers), new PostgresKeys(writers), new CommitOutcome(writers, options.BusyTimeout));
            Writes = new WriteQueue(session, Place, options, Explain);
        }
    }

    public override string? ArtifactsPlace { get; }

    public override StoreDialect Dialect => PostgresDialect.Instance;

    /// <summary>Opens for writing; makes the tables where they are missing and brings them to the latest version.</summary>
    public static PostgresStore Open(string address, TrackerOptions options)
    {
        var parsed = PostgresAddress.Parse(address);

        // A server that is cut off must not hold its locks on rows for ever.
        var writers = parsed.Connect("-c idle_in_transaction_session_timeout=60000");
        try
        {
            using (var session = new PostgresSession(writers))
            {
                PostgresMigrations.Apply(session, parsed.Place);
                session.Run("DELETE FROM roux_writers WHERE seen < now() - interval '30 days'");
            }

            return new PostgresStore(parsed, parsed.Connect("-c jit=off"), writers, options);
        }
        catch (Exception exception)
        {
            writers.Dispose();
            throw PostgresErrors.Explain(parsed.Place, exception);
        }
    }

    /// <summary>Opens for reading; never creates or changes anything.</summary>
    public static PostgresStore OpenReadOnly(string address, TrackerOptions options)
    {
        var parsed = PostgresAddress.Parse(address);
        var readers = parsed.Connect("-c jit=off");
        try
        {
            using (var session = new PostgresSession(readers))
            {
                PostgresMigrations.CheckReadable(session, parsed.Place);
            }

            return new PostgresStore(parsed, readers, null, options);
        }
        catch (Exception exception)
        {
            readers.Dispose();
            throw PostgresErrors.Explain(parsed.Place, exception);
        }
    }

    public override T Read<T>(Func<StoreSession, T> work)
    {
        ObjectDisposedException.ThrowIf(disposed, typeof(Tracker));
        using var session = new PostgresSession(readers);
        try
        {
            Begin(session);
            var result = work(session);
            session.Run("COMMIT");
            return result;
        }
        catch (DatabaseException exception)
        {
            throw Explain(exception);
        }
    }

    public override (long Bytes, long Free) Space() => (Read(session => session.Number(
        "SELECT CAST(sum(pg_total_relation_size(oid)) AS bigint) FROM pg_class WHERE relkind = 'r' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())")) ?? 0, 0);

    /// <summary>Makes the space of removed rows usable again, which autovacuum would do later. To give it back to the file system takes VACUUM FULL, which locks tables: that is for the database's owner.</summary>
    public override string? Shrink()
    {
        try
        {
            using var session = new PostgresSession(writers ?? readers);
            foreach (var table in Backup.StoreTables.At(Sqlite.Migrations.Latest))
            {
                session.Run($"VACUUM (ANALYZE) {table.Name}");
            }

            return null;
        }
        catch (DatabaseException exception)
        {
            return $"the tables were not vacuumed, autovacuum will: {Explain(exception).Message}";
        }
    }

    /// <summary>The place in the log of writes: that of the whole server, so it may change without a change here.</summary>
    public override long Version() => Read(session => session.Number("SELECT CAST(pg_current_wal_insert_lsn() - '0/0' AS bigint)") ?? 0);

    public override TrackingException Explain(Exception exception) => PostgresErrors.Explain(Place, exception);

    public override void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        Writes?.Dispose();
        readers.Dispose();
        writers?.Dispose();
    }

    /// <summary>Begins a snapshot. Connections that were kept may be dead since the database went away, which is only seen when they are used.</summary>
    private void Begin(PostgresSession session)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                session.BeginRead();
                return;
            }
            catch (DatabaseException exception) when (exception.IsConnectionLost && waited.Elapsed < ReaderPatience)
            {
                session.Abandon();
                readers.Clear();
                Thread.Sleep(20);
            }
        }
    }
}
