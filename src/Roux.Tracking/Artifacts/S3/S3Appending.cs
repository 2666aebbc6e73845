namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// A growing file. Objects cannot grow, so it is kept on this machine and uploaded again from time to time and when it is closed; an
/// upload may take a twentieth of the time.
/// </summary>
internal sealed class S3Appending : Stream
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(30);

    private readonly S3Artifacts store;
    private readonly string owner;
    private readonly string path;
    private readonly FileStream file;
    private DateTimeOffset next;
    private bool changed;

    public S3Appending(S3Artifacts store, string owner, string path)
    {
        (this.store, this.owner, this.path) = (store, owner, path);
        file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 14, FileOptions.DeleteOnClose);
        using var before = store.OpenAsync(owner, path).GetAwaiter().GetResult();
        before?.Content.CopyTo(file);
        next = DateTimeOffset.UtcNow + Often;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        if (changed && DateTimeOffset.UtcNow > next)
        {
            Upload();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        changed |= buffer.Length > 0;
        Flush();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && file.CanWrite)
        {
            try
            {
                if (changed)
                {
                    Upload();
                }
            }
            finally
            {
                file.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Upload()
    {
        var begun = DateTimeOffset.UtcNow;
        file.Flush();
        file.Position = 0;
        using (var upload = store.Create(owner, path))
        {
            file.CopyTo(upload);
        }

        var now = DateTimeOffset.UtcNow;
        next = now + TimeSpan.FromTicks(Math.Max(Often.Ticks, 20 * (now - begun).Ticks));
        changed = false;
    }
}
