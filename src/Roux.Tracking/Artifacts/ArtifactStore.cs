using Roux.Tracking.Storage;

namespace Roux.Tracking.Artifacts;

/// <summary>Files of runs and models under one folder: <c>RUN/…</c> for runs, <c>models/COPY/…</c> for the registry, <c>.tmp/</c> for what is being written.</summary>
internal sealed class ArtifactStore(string root)
{
    private const string TemporaryFolder = ".tmp";

    /// <summary>Leftovers of writers that died are swept after so long.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(2);

    /// <summary>The folder of a run's artifacts, there or not.</summary>
    public string Folder(string runId) => Path.Combine(root, runId);

    /// <summary>The folder of the registry's copy of that name, there or not.</summary>
    public string ModelFolder(string copy) => Path.Combine(root, "models", copy);

    /// <summary>The full path of an artifact, there or not, free of links.</summary>
    public string Locate(string runId, string path) => ArtifactPath.Under(Folder(runId), path);

    /// <summary>Begins a file that appears when the stream is closed.</summary>
    public ArtifactStream Create(string runId, string path) => Guard(runId, path, target => new ArtifactStream(NewTemporary(), target));

    /// <summary>Opens a file at its end; what is written can be read at once.</summary>
    public Stream Append(string runId, string path) => Guard(runId, path, target =>
        (Stream)new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    /// <summary>Copies a file, or what a folder holds, to the artifacts of a run.</summary>
    /// <returns>What was left out: links that lead out of the folder.</returns>
    public IReadOnlyList<string> Copy(string runId, string localPath, string? artifactPath)
    {
        var source = Path.GetFullPath(localPath);
        if (File.Exists(source))
        {
            CopyFile(runId, source, Join(artifactPath, Path.GetFileName(source)));
            return [];
        }

        if (!Directory.Exists(source))
        {
            throw new TrackingException($"'{localPath}': no such file or folder to log as an artifact; check the path (current folder: {Environment.CurrentDirectory})");
        }

        var skipped = new List<string>();
        foreach (var (relative, file, isLink) in FolderWalk.Files(source))
        {
            if (isLink && LeadsOutOf(source, file))
            {
                skipped.Add(relative);
            }
            else
            {
                CopyFile(runId, file, Join(artifactPath, relative));
            }
        }

        return skipped;
    }

    /// <summary>Files and folders directly under a path, by name. Empty where there is nothing.</summary>
    public IReadOnlyList<ArtifactInfo> List(string runId, string? under)
    {
        var folder = string.IsNullOrEmpty(under) ? Folder(runId) : Locate(runId, under);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var prefix = string.IsNullOrEmpty(under) ? "" : ArtifactPath.Check(under) + "/";
        return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .Where(entry => entry.LinkTarget is null)
            .Select(entry => new ArtifactInfo(prefix + entry.Name, entry is FileInfo file ? file.Length : 0, entry is DirectoryInfo))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>A fresh path to write to before moving into place: on the same file system.</summary>
    public string NewTemporary()
    {
        var folder = Path.Combine(root, TemporaryFolder);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Removes what writers that died left behind.</summary>
    public void Sweep(DateTimeOffset now)
    {
        var folder = new DirectoryInfo(Path.Combine(root, TemporaryFolder));
        if (!folder.Exists)
        {
            return;
        }

        foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => now - entry.LastWriteTimeUtc > Stale))
        {
            try
            {
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
    }

    private static string Join(string? folder, string name) => string.IsNullOrEmpty(folder) ? name : $"{ArtifactPath.Check(folder)}/{name}";

    private static bool LeadsOutOf(string folder, string link) =>
        new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } target
        || !target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private void CopyFile(string runId, string source, string path)
    {
        using var target = Create(runId, path);
        try
        {
            using var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.CopyTo(target, 1 << 20);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            target.Abandon();
            throw DiskErrors.Explain(source, exception);
        }
    }

    private T Guard<T>(string runId, string path, Func<string, T> open)
    {
        var target = Locate(runId, path);
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
