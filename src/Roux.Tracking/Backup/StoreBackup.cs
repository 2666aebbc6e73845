using System.Reflection;
using Roux.Tracking.Backup;
using Roux.Tracking.Storage;

namespace Roux.Tracking;

/// <summary>
/// Backups of a store that may be written to meanwhile, into a folder that holds any number of them: the database as one snapshot of it, table by
/// table, and the artifacts by their content, so that a file that is in the folder already is not copied again. See docs/backup.md.
/// <code>
/// using var tracker = Tracker.OpenReadOnly("./.roux");
/// var report = StoreBackup.Create(tracker, "/backups/films");
/// </code>
/// </summary>
public static class StoreBackup
{
    private const int MostProblems = 100;

    /// <summary>Contents that a backup under way may name are not removed.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromDays(1);

    /// <summary>Makes a backup.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="target">A folder: new, or with backups in it.</param>
    /// <param name="keep">Removes all but so many of the latest snapshots afterwards, this one among them; <c>null</c> removes none.</param>
    /// <param name="progress">Is told what goes on.</param>
    /// <param name="cancellation">Ends it; nothing of it is left.</param>
    /// <exception cref="TrackingException">The folder is taken or cannot be written.</exception>
    public static BackupReport Create(Tracker tracker, string target, int? keep = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(target);
        if (keep < 1)
        {
            throw new TrackingException($"keep {keep}: at least 1, this backup");
        }

        try
        {
            return Create(tracker, BackupFolder.Create(target), keep, progress, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(target, exception);
        }
    }

    /// <summary>The backups in a folder, the oldest first.</summary>
    /// <exception cref="TrackingException">It holds none.</exception>
    public static IReadOnlyList<BackupRecord> List(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var folder = BackupFolder.Open(source);
        return [.. folder.Names().Select(name => RecordOf(name, BackupManifest.Read(Path.Combine(folder.Snapshot(name), BackupFolder.ManifestName))))];
    }

    /// <summary>Reads a whole backup and checks every digest and every row.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="snapshot">Which one; the latest by default.</param>
    /// <param name="progress">Is told what goes on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TrackingException">There is none.</exception>
    public static BackupVerification Verify(string source, string? snapshot = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var folder = BackupFolder.Open(source);
        var name = folder.Find(snapshot);
        var manifest = BackupManifest.Read(Path.Combine(folder.Snapshot(name), BackupFolder.ManifestName));
        var check = new BackupCheck(folder, name, manifest, progress);
        return new BackupVerification(RecordOf(name, manifest), [.. check.Tables(cancellation).Concat(check.Artifacts(cancellation)).Take(MostProblems)]);
    }

    private static BackupReport Create(Tracker tracker, BackupFolder folder, int? keep, IProgress<string>? progress, CancellationToken cancellation)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(tracker.Now());
        var previous = folder.Names() is [.., var last] ? folder.Snapshot(last) : null;
        var staged = folder.Stage();
        try
        {
            var tables = StoreTables.At(Sqlite.Migrations.Latest);
            var (entries, owners) = tracker.Read(session => (
                tables.ToDictionary(table => table.Name, table => Dump(session, table, staged, progress, cancellation), StringComparer.Ordinal),
                ArtifactOwners.Of(session)));
            var artifacts = new ArtifactBackup(tracker.Artifacts, folder, progress);
            artifacts.Run(staged, owners, previous, cancellation);
            var manifest = new BackupManifest(
                BackupManifest.FormatName, BackupManifest.LatestVersion, Sqlite.Migrations.Latest, now.ToUnixTimeMilliseconds(),
                $"roux {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}", StoreAddress.IsPostgres(tracker.Store) ? "postgresql" : "sqlite",
                entries, artifacts.Entry!, artifacts.Bytes);
            manifest.Write(Path.Combine(staged, BackupFolder.ManifestName));
            var name = folder.Publish(staged, now);
            return new BackupReport(RecordOf(name, manifest), artifacts.NewFiles, artifacts.NewBytes, artifacts.Problems) { Removed = keep is { } count ? Prune(folder, count) : [] };
        }
        catch
        {
            if (Directory.Exists(staged))
            {
                Directory.Delete(staged, recursive: true);
            }

            throw;
        }
    }

    private static FileEntry Dump(StoreSession session, TableShape table, string staged, IProgress<string>? progress, CancellationToken cancellation) =>
        TableFile.Create(BackupFolder.TableOf(staged, table.Name), writer =>
        {
            var rows = 0L;
            session.Each($"SELECT {table.ColumnList} FROM {table.Name} ORDER BY {table.KeyList}", row =>
            {
                if (++rows % 1000 == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report($"{table.Name}: {rows} rows");
                }

                TableFile.Write(writer, table, row);
            });
            return rows;
        });

    /// <summary>Removes old snapshots, then what only they held.</summary>
    private static List<string> Prune(BackupFolder folder, int keep)
    {
        var old = folder.Names().SkipLast(keep).ToList();
        foreach (var name in old)
        {
            folder.Remove(name);
        }

        if (old.Count > 0)
        {
            var used = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in folder.Names())
            {
                var entry = BackupManifest.Read(Path.Combine(folder.Snapshot(name), BackupFolder.ManifestName)).Artifacts;
                used.UnionWith(ArtifactList.Read(folder.Snapshot(name), entry.Rows).Select(file => file.Sha256));
            }

            folder.RemoveUnused(used, DateTime.UtcNow - Young);
        }

        return old;
    }

    private static BackupRecord RecordOf(string name, BackupManifest manifest) => new(
        name, DateTimeOffset.FromUnixTimeMilliseconds(manifest.Created), manifest.Database, manifest.Tables.GetValueOrDefault("runs")?.Rows ?? 0,
        manifest.Tables.GetValueOrDefault("model_versions")?.Rows ?? 0, manifest.Artifacts.Rows, manifest.ArtifactBytes, manifest.Tables.Values.Sum(table => table.Bytes));
}
