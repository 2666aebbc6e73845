using System.Buffers;
using System.Security.Cryptography;

namespace Roux.Tracking.Reproduction;

/// <summary>Finds the data files of a run by their digests: at the recorded path, in the checked-out tree, under the same name in the repository, in DVC's cache.</summary>
public sealed class DataSearch
{
    private const int MostEntries = 200_000;
    private static readonly string[] PassedOver = [".git", ".roux", "node_modules", "__pycache__"];
    private readonly string? _root;
    private readonly string? _tree;
    private readonly CancellationToken _stop;

    /// <param name="root">Top of the repository that the user works in; null for none.</param>
    /// <param name="tree">Top of the fresh tree of the run's commit; null for none.</param>
    /// <param name="stop">Ends the reading of large files.</param>
    public DataSearch(string? root, string? tree, CancellationToken stop)
    {
        _root = root;
        _tree = tree;
        _stop = stop;
    }

    /// <summary>Looks for a file.</summary>
    /// <param name="need">The file.</param>
    /// <param name="recordedRoot">Top of the repository as it was then; paths under it are the same in the fresh tree.</param>
    public DataPlace Find(DataNeed need, string? recordedRoot)
    {
        ArgumentNullException.ThrowIfNull(need);
        string? changed = null, changedDigest = null;
        var relative = recordedRoot is null ? null : Relative(recordedRoot, need.Path);
        foreach (var candidate in new[] { relative is null || _tree is null ? null : Path.Combine(_tree, relative), need.Path, relative is null || _root is null ? null : Path.Combine(_root, relative) })
        {
            if (candidate is null || !File.Exists(candidate))
            {
                continue;
            }

            var digest = Digest(candidate, changed is null ? null : need.Bytes);
            if (digest == need.Sha256)
            {
                return new DataPlace(need, DataState.InPlace, candidate);
            }

            changed ??= candidate;
            changedDigest ??= digest;
        }

        if (FindInCache(need, relative) is { } cached)
        {
            return new DataPlace(need, DataState.Elsewhere, cached);
        }

        if (_root is not null && FindByName(_root, need) is { } same)
        {
            return new DataPlace(need, DataState.Elsewhere, same);
        }

        return changed is null ? new DataPlace(need, DataState.Missing, null) : new DataPlace(need, DataState.Changed, changed, changedDigest);
    }

    /// <summary>SHA-256 of a file's bytes in lower-case hexadecimal; null where it cannot be read, or cannot be the one for its size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The size that it must have; null for any.</param>
    public string? Digest(string path, long? bytes = null)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
            if (bytes is { } size && file.Length != size)
            {
                return null;
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
            try
            {
                int got;
                while ((got = file.Read(buffer)) > 0)
                {
                    _stop.ThrowIfCancellationRequested();
                    hash.AppendData(buffer, 0, got);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A path relative to a folder that it lies under; null where it does not.</summary>
    public static string? Relative(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || relative.StartsWith("..\\", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    // DVC keeps content under the first two digits of its md5: files/md5/ab/cdef… since version 3, ab/cdef… before.
    private string? FindInCache(DataNeed need, string? relative)
    {
        if (need.Md5 is not { } md5 || _root is null)
        {
            return null;
        }

        var folder = relative is null ? _root : Path.GetDirectoryName(Path.Combine(_root, relative));
        while (folder is not null && !Directory.Exists(Path.Combine(folder, ".dvc")) && folder.Length > _root.Length)
        {
            folder = Path.GetDirectoryName(folder);
        }

        foreach (var cache in folder is null ? [] : CacheFolders(Path.Combine(folder, ".dvc")))
        {
            foreach (var path in new[] { Path.Combine(cache, "files", "md5", md5[..2], md5[2..]), Path.Combine(cache, md5[..2], md5[2..]) })
            {
                if (File.Exists(path) && Digest(path, need.Bytes) == need.Sha256)
                {
                    return path;
                }
            }
        }

        return null;
    }

    private static IEnumerable<string> CacheFolders(string dvc)
    {
        yield return Path.Combine(dvc, "cache");
        foreach (var config in new[] { "config.local", "config" }.Select(n => Path.Combine(dvc, n)).Where(File.Exists))
        {
            var section = "";
            foreach (var line in File.ReadLines(config).Take(1000).Select(l => l.Trim()))
            {
                if (line.StartsWith('['))
                {
                    section = line.Trim('[', ']', ' ');
                }
                else if (section == "cache" && line.StartsWith("dir", StringComparison.Ordinal) && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                {
                    yield return Path.GetFullPath(Path.Combine(dvc, line[(equals + 1)..].Trim()));
                }
            }
        }
    }

    private string? FindByName(string root, DataNeed need)
    {
        var left = MostEntries;
        var folders = new Queue<string>([root]);
        while (folders.TryDequeue(out var folder) && left > 0)
        {
            IEnumerable<FileSystemInfo> entries;
            try
            {
                entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Take(left)];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (var entry in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                left--;
                if (entry is DirectoryInfo)
                {
                    if (!PassedOver.Contains(entry.Name))
                    {
                        folders.Enqueue(entry.FullName);
                    }
                }
                else if (entry.Name == need.Name && Digest(entry.FullName, need.Bytes) == need.Sha256)
                {
                    return entry.FullName;
                }
            }
        }

        return null;
    }
}
