using System.Runtime.CompilerServices;
using Roux.Tracking.Artifacts.Folder;
using Roux.Tracking.Artifacts.S3;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Artifacts;

/// <summary>
/// Files of runs and models, by owner and path: the owner is <c>RUN</c>, <c>logged-models/ID</c> or <c>models/COPY</c> (the registry's), the
/// path is relative to it. A file appears whole or not at all. What a folder answers comes at once, so its tasks are complete.
/// </summary>
internal abstract class ArtifactStore : IDisposable
{
    /// <summary>Where the registry's copies lie.</summary>
    public const string Copies = "models";

    /// <summary>Where the artifacts of logged models lie.</summary>
    public const string LoggedModels = "logged-models";

    /// <summary>Where it all lies, in words for people: a folder, or <c>s3://bucket/prefix</c>.</summary>
    public abstract string Location { get; }

    /// <summary>Whether the files lie on this machine.</summary>
    public virtual bool IsLocal => true;

    /// <summary>Uploads in parts that clients send to the store itself; <c>null</c> where there are none.</summary>
    public virtual PartUploads? Parts => null;

    /// <summary>The store that a text names: <c>s3://bucket/prefix</c>, or a folder.</summary>
    /// <exception cref="TrackingException">It is no such text.</exception>
    public static ArtifactStore Open(string location)
    {
        if (location.StartsWith(S3Location.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return OpenS3(location);
        }

        return location.Contains("://", StringComparison.Ordinal)
            ? throw new TrackingException($"artifacts at '{SecretFree(location)}': give a folder or s3://BUCKET/PREFIX")
            : new FolderArtifacts(Path.GetFullPath(location));
    }

    /// <summary>The owner of the registry's copy of that name.</summary>
    public static string OwnerOfCopy(string copy) => $"{Copies}/{copy}";

    /// <summary>The owner of a logged model's artifacts.</summary>
    public static string OwnerOfModel(string modelId) => $"{LoggedModels}/{modelId}";

    /// <summary>Full path or address of something, there or not; empty <paramref name="path"/> means all of the owner.</summary>
    /// <exception cref="TrackingException">The path leads elsewhere.</exception>
    public abstract string Address(string owner, string path = "");

    /// <summary>Begins a file that appears when the stream is closed, and replaces what is there.</summary>
    public abstract ArtifactUpload Create(string owner, string path);

    /// <summary>Opens a file at its end; others can read it while it grows.</summary>
    public abstract Stream Append(string owner, string path);

    /// <summary>Files and folders directly under a path, by name. Empty where there is nothing.</summary>
    public abstract Task<IReadOnlyList<ArtifactInfo>> ListAsync(string owner, string? under, CancellationToken cancellation = default);

    /// <summary>What lies at a path; <c>null</c> where there is nothing.</summary>
    public abstract Task<ArtifactInfo?> FindAsync(string owner, string path, CancellationToken cancellation = default);

    /// <summary>Opens a file to read; <c>null</c> where there is none.</summary>
    public abstract Task<ArtifactFile?> OpenAsync(string owner, string path, CancellationToken cancellation = default);

    /// <summary>Removes a file, or a folder with all below it; an empty path means all of the owner. What is not there stays so.</summary>
    public abstract Task DeleteAsync(string owner, string path, CancellationToken cancellation = default);

    /// <summary>Every file of an owner, or of all where it is empty, with paths from the top of the store. In no order.</summary>
    public abstract IAsyncEnumerable<StoredFile> FilesAsync(string owner, CancellationToken cancellation = default);

    /// <summary>A path on this machine that holds a file or folder: itself, or a copy of it that stays for a while.</summary>
    /// <exception cref="TrackingException">There is nothing.</exception>
    public abstract string Local(string owner, string path);

    /// <summary>Copies a file or folder to the registry: all of it or nothing.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="path">The file or folder; empty for all of the owner.</param>
    /// <param name="copy">Name of the copy.</param>
    /// <param name="name">Name of the file or folder in the copy; empty for a folder whose contents are the copy.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Digest (see <see cref="ModelVersionRecord.Digest"/>) and size.</returns>
    public abstract Task<(string Digest, long Bytes)> CopyToRegistryAsync(string owner, string path, string copy, string name, CancellationToken cancellation = default);

    /// <summary>Removes what writers that died left behind, where that is cheap to find.</summary>
    public abstract void Sweep(DateTimeOffset now);

    /// <summary>What writers that died, or clients that went away, left of uploads begun before a time: how many and their size. Removes them where told.</summary>
    public abstract Task<(int Count, long Bytes)> AbandonedAsync(DateTimeOffset before, bool remove, CancellationToken cancellation = default);

    /// <summary>Touches the store, so that a place that cannot be reached or read is known at once.</summary>
    /// <exception cref="TrackingException">It cannot be used.</exception>
    public abstract Task CheckAsync(CancellationToken cancellation = default);

    /// <summary>See <see cref="ListAsync"/>.</summary>
    public IReadOnlyList<ArtifactInfo> List(string owner, string? under) => ListAsync(owner, under).GetAwaiter().GetResult();

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

    public virtual void Dispose()
    {
    }

    // Apart, so that the S3 client is loaded only where it is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static S3Artifacts OpenS3(string location) => S3Artifacts.Open(S3Location.Parse(location));

    private static string SecretFree(string location) => location.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? $"…{location[at..]}" : location;

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
}
