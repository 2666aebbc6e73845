using System.Security.Cryptography;
using ZstdSharp;

namespace Roux.Tracking.Backup;

/// <summary>Reads a snapshot and says what is wrong with it, in words.</summary>
internal sealed class BackupCheck(BackupFolder folder, string name, BackupManifest manifest, IProgress<string>? progress)
{
    private readonly string snapshot = folder.Snapshot(name);

    /// <summary>Digests of the files of rows, and every row.</summary>
    public IEnumerable<string> Tables(CancellationToken cancellation)
    {
        var tables = StoreTables.At(manifest.Schema);
        foreach (var table in tables)
        {
            progress?.Report(table.Name);
            if (!manifest.Tables.TryGetValue(table.Name, out var entry))
            {
                yield return $"{table.Name}: the manifest has no such table";
                continue;
            }

            if (Wrong(BackupFolder.TableOf(snapshot, table.Name), entry, cancellation) is { } wrong)
            {
                yield return $"{table.Name}: {wrong}";
            }
            else if (Unreadable(table, entry, cancellation) is { } unreadable)
            {
                yield return $"{table.Name}: {unreadable}";
            }
        }

        if (Wrong(Path.Combine(snapshot, BackupFolder.ArtifactsName), manifest.Artifacts, cancellation) is { } list)
        {
            yield return $"the list of artifacts: {list}";
        }
    }

    /// <summary>Digests of all artifacts, each content once.</summary>
    public IEnumerable<string> Artifacts(CancellationToken cancellation)
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        var (files, broken) = List();
        foreach (var file in files)
        {
            progress?.Report(file.Path);
            if (!known.TryGetValue(file.Sha256, out var wrong))
            {
                known[file.Sha256] = wrong = Wrong(folder.Content(file.Sha256), new FileEntry(0, file.Bytes, file.Sha256), cancellation);
            }

            if (wrong is not null)
            {
                yield return $"{file.Path}: {wrong}";
            }
        }

        if (broken is not null)
        {
            yield return broken;
        }
    }

    /// <summary>Why a file is not what was written; <c>null</c> where it is.</summary>
    public static string? Wrong(string path, FileEntry entry, CancellationToken cancellation)
    {
        if (new FileInfo(path) is not { Exists: true } file)
        {
            return "its file is missing";
        }

        if (file.Length != entry.Bytes)
        {
            return $"its file has {file.Length} bytes in place of {entry.Bytes}";
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == entry.Sha256 ? null : "its file was changed or damaged: another SHA-256";
    }

    private string? Unreadable(TableShape table, FileEntry entry, CancellationToken cancellation)
    {
        try
        {
            foreach (var _ in TableFile.Read(BackupFolder.TableOf(snapshot, table.Name), table, entry.Rows))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            return null;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            return $"its rows cannot be read: {exception.Message}";
        }
    }

    private (List<BackedUpFile> Files, string? Broken) List()
    {
        try
        {
            return ([.. ArtifactList.Read(snapshot, manifest.Artifacts.Rows)], null);
        }
        catch (Exception exception) when (IsDamage(exception) || exception is IOException)
        {
            return ([], $"the list of artifacts cannot be read: {exception.Message}");
        }
    }

    /// <summary>Whether an exception says that a file is not what was written.</summary>
    public static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException or ZstdException or FormatException;
}
