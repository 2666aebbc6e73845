using Roux.Tracking.Storage;

namespace Roux.Tracking.Artifacts.Folder;

/// <summary>Writes to a temporary file; closing syncs it and moves it to its place.</summary>
internal sealed class FolderUpload : ArtifactUpload
{
    private readonly FileStream file;
    private readonly string temporary;
    private readonly string target;

    public FolderUpload(string temporary, string target)
    {
        this.temporary = temporary;
        this.target = target;
        file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    public override long Length => file.Length;

    public override void Flush() => file.Flush();

    public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);

    /// <summary>Straight to the system's cache: as asynchronous ones, writes would change threads more often than they move bytes.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        file.Write(buffer.Span);
        return default;
    }

    protected override Task FinishAsync()
    {
        try
        {
            file.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(temporary, target, overwrite: true);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard();
            throw DiskErrors.Explain(target, exception);
        }
    }

    protected override void Discard()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // The buffer that could not be written cannot be written now either.
        }

        File.Delete(temporary);
    }
}
