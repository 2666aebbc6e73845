using Roux.Tracking.Artifacts;
using Roux.Tracking.Backup;
using Roux.Tracking.Storage;
using Roux.Tracking.Transfer;

namespace Roux.Tracking;

/// <summary>How a backup is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>Which snapshot; the latest by default.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Where the artifacts go: a folder or <c>s3://bucket/prefix</c>. Default: as for <see cref="TrackerOptions.Artifacts"/>.</summary>
    public string? Artifacts { get; init; } = new TrackerOptions().Artifacts;

    /// <summary>Replace what the store holds. Nobody may use it meanwhile.</summary>
    public bool Force { get; init; }
}

/// <summary>What was restored.</summary>
/// <param name="Snapshot">Name of the snapshot.</param>
/// <param name="Rows">Rows of all tables.</param>
/// <param name="Artifacts">Artifact files.</param>
/// <param name="ArtifactBytes">Their size.</param>
/// <param name="Replaced">What was in the store before, in words; <c>null</c> for nothing.</param>
public sealed record RestoreReport(string Snapshot, long Rows, long Artifacts, long ArtifactBytes, string? Replaced);

/// <summary>
/// Makes a store of a backup, in a folder or in a database whatever it came from: the artifacts first, each checked against its digest, then the database,
/// which appears when it is whole. One that breaks off leaves no store, or the one that was there, and can be repeated.
/// </summary>
public static class StoreRestore
{
    /// <summary>Restores.</summary>
    /// <param name="source">A folder that <see cref="StoreBackup"/> wrote.</param>
    /// <param name="store">Folder of the new store, or the address of a database.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told what goes on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TrackingException">The backup is damaged, or something is in the store.</exception>
    public static RestoreReport Run(string source, string store, RestoreOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(store);
        var settings = options ?? new RestoreOptions();
        var folder = BackupFolder.Open(source);
        var name = folder.Find(settings.Snapshot);
        var manifest = BackupManifest.Read(Path.Combine(folder.Snapshot(name), BackupFolder.ManifestName));
        progress?.Report("checking the backup");
        if (new BackupCheck(folder, name, manifest, progress).Tables(cancellation).FirstOrDefault() is { } wrong)
        {
            throw new TrackingException($"snapshot {name}: {wrong}; nothing was restored; try another snapshot (roux backup --list)");
        }

        using var target = RestoreTarget.Open(store);
        try
        {
            var content = target.Content();
            if (content is not null && !settings.Force)
            {
                throw new TrackingException($"{target.Place}: holds {content}; restore into a new store, or replace all of this one with --force (make a backup of it first)");
            }

            target.RequireUnused();
            using var artifacts = ArtifactStore.Open(settings.Artifacts ?? target.ArtifactsPlace);
            Place(folder, name, manifest, artifacts, progress, cancellation);
            Load(target, folder.Snapshot(name), manifest, progress, cancellation);
            return new RestoreReport(name, manifest.Tables.Values.Sum(table => table.Rows), manifest.Artifacts.Rows, manifest.ArtifactBytes, content);
        }
        catch (Exception exception) when (BackupCheck.IsDamage(exception))
        {
            throw new TrackingException($"snapshot {name} is damaged: {exception.Message}; nothing was restored; try another snapshot (roux backup --list)", exception);
        }
        catch (Exception exception) when (exception is StoreException or IOException or UnauthorizedAccessException)
        {
            throw target.Explain(exception);
        }
    }

    private static void Load(RestoreTarget target, string snapshot, BackupManifest manifest, IProgress<string>? progress, CancellationToken cancellation)
    {
        target.Begin(manifest.Schema);
        foreach (var table in StoreTables.At(manifest.Schema))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(table.Name);
            target.Load(table, TableFile.Read(BackupFolder.TableOf(snapshot, table.Name), table, manifest.Tables[table.Name].Rows));
        }

        progress?.Report("finishing");
        target.Complete();
    }

    /// <summary>Puts the artifacts in their places. Their paths are checked as those of clients are: none leads out of the artifact store.</summary>
    private static void Place(BackupFolder folder, string name, BackupManifest manifest, ArtifactStore artifacts, IProgress<string>? progress, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        foreach (var file in ArtifactList.Read(folder.Snapshot(name), manifest.Artifacts.Rows))
        {
            progress?.Report(file.Path);
            var (owner, path) = Checked(file).Parts();
            var upload = artifacts.Create(owner, path);
            try
            {
                using var digest = new DigestStream(new FileStream(folder.Content(file.Sha256), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
                for (int read; (read = digest.Read(buffer, 0, buffer.Length)) > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    upload.Write(buffer.AsSpan(0, read));
                }

                if (digest.Bytes != file.Bytes || digest.Sha256() != file.Sha256)
                {
                    throw new InvalidDataException($"the content of {file.Path} is not what was backed up");
                }
            }
            catch (Exception exception)
            {
                upload.Abandon();
                throw exception is FileNotFoundException or DirectoryNotFoundException ? new InvalidDataException($"the content of {file.Path} is missing", exception) : exception;
            }

            upload.Dispose();
        }
    }

    private static StoredFile Checked(BackedUpFile file)
    {
        try
        {
            var stored = new StoredFile(ArtifactPath.Check(file.Path), file.Bytes, default, "");
            if (stored.Path == file.Path && stored.Parts() is { Path.Length: > 0 } parts && parts.Owner[0] != '.')
            {
                return stored;
            }
        }
        catch (TrackingException exception)
        {
            throw new InvalidDataException($"an artifact's path leads out of the store: {exception.Message}", exception);
        }

        throw new InvalidDataException($"'{file.Path}' is no path of an artifact");
    }
}
