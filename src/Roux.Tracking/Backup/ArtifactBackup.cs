using Roux.Tracking.Artifacts;
using Roux.Tracking.Transfer;

namespace Roux.Tracking.Backup;

/// <summary>Copies the artifacts of a store to a folder of backups: those alone that changed since the last one.</summary>
internal sealed class ArtifactBackup(ArtifactStore artifacts, BackupFolder folder, IProgress<string>? progress)
{
    private const int MostProblems = 100;

    private readonly List<string> problems = [];
    private Dictionary<string, BackedUpFile> known = [];

    public FileEntry? Entry { get; private set; }

    public long Bytes { get; private set; }

    public long NewFiles { get; private set; }

    public long NewBytes { get; private set; }

    public IReadOnlyList<string> Problems => problems;

    /// <param name="staged">Where the list goes.</param>
    /// <param name="owners">Whose artifacts the snapshot of the database knows; others are younger than it, or nobody's.</param>
    /// <param name="previous">The last snapshot; <c>null</c> where there is none.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Run(string staged, ArtifactOwners owners, string? previous, CancellationToken cancellation)
    {
        known = previous is null ? [] : Known(previous);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Entry = TableFile.Create(Path.Combine(staged, BackupFolder.ArtifactsName), writer =>
        {
            var rows = 0L;
            foreach (var file in artifacts.FilesAsync("", cancellation).ToBlockingEnumerable(cancellation))
            {
                var (owner, path) = file.Parts();
                if (path.Length > 0 && owners.All.Contains(owner) && Copy(file, owner, path, cancellation) is { } entry)
                {
                    seen.Add(owner);
                    ArtifactList.Write(writer, entry);
                    Bytes += entry.Bytes;
                    rows++;
                }
            }

            return rows;
        });
        foreach (var (copy, version) in owners.Copies.Where(copy => !seen.Contains(copy.Key)).OrderBy(copy => copy.Value, StringComparer.Ordinal))
        {
            Note($"{version}: its files are not in {artifacts.Location} ({copy}); if the server was started with --artifacts, name that place in ROUX_ARTIFACTS");
        }
    }

    private static Dictionary<string, BackedUpFile> Known(string snapshot)
    {
        try
        {
            var rows = BackupManifest.Read(Path.Combine(snapshot, BackupFolder.ManifestName)).Artifacts.Rows;
            return ArtifactList.Read(snapshot, rows).ToDictionary(file => file.Path, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is TrackingException or IOException or InvalidDataException or ZstdSharp.ZstdException)
        {
            return []; // A damaged snapshot saves no work; roux backup --verify tells of it.
        }
    }

    private BackedUpFile? Copy(StoredFile file, string owner, string path, CancellationToken cancellation)
    {
        if (file.Stamp.Length > 0 && known.TryGetValue(file.Path, out var before) && before.Bytes == file.Bytes && before.Stamp == file.Stamp && folder.Has(before.Sha256, before.Bytes))
        {
            return before;
        }

        progress?.Report(file.Path);
        var temporary = folder.NewTemporary();
        try
        {
            using var open = artifacts.OpenAsync(owner, path, cancellation).GetAwaiter().GetResult();
            if (open is null)
            {
                return null; // It went away since it was listed, as a file that is being replaced does.
            }

            string sha256;
            long bytes;
            using (var disk = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                using var digest = new DigestStream(disk);
                Transfer(open.Content, digest, cancellation);
                disk.Flush(flushToDisk: true);
                (bytes, sha256) = (digest.Bytes, digest.Sha256());
            }

            if (folder.Keep(temporary, sha256, bytes))
            {
                NewFiles++;
                NewBytes += bytes;
            }

            return new BackedUpFile(file.Path, bytes, sha256, file.Stamp);
        }
        catch (TrackingException exception)
        {
            Note($"{file.Path}: {exception.Message}");
            return null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Transfer(Stream from, Stream to, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            to.Write(buffer.AsSpan(0, read));
        }
    }

    private void Note(string problem)
    {
        if (problems.Count < MostProblems)
        {
            problems.Add(problem);
        }
    }
}
