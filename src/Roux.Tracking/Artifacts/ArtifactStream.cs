namespace Roux.Tracking.Artifacts;

/// <summary>Writes to a temporary file; closing syncs it and moves it to its place, so that readers see all of it or none.</summary>
internal sealed class ArtifactStream : Stream
{
    private readonly FileStream file;
    private readonly string temporary;
    private readonly string target;
    private bool closed;

    public ArtifactStream(string temporary, string target)
    {
        this.temporary = temporary;
        this.target = target;
        file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !closed;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        file.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        file.WriteAsync(buffer, cancellationToken);

    /// <summary>Gives up: nothing appears at the target.</summary>
    public void Abandon()
    {
        if (!closed)
        {
            closed = true;
            file.Dispose();
            File.Delete(temporary);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !closed)
        {
            closed = true;
            try
            {
                file.Flush(flushToDisk: true);
                file.Dispose();
                File.Move(temporary, target, overwrite: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Discard();
                throw Storage.DiskErrors.Explain(target, exception);
            }
        }

        base.Dispose(disposing);
    }

    private void Discard()
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
