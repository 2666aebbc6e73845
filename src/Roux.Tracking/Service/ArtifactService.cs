using System.Buffers;
using Roux.Tracking.Artifacts;
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
    private const string LoggedModels = "logged-models";
    private const string RegistryCopies = "models";

    /// <summary>The folder of a logged model's artifacts in the artifact store.</summary>
    public static string FolderOf(string modelId) => $"{LoggedModels}/{modelId}";

    /// <summary>What a path of the artifact proxy, such as <c>1/RUN/artifacts/plots/roc.png</c>, means.</summary>
    /// <exception cref="ServiceException">It is malformed, leads elsewhere, or there is no such run or model.</exception>
    public ArtifactAddress Resolve(string proxyPath)
    {
        var parts = Clean(proxyPath).Split('/');
        switch (parts)
        {
            case [RegistryCopies, var copy, ..] when IsId(copy):
                return new ArtifactAddress($"{RegistryCopies}/{copy}", string.Join('/', parts[2..]), null);
            case [var experiment, "models", var model, "artifacts", ..] when IsModelId(model):
                RequireModel(experiment, model);
                return new ArtifactAddress(FolderOf(model), string.Join('/', parts[4..]), model);
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
        return new ArtifactAddress(FolderOf(modelId), string.IsNullOrEmpty(path) ? "" : Clean(path), modelId);
    }

    /// <summary>A file of the registry's copy of a model version.</summary>
    public static ArtifactAddress OfCopy(string copy, string name, string path)
    {
        var clean = Clean(path);
        return new ArtifactAddress($"{RegistryCopies}/{copy}", name.Length == 0 ? clean : clean == name ? name : $"{name}/{clean}", null);
    }

    /// <summary>Files and folders directly under an address; none under a file.</summary>
    public IReadOnlyList<ArtifactInfo> List(ArtifactAddress address) =>
        ServiceException.Checked(() => tracker.Artifacts.List(address.Folder, address.Path.Length == 0 ? null : address.Path));

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public FileInfo File(ArtifactAddress address)
    {
        var file = new FileInfo(Locate(address));
        return file.Exists ? file : throw ServiceException.NotFound($"No such artifact: '{address.Path}'");
    }

    /// <summary>Full path of a file or folder.</summary>
    /// <exception cref="ServiceException">There is none.</exception>
    public string Existing(ArtifactAddress address)
    {
        var path = Locate(address);
        return Path.Exists(path) ? path : throw ServiceException.NotFound($"No such artifact: '{address.Path}'");
    }

    /// <summary>Stores what a stream holds; it appears when all of it is there and synced, and replaces what is there.</summary>
    public async Task StoreAsync(ArtifactAddress address, Stream content, CancellationToken cancellation)
    {
        RefuseCopies(address);
        if (address.Path.Length == 0)
        {
            throw InvalidPath();
        }

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

        await target.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Removes a file, or a folder with all below it.</summary>
    public void Delete(ArtifactAddress address)
    {
        RefuseCopies(address);
        var path = Existing(address);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            System.IO.File.Delete(path);
        }
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

    /// <summary>Few large writes, each straight to the system's cache: as asynchronous ones they would change threads more often than they move bytes.</summary>
    private static async Task CopyAsync(Stream content, ArtifactStream target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            for (int read; (read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false)) > 0;)
            {
                target.Write(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ArtifactStream Create(ArtifactAddress address)
    {
        try
        {
            return tracker.Artifacts.Create(address.Folder, address.Path);
        }
        catch (TrackingException exception) when (exception.InnerException is null)
        {
            throw ServiceException.Invalid($"Invalid path: {exception.Message}");
        }
        catch (TrackingException exception) when (exception.InnerException is IOException io && !DiskErrors.IsDiskFull(io))
        {
            throw ServiceException.Invalid($"Invalid path: a part of '{address.Path}' is a file, or longer than the file system takes");
        }
    }

    private string Locate(ArtifactAddress address)
    {
        try
        {
            return address.Path.Length == 0 ? tracker.Artifacts.Folder(address.Folder) : tracker.Artifacts.Locate(address.Folder, address.Path);
        }
        catch (TrackingException)
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
