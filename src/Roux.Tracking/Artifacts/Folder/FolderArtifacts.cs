using System.Globalization;
using System.Runtime.CompilerServices;
using Roux.Tracking.Registry;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Artifacts.Folder;

/// <summary>Artifacts in a folder of this machine; what is being written lies in <c>.tmp/</c> of it.</summary>
internal sealed class FolderArtifacts(string root) : ArtifactStore
{
    private const string TemporaryFolder = ".tmp";

    /// <summary>Leftovers of writers that died are swept after so long.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(2);

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0 };

    public override string Location => root;

    public override string Address(string owner, string path = "")
    {
        var folder = Path.Combine(root, owner);
        return path.Length == 0 ? folder : ArtifactPath.Under(folder, path);
    }

    public override ArtifactUpload Create(string owner, string path) => Guard(owner, path, ArtifactUpload (target) => new FolderUpload(NewTemporary(), target));

    /// <summary>What is written can be read at once.</summary>
    public override Stream Append(string owner, string path) => Guard(owner, path, target =>
        (Stream)new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    public override Task<IReadOnlyList<ArtifactInfo>> ListAsync(string owner, string? under, CancellationToken cancellation = default)
    {
        var folder = Address(owner, under ?? "");
        if (!Directory.Exists(folder))
        {
            return Task.FromResult<IReadOnlyList<ArtifactInfo>>([]);
        }

        var prefix = string.IsNullOrEmpty(under) ? "" : ArtifactPath.Check(under) + "/";
        return Task.FromResult<IReadOnlyList<ArtifactInfo>>([.. new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .Where(entry => entry.LinkTarget is null)
            .Select(entry => new ArtifactInfo(prefix + entry.Name, entry is FileInfo file ? file.Length : 0, entry is DirectoryInfo))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)]);
    }

    public override Task<ArtifactInfo?> FindAsync(string owner, string path, CancellationToken cancellation = default)
    {
        var place = Address(owner, path);
        return Task.FromResult(new FileInfo(place) is { Exists: true } file ? new ArtifactInfo(path, file.Length, false)
            : Directory.Exists(place) ? new ArtifactInfo(path, 0, true) : null);
    }

    public override Task<ArtifactFile?> OpenAsync(string owner, string path, CancellationToken cancellation = default) =>
        Task.FromResult(new FileInfo(Address(owner, path)) is { Exists: true } file ? new ArtifactFile(file.Name, file.Length, file.FullName) : null);

    public override Task DeleteAsync(string owner, string path, CancellationToken cancellation = default)
    {
        var place = Address(owner, path);
        try
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
            else if (File.Exists(place))
            {
                File.Delete(place);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else removed it.
        }

        return Task.CompletedTask;
    }

    public override async IAsyncEnumerable<StoredFile> FilesAsync(string owner, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var waiting = new Stack<(DirectoryInfo Folder, string Prefix)>();
        var top = new DirectoryInfo(owner.Length == 0 ? root : Address(owner));
        if (top.Exists)
        {
            waiting.Push((top, owner.Length == 0 ? "" : owner + "/"));
        }

        while (waiting.TryPop(out var next))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var entry in Entries(next.Folder).Where(entry => entry.LinkTarget is null))
            {
                if (entry is FileInfo file)
                {
                    yield return new StoredFile(next.Prefix + file.Name, file.Length, file.LastWriteTimeUtc, string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}"));
                }
                else if (next.Prefix.Length > 0 || entry.Name != TemporaryFolder)
                {
                    waiting.Push(((DirectoryInfo)entry, $"{next.Prefix}{entry.Name}/"));
                }
            }
        }
    }

    public override string Local(string owner, string path)
    {
        var place = Address(owner, path);
        return Path.Exists(place) ? place : throw new TrackingException($"'{path}': no such artifact in {Address(owner)}");
    }

    public override Task<(string Digest, long Bytes)> CopyToRegistryAsync(string owner, string path, string copy, string name, CancellationToken cancellation = default)
    {
        var source = Local(owner, path);
        var temporary = NewTemporary();
        try
        {
            Directory.CreateDirectory(temporary);
            var copied = ArtifactDigest.Copy(source, Path.Combine(temporary, name), cancellation);
            var folder = Address(OwnerOfCopy(copy));
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.Move(temporary, folder);
            return Task.FromResult(copied);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(source, exception);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    public override void Sweep(DateTimeOffset now) => RemoveLeftovers(now - Stale, remove: true);

    public override Task<(int Count, long Bytes)> AbandonedAsync(DateTimeOffset before, bool remove, CancellationToken cancellation = default) =>
        Task.FromResult(RemoveLeftovers(before, remove));

    public override Task CheckAsync(CancellationToken cancellation = default)
    {
        try
        {
            var file = NewTemporary();
            File.WriteAllBytes(file, []);
            File.Delete(file);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(root, exception);
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Everything)];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // It went away while we looked.
        }
    }

    /// <summary>A fresh path to write to before moving into place: on the same file system.</summary>
    private string NewTemporary()
    {
        var folder = Path.Combine(root, TemporaryFolder);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, Guid.NewGuid().ToString("N"));
    }

    private (int Count, long Bytes) RemoveLeftovers(DateTimeOffset before, bool remove)
    {
        var folder = new DirectoryInfo(Path.Combine(root, TemporaryFolder));
        var (count, bytes) = (0, 0L);
        foreach (var entry in folder.Exists ? Entries(folder).Where(entry => entry.LastWriteTimeUtc < before) : [])
        {
            try
            {
                count++;
                bytes += entry is FileInfo file ? file.Length : ((DirectoryInfo)entry).EnumerateFiles("*", SearchOption.AllDirectories).Sum(inner => inner.Length);
                if (!remove)
                {
                    continue;
                }

                if (entry is DirectoryInfo directory)
                {
                    directory.Delete(recursive: true);
                }
                else
                {
                    entry.Delete();
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process sweeps as well, or it is not ours to remove: it costs only space.
            }
        }

        return (count, bytes);
    }

    private T Guard<T>(string owner, string path, Func<string, T> open)
    {
        var target = ArtifactPath.Under(Address(owner), path);
        if (Directory.Exists(target))
        {
            throw new TrackingException($"artifact path '{path}': a folder of that name is there; choose another name");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            return open(target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskErrors.Explain(target, exception);
        }
    }
}
