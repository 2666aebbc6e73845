using Npgsql;
using NpgsqlTypes;
using Roux.Tracking.Backup;

namespace Roux.Tracking.Postgres;

/// <summary>Loads a backup into a PostgreSQL database in one transaction: others see all of it or nothing.</summary>
internal sealed class PostgresRestore : RestoreTarget
{
    private readonly PostgresAddress address;
    private readonly NpgsqlDataSource source;
    private readonly PostgresSession session;

    public PostgresRestore(string address)
    {
        this.address = PostgresAddress.Parse(address);
        source = this.address.Connect("");
        session = new PostgresSession(source);
    }

    public override string Place => address.Place;

    public override string ArtifactsPlace => address.ArtifactsPlace ?? Path.GetFullPath(Path.Combine(Tracker.DefaultStore, "artifacts"));

    public override string? Content()
    {
        if (PostgresMigrations.VersionOf(session, Place) == 0)
        {
            return null;
        }

        PostgresMigrations.CheckReadable(session, Place);
        return Content(session);
    }

    public override void RequireUnused()
    {
        if (session.Number("SELECT CAST(count(*) AS bigint) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'roux'") > 0)
        {
            throw new TrackingException($"{Place}: in use by another program; stop roux serve and what logs to it, then restore again");
        }
    }

    public override void Begin(int version)
    {
        session.BeginWrite(null, 0);
        if (PostgresMigrations.VersionOf(session, Place) > 0)
        {
            session.Run($"DROP TABLE IF EXISTS {string.Join(", ", StoreTables.At(Sqlite.Migrations.Latest).Select(table => table.Name))}, roux_schema, roux_writers CASCADE");
            session.Run("DROP FUNCTION IF EXISTS refuse_change() CASCADE");
        }

        PostgresMigrations.Bring(session, Place, version);
    }

    public override void Load(TableShape table, IEnumerable<object?[]> rows)
    {
        session.Run($"DELETE FROM {table.Name}");
        session.Copy($"COPY {table.Name} ({table.ColumnList}) FROM STDIN (FORMAT binary)", import =>
        {
            foreach (var row in rows)
            {
                import.StartRow();
                foreach (var value in row)
                {
                    Write(import, value);
                }
            }
        });
        if (table.Columns[0] is { Name: "id", Kind: ColumnKind.Whole })
        {
            session.Number($"SELECT CASE WHEN pg_get_serial_sequence('{table.Name}', 'id') IS NULL THEN 0 ELSE setval(pg_get_serial_sequence('{table.Name}', 'id'), (SELECT greatest(max(id), 1) FROM {table.Name})) END");
        }
    }

    public override void Complete()
    {
        PostgresMigrations.Bring(session, Place, PostgresMigrations.Latest);
        session.Commit();
        session.Run("ANALYZE");
    }

    public override TrackingException Explain(Exception exception) => exception is DatabaseException { Code: "23503" }
        ? new TrackingException($"the backup is damaged: rows refer to rows that it does not have ({exception.Message}); try another snapshot", exception)
        : PostgresErrors.Explain(Place, exception);

    public override void Dispose()
    {
        session.Dispose();
        source.Dispose();
    }

    private static void Write(NpgsqlBinaryImporter import, object? value)
    {
        switch (value)
        {
            case null:
                import.WriteNull();
                break;
            case long number:
                import.Write(number, NpgsqlDbType.Bigint);
                break;
            case double number:
                import.Write(number, NpgsqlDbType.Double);
                break;
            case string text:
                import.Write(PostgresText.Write(text), NpgsqlDbType.Text);
                break;
            default:
                import.Write((byte[])value, NpgsqlDbType.Bytea);
                break;
        }
    }
}
