namespace Roux.Tracking.Artifacts;

/// <summary>A file opened to read.</summary>
/// <param name="Name">Last part of its path.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Local">Where it lies on this machine; <c>null</c>: nowhere.</param>
internal sealed record ArtifactFile(string Name, long Length, string? Local) : IDisposable
{
    private Stream? content;

    /// <summary>Its bytes. Where the store knows their digest, the last of them come only when all are right.</summary>
    public Stream Content
    {
        get => content ??= new FileStream(Local!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        init => content = value;
    }

    public void Dispose() => content?.Dispose();
}
