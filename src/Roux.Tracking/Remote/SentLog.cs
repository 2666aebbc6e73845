using Roux.Tracking.Sqlite;
using SQLitePCL;

namespace Roux.Tracking.Remote;

/// <summary>
/// What a server has acknowledged of a spool: a small database of its own beside the spool's, written by the one process that has the spool's lock.
/// It is written after the acknowledgement, so after a crash some things are sent once more, which changes nothing on the server.
/// </summary>
internal sealed class SentLog : IDisposable
{
    private const string Tables =
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS runs (
          run INTEGER PRIMARY KEY, server_id TEXT, experiment_id TEXT NOT NULL, artifact_uri TEXT NOT NULL, attempted INTEGER NOT NULL,
          status INTEGER NOT NULL, ended INTEGER, deleted INTEGER NOT NULL, done INTEGER NOT NULL, refusal TEXT);
        CREATE TABLE IF NOT EXISTS texts (run INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, kind, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS series (run INTEGER NOT NULL, series INTEGER NOT NULL, sent INTEGER NOT NULL, PRIMARY KEY (run, series)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS files (run INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (run, path)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS datasets (run INTEGER NOT NULL, dataset TEXT NOT NULL, PRIMARY KEY (run, dataset)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS refused (run INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, times INTEGER NOT NULL, message TEXT NOT NULL, PRIMARY KEY (run, kind, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS versions (model TEXT NOT NULL, version INTEGER NOT NULL, server_version INTEGER NOT NULL, PRIMARY KEY (model, version)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);
    private readonly Lock gate = new();
    private readonly SqliteSession session;
    private readonly Dictionary<long, SentRun> runs = [];

    public SentLog(string folder)
    {
        session = new SqliteSession(Path.Combine(folder, "sent.db"), raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, BusyTimeout);
        session.Run(Tables);
        session.Each(
            "SELECT run, server_id, experiment_id, artifact_uri, attempted, status, ended, deleted, done, refusal FROM runs",
            row => runs.Add(row.Int64(0), new SentRun(row.Int64(0))
            {
                ServerId = row.TextOrNull(1), ExperimentId = row.Text(2), ArtifactUri = row.Text(3), Attempted = row.Int64(4) != 0,
                Status = (RunStatus)row.Int64(5), Ended = row.Int64OrNull(6), Deleted = row.Int64(7) != 0, Done = row.Int64(8) != 0, Refusal = row.TextOrNull(9),
            }));
        session.Each("SELECT run, kind, name, value FROM texts", row => runs[row.Int64(0)].Texts[((ItemKind)row.Int64(1), row.Text(2))] = row.Text(3));
        session.Each("SELECT run, series, sent FROM series", row => runs[row.Int64(0)].Series[row.Int64(1)] = row.Int64(2));
        session.Each("SELECT run, path, bytes, changed FROM files", row => runs[row.Int64(0)].Files[row.Text(1)] = (row.Int64(2), row.Int64(3)));
        session.Each("SELECT run, dataset FROM datasets", row => runs[row.Int64(0)].Datasets.Add(row.Text(1)));
        session.Each("SELECT run, kind, name, times FROM refused WHERE run != 0", row => runs[row.Int64(0)].Refused[((ItemKind)row.Int64(1), row.Text(2))] = row.Int64(3));
    }

    /// <summary>What is known of a run.</summary>
    public SentRun Of(long run)
    {
        lock (gate)
        {
            if (!runs.TryGetValue(run, out var sent))
            {
                runs.Add(run, sent = new SentRun(run));
            }

            return sent;
        }
    }

    /// <summary>The id of a run on the server; null before it is made there.</summary>
    public string? ServerId(long run)
    {
        lock (gate)
        {
            return runs.TryGetValue(run, out var sent) ? sent.ServerId : null;
        }
    }

    /// <summary>Writes down where a run stands.</summary>
    public void Note(SentRun sent)
    {
        lock (gate)
        {
            session.Execute(
                """
                INSERT INTO runs (run, server_id, experiment_id, artifact_uri, attempted, status, ended, deleted, done, refusal)
                VALUES ($run, $serverId, $experimentId, $artifactUri, $attempted, $status, $ended, $deleted, $done, $refusal)
                ON CONFLICT (run) DO UPDATE SET server_id = excluded.server_id, experiment_id = excluded.experiment_id, artifact_uri = excluded.artifact_uri,
                  attempted = excluded.attempted, status = excluded.status, ended = excluded.ended, deleted = excluded.deleted, done = excluded.done, refusal = excluded.refusal
                """,
                ("$run", sent.Key), ("$serverId", sent.ServerId), ("$experimentId", sent.ExperimentId), ("$artifactUri", sent.ArtifactUri), ("$attempted", sent.Attempted ? 1L : 0L),
                ("$status", (long)sent.Status), ("$ended", sent.Ended), ("$deleted", sent.Deleted ? 1L : 0L), ("$done", sent.Done ? 1L : 0L), ("$refusal", sent.Refusal));
        }
    }

    /// <summary>Writes down that the server has the things of a batch.</summary>
    public void NoteBatch(SentRun sent, ReadOnlySpan<BatchItem> items)
    {
        lock (gate)
        {
            session.Execute("BEGIN");
            var advanced = new Dictionary<long, long>();
            foreach (ref readonly var item in items)
            {
                if (item.Kind == ItemKind.Metric)
                {
                    advanced[item.KeyId] = advanced.GetValueOrDefault(item.KeyId) + 1;
                    continue;
                }

                sent.Texts[(item.Kind, item.Key)] = item.Text;
                session.Execute(
                    "INSERT INTO texts (run, kind, name, value) VALUES ($run, $kind, $name, $value) ON CONFLICT (run, kind, name) DO UPDATE SET value = excluded.value",
                    ("$run", sent.Key), ("$kind", (long)item.Kind), ("$name", item.Key), ("$value", item.Text));
            }

            foreach (var (series, more) in advanced)
            {
                var total = sent.Series[series] = sent.Series.GetValueOrDefault(series) + more;
                session.Execute(
                    "INSERT INTO series (run, series, sent) VALUES ($run, $series, $sent) ON CONFLICT (run, series) DO UPDATE SET sent = excluded.sent",
                    ("$run", sent.Key), ("$series", series), ("$sent", total));
            }

            session.Execute("COMMIT");
        }
    }

    public void NoteFile(SentRun sent, string path, long bytes, long changed)
    {
        lock (gate)
        {
            sent.Files[path] = (bytes, changed);
            session.Execute(
                "INSERT INTO files (run, path, bytes, changed) VALUES ($run, $path, $bytes, $changed) ON CONFLICT (run, path) DO UPDATE SET bytes = excluded.bytes, changed = excluded.changed",
                ("$run", sent.Key), ("$path", path), ("$bytes", bytes), ("$changed", changed));
        }
    }

    public void NoteDatasets(SentRun sent, IEnumerable<string> datasets)
    {
        lock (gate)
        {
            foreach (var dataset in datasets)
            {
                sent.Datasets.Add(dataset);
                session.Execute("INSERT INTO datasets (run, dataset) VALUES ($run, $dataset) ON CONFLICT DO NOTHING", ("$run", sent.Key), ("$dataset", dataset));
            }
        }
    }

    /// <summary>Sets something aside that the server refuses for good.</summary>
    public void Refuse(SentRun sent, ItemKind kind, string name, string message)
    {
        lock (gate)
        {
            sent.Refused[(kind, name)] = sent.Refused.GetValueOrDefault((kind, name)) + 1;
            session.Execute(
                """
                INSERT INTO refused (run, kind, name, times, message) VALUES ($run, $kind, $name, 1, $message)
                ON CONFLICT (run, kind, name) DO UPDATE SET times = times + 1, message = excluded.message
                """,
                ("$run", sent.Key), ("$kind", (long)kind), ("$name", name), ("$message", message));
        }
    }

    /// <summary>What is set aside: the run's key, the kind, the name, how often, the server's words.</summary>
    public IReadOnlyList<(long Run, ItemKind Kind, string Name, long Times, string Message)> Refusals()
    {
        lock (gate)
        {
            var refusals = session.Rows("SELECT run, kind, name, times, message FROM refused ORDER BY run, kind, name", row => (row.Int64(0), (ItemKind)row.Int64(1), row.Text(2), row.Int64(3), row.Text(4)));
            refusals.AddRange(runs.Values.Where(run => run.Refusal is not null).Select(run => (run.Key, ItemKind.Status, "", 1L, run.Refusal!)));
            return refusals;
        }
    }

    /// <summary>The server's number of a version registered in the spool; null before it has one.</summary>
    public int? Version(string model, int version)
    {
        lock (gate)
        {
            return (int?)session.Number("SELECT server_version FROM versions WHERE model = $model AND version = $version", ("$model", model), ("$version", (long)version));
        }
    }

    public void NoteVersion(string model, int version, int serverVersion)
    {
        lock (gate)
        {
            session.Execute(
                "INSERT INTO versions (model, version, server_version) VALUES ($model, $version, $serverVersion) ON CONFLICT (model, version) DO UPDATE SET server_version = excluded.server_version",
                ("$model", model), ("$version", (long)version), ("$serverVersion", (long)serverVersion));
        }
    }

    /// <summary>A note about the spool as a whole.</summary>
    public string? Read(string name)
    {
        lock (gate)
        {
            return session.Rows("SELECT value FROM notes WHERE name = $name", row => row.Text(0), ("$name", name)) is [var value] ? value : null;
        }
    }

    /// <summary>Keeps a note about the spool as a whole.</summary>
    public void Keep(string name, string value)
    {
        lock (gate)
        {
            session.Execute("INSERT INTO notes (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", ("$name", name), ("$value", value));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            session.Dispose();
        }
    }
}
