using System.Buffers;
using Roux.Tracking.Artifacts;
using Roux.Tracking.Artifacts.S3;
using Roux.Tracking.Storage;

namespace Roux.Tracking.Service;

/// <summary>Whose artifact, and which.</summary>
/// <param name="Folder">The owner's folder in the artifact store.</param>
/// <param name="Path">Checked path below it; empty for all of it.</param>
/// <param name="Owner">The run or the logged model; <c>null</c> for the registry's copies, which never change.</param>
internal sealed record ArtifactAddress(string Folder, string Path, string? Owner)
{
    /// <summary>Whether the owner is a run.</summary>
    public bool IsRun { get; init; }
}

/// <summary>Artifacts for a server's clients: every path is checked in every reading of it before the file system sees it.</summary>
internal sealed class ArtifactService(Tracker tracker)
{
    private const int MostDecodings = 5;
    private const int CopiedAtOnce = 1 << 19;

    /// <summary>What a path of the artifact proxy, such as <c>1/RUN/artifacts/plots/roc.png</c>, means.</summary>
    /// <exception cref="ServiceException">It is malformed, leads elsewhere, or there is no such run or model.</exception>
    public ArtifactAddress Resolve(string proxyPath)
    {
        var parts = Clean(proxyPath).Split('/');
        switch (parts)
        {
            case [ArtifactStore.Copies, var copy, ..] when IsId(copy):
                return new ArtifactAddress(ArtifactStore.OwnerOfCopy(copy), string.Join('/', parts[2..]), null);
            case [var experiment, "models", var model, "artifacts", ..] when IsModelId(model):
                RequireModel(experiment, model);
                return new ArtifactAddress(ArtifactStore.OwnerOfModel(model), string.Join('/', parts[4..]), model);
            case [var experiment, var run, "artifacts", ..] when IsId(run):
                RequireRun(experiment, run);
                return new ArtifactAddress(run, string.Join('/', parts[3..]), run) { IsRun = true };
            default:
                throw InvalidPath();
        }
    }

    /// <summary>An artifact of a run by a path below its artifacts; an empty one means all of them.</summary>
    public ArtifactAddress OfRun(string runId, string? path)
    {
        tracker.Database.Read(session => RunService.Key(session, runId));
        return new ArtifactAddress(runId, string.IsNullOrEmpty(path) ? "" : Clean(path), runId) { IsRun = true };
    }

    /// <summary>An artifact of a logged model by a path below its artifacts.</summary>
    public ArtifactAddress OfLoggedModel(string modelId, string? path)
    {
        tracker.Database.Read(session => LoggedModelService.Key(session, modelId));
        return new ArtifactAddress(ArtifactStore.OwnerOfModel(modelId), string.IsNullOrEmpty(path) ? "" : Clean(path), modelId);
    }

    /// <summary>A file of the registry's copy of a model version.</summary>
    public static ArtifactAddress OfCopy(string copy, string name, string path)
    {
        var clean = Clean(path);
        return new ArtifactAddress(ArtifactStore.OwnerOfCopy(copy), name.Length == 0 ? clean : clean == name ? name : $"{name}/{clean}", null);
    }

    /// <summary>Files and folders directly under an address; none under a file.</summary>
    public Task<IReadOnlyList<ArtifactInfo>> ListAsync(ArtifactAddress address, CancellationToken cancellation) =>
        Safe(() => tracker.Artifacts.ListAsync(address.Folder, address.Path.Length == 0 ? null : address.Path, cancellation));

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public async Task<ArtifactFile> OpenAsync(ArtifactAddress address, CancellationToken cancellation) =>
        address.Path.Length > 0 && await Safe(() => tracker.Artifacts.OpenAsync(address.Folder, address.Path, cancellation)).ConfigureAwait(false) is { } file ? file : throw Missing(address);

    /// <summary>Makes sure that something is there.</summary>
    /// <exception cref="ServiceException">There is nothing.</exception>
    public async Task RequireAsync(ArtifactAddress address, CancellationToken cancellation)
    {
        if (await Safe(() => tracker.Artifacts.FindAsync(address.Folder, address.Path, cancellation)).ConfigureAwait(false) is null)
        {
            throw Missing(address);
        }
    }

    /// <summary>Stores what a stream holds; it appears when all of it is there and synced, and replaces what is there.</summary>
    public async Task StoreAsync(ArtifactAddress address, Stream content, CancellationToken cancellation)
    {
        RequireWritable(address);
        var target = Create(address);
        try
        {
            await CopyAsync(content, target, cancellation).ConfigureAwait(false);
        }
        catch
        {
            target.Abandon();
            throw;
        }

        await Placed(address, () => target.DisposeAsync().AsTask()).ConfigureAwait(false);
    }

    /// <summary>Removes a file, or a folder with all below it.</summary>
    public async Task DeleteAsync(ArtifactAddress address, CancellationToken cancellation)
    {
        RefuseCopies(address);
        await RequireAsync(address, cancellation).ConfigureAwait(false);
        await tracker.Artifacts.DeleteAsync(address.Folder, address.Path, cancellation).ConfigureAwait(false);
    }

    /// <summary>Begins an upload whose parts the client sends to the store itself.</summary>
    /// <exception cref="ServiceException">The store takes no parts, or the upload is not to be.</exception>
    public async Task<(string UploadId, IReadOnlyList<PartUrl> Parts)> BeginPartsAsync(ArtifactAddress address, int count, CancellationToken cancellation)
    {
        RequireWritable(address);
        var uploads = Parts();
        if (count is < 1 or > PartUploads.Most)
        {
            throw ServiceException.Invalid($"Invalid value {count} for parameter 'num_parts': it must be between 1 and {PartUploads.Most}");
        }

        (string, IReadOnlyList<PartUrl>) begun = default;
        await Placed(address, async () => begun = await uploads.CreateAsync(address.Folder, address.Path, count, DateTimeOffset.FromUnixTimeMilliseconds(tracker.Now()), cancellation).ConfigureAwait(false))
            .ConfigureAwait(false);
        return begun;
    }

    /// <summary>Puts the parts of an upload together: the file appears.</summary>
    public Task CompletePartsAsync(ArtifactAddress address, string uploadId, IReadOnlyList<(int Number, string Tag)> parts, CancellationToken cancellation)
    {
        RequireWritable(address);
        return parts.Count == 0 ? throw ServiceException.Missing("parts") : Parts().CompleteAsync(address.Folder, address.Path, uploadId, parts, cancellation);
    }

    /// <summary>Gives an upload up.</summary>
    public Task AbortPartsAsync(ArtifactAddress address, string uploadId, CancellationToken cancellation)
    {
        RequireWritable(address);
        return Parts().AbortAsync(address.Folder, address.Path, uploadId, cancellation);
    }

    /// <summary>Checks a path in every reading: as it is, and decoded again and again, for a proxy on the way may decode once more.</summary>
    internal static string Clean(string path)
    {
        if (path.Length > 4096)
        {
            throw InvalidPath();
        }

        var checkedPath = Check(path);
        var reading = path;
        for (var round = 0; round < MostDecodings && reading.Contains('%', StringComparison.Ordinal); round++)
        {
            var decoded = Uri.UnescapeDataString(reading);
            if (decoded == reading)
            {
                break;
            }

            Check(reading = decoded);
        }

        return checkedPath;
    }

    private static string Check(string path)
    {
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || path.Contains("://", StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal))
        {
            throw InvalidPath();
        }

        try
        {
            return ArtifactPath.Check(path);
        }
        catch (TrackingException)
        {
            throw InvalidPath();
        }
    }

    /// <summary>Few large writes: many small ones would change threads more often than they move bytes.</summary>
    private static async Task CopyAsync(Stream content, ArtifactUpload target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            for (int read; (read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)) > 0;)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ArtifactUpload Create(ArtifactAddress address)
    {
        ArtifactUpload? upload = null;
        Placed(address, () =>
        {
            upload = tracker.Artifacts.Create(address.Folder, address.Path);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
        return upload!;
    }

    /// <summary>What the store says about a path goes to the client without the place of the store.</summary>
    private static async Task Placed(ArtifactAddress address, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (TrackingException exception) when (exception is not ServiceException && exception.InnerException is null)
        {
            throw ServiceException.Invalid($"Invalid path: {exception.Message}");
        }
        catch (TrackingException exception) when (exception.InnerException is IOException io and not EndOfStreamException && !DiskErrors.IsDiskFull(io))
        {
            throw ServiceException.Invalid($"Invalid path: a part of '{address.Path}' is a file, or longer than the file system takes");
        }
    }

    private static async Task<T> Safe<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (TrackingException exception) when (exception is not ServiceException && exception.InnerException is null)
        {
            throw InvalidPath();
        }
    }

    private PartUploads Parts() =>
        tracker.Artifacts.Parts ?? throw new ServiceException(ServiceError.NotImplemented, "Multipart upload is not supported for the current artifact repository");

    private static ServiceException Missing(ArtifactAddress address) => ServiceException.NotFound($"No such artifact: '{address.Path}'");

    private static void RequireWritable(ArtifactAddress address)
    {
        RefuseCopies(address);
        if (address.Path.Length == 0)
        {
            throw InvalidPath();
        }
    }

    private static void RefuseCopies(ArtifactAddress address)
    {
        if (address.Owner is null)
        {
            throw new ServiceException(ServiceError.PermissionDenied, "The files of a registered model version never change; log to a run and register a new version");
        }
    }

    private void RequireRun(string experiment, string runId)
    {
        if (tracker.Database.Read(session => session.Number("SELECT experiment FROM runs WHERE run_id = $runId", ("$runId", runId))) is not { } key
            || ExperimentService.TryKey(experiment) != key)
        {
            throw ServiceException.NotFound($"Run with id={runId} not found");
        }
    }

    private void RequireModel(string experiment, string modelId)
    {
        if (tracker.Database.Read(session => session.Number("SELECT experiment FROM logged_models WHERE model_id = $modelId", ("$modelId", modelId))) is not { } key
            || ExperimentService.TryKey(experiment) != key)
        {
            throw LoggedModelService.NoSuchModel(modelId);
        }
    }

    private static bool IsModelId(string text) => text.StartsWith("m-", StringComparison.Ordinal) && IsId(text[2..]);

    private static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private static ServiceException InvalidPath() => ServiceException.Invalid("Invalid path");
}
