using LibGit2Sharp;
using Roux.Tracking.Capture.Lineage;

namespace Roux.Tracking.Capture;

/// <summary>Files of a working tree that differ from HEAD.</summary>
/// <param name="Tracked">Paths that git tracks, sorted.</param>
/// <param name="Untracked">Files that git neither tracks nor ignores, sorted by path.</param>
internal sealed record ChangedFiles(IReadOnlyList<string> Tracked, IReadOnlyList<GitFile> Untracked)
{
    private const long LargestLfs = 1L << 30;

    /// <summary>Asks git for the status; the run store (<c>.roux</c>) does not count.</summary>
    public static ChangedFiles Find(Repository repository, string root)
    {
        var status = repository.RetrieveStatus(new StatusOptions
        {
            IncludeUntracked = true,
            RecurseUntrackedDirs = false,
            IncludeIgnored = false,
            RecurseIgnoredDirs = false,
            IncludeUnaltered = false,
            DetectRenamesInIndex = false,
            DetectRenamesInWorkDir = false,
            ExcludeSubmodules = true,
        });
        var tracked = new List<string>();
        var lfsBytes = LargestLfs;
        var untracked = new List<GitFile>();
        foreach (var entry in status)
        {
            if (entry.State == FileStatus.NewInWorkdir)
            {
                AddUntracked(repository, root, entry.FilePath, untracked);
            }
            else if (entry.State is not (FileStatus.Unaltered or FileStatus.Ignored or FileStatus.Nonexistent) && !(entry.State is FileStatus.ModifiedInWorkdir && IsUnchangedLfs(repository, root, entry.FilePath, ref lfsBytes)))
            {
                tracked.Add(entry.FilePath);
            }
        }

        tracked.Sort(StringComparer.Ordinal);
        untracked.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new ChangedFiles(tracked, untracked);
    }

    // The library knows no LFS filter: where git's index is not up to date, the content seems to differ from the pointer that stands for it.
    private static bool IsUnchangedLfs(Repository repository, string root, string path, ref long bytes)
    {
        if (repository.Head.Tip?[path]?.Target is not Blob { Size: <= LfsPointer.Largest } blob || LfsPointer.Parse(blob.GetContentText()) is not { } pointer)
        {
            return false;
        }

        var file = new FileInfo(Path.Combine(root, path));
        if (!file.Exists || file.Length != pointer.Bytes || file.Length > bytes)
        {
            return false;
        }

        bytes -= file.Length;
        return FileDigest.Sha256Of(file.FullName, CancellationToken.None) == pointer.Oid;
    }

    // git names an untracked folder once; its files are walked here so that a folder of a million files ends at the limit.
    private static void AddUntracked(Repository repository, string root, string path, List<GitFile> files)
    {
        if (files.Count >= GitCapture.LargestFileList || IsStore(path))
        {
            return;
        }

        var full = Path.Combine(root, path);
        if (!path.EndsWith('/'))
        {
            var file = new FileInfo(full);
            files.Add(new GitFile(path, file.Exists && file.LinkTarget is null ? file.Length : 0));
            return;
        }

        if (Path.Exists(Path.Combine(full, ".git")))
        {
            return;
        }

        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        foreach (var entry in new DirectoryInfo(full).EnumerateFileSystemInfos("*", options).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var isFolder = entry is DirectoryInfo && entry.LinkTarget is null;
            var relative = path + entry.Name + (isFolder ? "/" : "");
            if (!repository.Ignore.IsPathIgnored(relative))
            {
                AddUntracked(repository, root, relative, files);
            }
        }
    }

    private static bool IsStore(string path) => path == ".roux/" || path.StartsWith(".roux/", StringComparison.Ordinal) || path.EndsWith("/.roux/", StringComparison.Ordinal);
}
