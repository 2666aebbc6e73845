using System.Security.Cryptography;
using Amazon.Runtime;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>Reads an object and checks its digest: the last bytes come only when all are right, so that what arrives whole is right.</summary>
internal sealed class VerifiedStream : Stream
{
    private readonly Stream content;
    private readonly IDisposable owner;
    private readonly string place;
    private readonly string? sha256;
    private readonly string? tag;
    private readonly IncrementalHash? hash;
    private readonly List<byte[]> parts = [];
    private long position;
    private long partLeft;

    /// <param name="content">The bytes.</param>
    /// <param name="owner">Closed with the stream.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="place">The object, for messages.</param>
    /// <param name="sha256">Its digest in hexadecimal digits, if known.</param>
    /// <param name="tag">Its tag, if it was uploaded in parts by <see cref="PartPlan"/>.</param>
    public VerifiedStream(Stream content, IDisposable owner, long length, string place, string? sha256, string? tag)
    {
        (this.content, this.owner, Length, this.place, this.sha256, this.tag) = (content, owner, length, place, sha256, tag);
        hash = sha256 is not null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : tag is not null ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        partLeft = PartPlan.Size(0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        try
        {
            read = content.Read(buffer);
        }
        catch (AmazonClientException)
        {
            throw Wrong();
        }

        Check(buffer[..read], buffer.Length);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = 0;
        try
        {
            read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonClientException)
        {
            throw Wrong();
        }

        Check(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash?.Dispose();
            try
            {
                content.Dispose();
                owner.Dispose();
            }
            catch (AmazonClientException)
            {
                // The client's own check of the digest: whoever read to the end knows.
            }
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> bytes, int wanted)
    {
        if (bytes.Length == 0)
        {
            if (wanted > 0 && position < Length)
            {
                throw new EndOfStreamException($"{place}: ended after {position} of {Length} bytes");
            }

            return;
        }

        Add(bytes);
        if (position < Length || hash is null)
        {
            return;
        }

        var right = sha256 is not null ? Convert.ToHexStringLower(hash.GetHashAndReset()) == sha256 : PartPlan.Tag([.. parts, .. partLeft == PartPlan.Size(parts.Count) ? [] : new[] { hash.GetHashAndReset() }]) == tag;
        if (!right)
        {
            throw Wrong();
        }
    }

    private InvalidDataException Wrong() => new($"{place}: its bytes are not those that were stored: the digest differs");

    private void Add(ReadOnlySpan<byte> bytes)
    {
        position += bytes.Length;
        if (hash is null || sha256 is not null)
        {
            hash?.AppendData(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            var some = bytes[..(int)Math.Min(bytes.Length, partLeft)];
            hash.AppendData(some);
            bytes = bytes[some.Length..];
            partLeft -= some.Length;
            if (partLeft == 0)
            {
                parts.Add(hash.GetHashAndReset());
                partLeft = PartPlan.Size(parts.Count);
            }
        }
    }
}
