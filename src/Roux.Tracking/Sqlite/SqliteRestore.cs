using Roux.Tracking.Backup;
using Roux.Tracking.Storage;
using SQLitePCL;

namespace Roux.Tracking.Sqlite;

/// <summary>Loads a backup into a file beside the store's database, which takes its place at the end.</summary>
internal sealed class SqliteRestore : RestoreTarget
{
    private const string Unfinished = ".restoring";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string folder;
    private readonly string file;
    private SqliteSession? session;

    public SqliteRestore(string folder)
    {
        this.folder = folder;
        file = Path.Combine(folder, Tracker.DatabaseName);
    }

    public override string Place => folder;

    public override string ArtifactsPlace => Path.Combine(folder, "artifacts");

    public override string? Content()
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var store = SqliteStore.OpenReadOnly(file, new TrackerOptions());
        return store.Read(Content);
    }

    /// <summary>SQLite leaves the log mode only where nobody else has the database open.</summary>
    public override void RequireUnused()
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            using var alone = new SqliteSession(file, raw.SQLITE_OPEN_READWRITE, TimeSpan.Zero);
            var mode = alone.Rows("PRAGMA journal_mode = DELETE", row => row.Text(0))[0];
            alone.Rows("PRAGMA journal_mode = WAL", row => row.Text(0));
            if (mode == "delete")
            {
                return;
            }
        }
        catch (SqliteException exception) when (exception.IsPassing)
        {
            // Somebody has it open.
        }

        throw new TrackingException($"{folder}: in use by another program; stop roux serve and what logs to it, then restore again");
    }

    public override void Begin(int version)
    {
        Directory.CreateDirectory(folder);
        Remove();
        session = new SqliteSession(file + Unfinished, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, Patience);
        Migrations.Apply(session, file, Patience, version);

        // A crash leaves the file unfinished, which nobody opens.
        session.Rows("PRAGMA journal_mode = OFF", row => row.Text(0));
        session.Run("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536");
    }

    /// <summary>Indexes are made anew when the rows are in, which is faster than keeping them up.</summary>
    public override void Load(TableShape table, IEnumerable<object?[]> rows)
    {
        var indexes = session!.Rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = $table", row => (Name: row.Text(0), Sql: row.Text(1)), ("$table", table.Name));
        session.Run("BEGIN");
        foreach (var index in indexes)
        {
            session.Run($"DROP INDEX \"{index.Name}\"");
        }

        session.Run($"DELETE FROM {table.Name}");
        var parameters = table.Columns.Select((_, index) => $"$v{index}").ToArray();
        var insert = $"INSERT INTO {table.Name} ({table.ColumnList}) VALUES ({string.Join(", ", parameters)})";
        var values = new (string Name, object? Value)[parameters.Length];
        foreach (var row in rows)
        {
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = (parameters[index], row[index]);
            }

            session.Execute(insert, values);
        }

        foreach (var index in indexes)
        {
            session.Run(index.Sql);
        }

        session.Run("COMMIT");
    }

    public override void Complete()
    {
        if (session!.Rows("PRAGMA foreign_key_check", row => row.Text(0)) is [var table, ..])
        {
            throw new TrackingException($"the backup is damaged: rows of {table} refer to rows that it does not have; try another snapshot");
        }

        session.Rows("PRAGMA journal_mode = DELETE", row => row.Text(0));
        Migrations.Apply(session, file, Patience);
        session.Rows("PRAGMA journal_mode = WAL", row => row.Text(0));
        session.Dispose();
        session = null;
        using (var written = new FileStream(file + Unfinished, FileMode.Open, FileAccess.ReadWrite))
        {
            written.Flush(flushToDisk: true);
        }

        if (File.Exists(file))
        {
            RequireUnused();
            File.Replace(file + Unfinished, file, $"{file}.replaced");
        }
        else
        {
            // The log of a database that is gone must not be taken for that of this one.
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
            File.Move(file + Unfinished, file);
        }
    }

    public override TrackingException Explain(Exception exception) => SqliteErrors.Explain(file, exception);

    public override void Dispose()
    {
        session?.Dispose();
        session = null;
        Remove();
    }

    private void Remove()
    {
        foreach (var ending in (ReadOnlySpan<string>)["", "-journal", "-wal", "-shm"])
        {
            if (File.Exists(file + Unfinished + ending))
            {
                File.Delete(file + Unfinished + ending);
            }
        }
    }
}
