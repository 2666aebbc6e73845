namespace Roux.Tracking.Artifacts;

/// <summary>A file being written: closing puts it in its place, so that readers see all of it or none; <see cref="Abandon"/> gives up.</summary>
internal abstract class ArtifactUpload : Stream
{
    private bool closed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !closed;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Gives up: nothing appears at the target.</summary>
    public void Abandon()
    {
        if (!closed)
        {
            closed = true;
            Discard();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!closed)
        {
            closed = true;
            await FinishAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts the file in its place, or throws and leaves nothing behind.</summary>
    protected abstract Task FinishAsync();

    protected abstract void Discard();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !closed)
        {
            closed = true;
            FinishAsync().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }
}
