using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// Writes an object: a small one in one request when it is closed, a larger one in parts, one on its way while the next fills. Every
/// request carries the digest of its bytes, which the server checks, and the object the means to check it again when it is read.
/// </summary>
internal sealed class S3Upload(S3Artifacts store, string key) : ArtifactUpload
{
    private const int FirstBuffer = 1 << 16;

    private readonly List<PartETag> parts = [];
    private readonly List<byte[]> digests = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int filled;
    private long length;
    private string? uploadId;
    private Exception? failure;
    private Task sending = Task.CompletedTask;

    public override long Length => length;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Take(bytes)..];
            if (filled == PartPlan.Size(parts.Count))
            {
                SendPartAsync(CancellationToken.None).GetAwaiter().GetResult();
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Take(bytes.Span)..];
            if (filled == PartPlan.Size(parts.Count))
            {
                await SendPartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override async Task FinishAsync()
    {
        try
        {
            if (failure is not null)
            {
                throw failure;
            }

            await store.NothingInTheWayAsync(key).ConfigureAwait(false);
            if (uploadId is null)
            {
                await PutAsync().ConfigureAwait(false);
                return;
            }

            if (filled > 0)
            {
                await SendPartAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await sending.ConfigureAwait(false);
            await CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await AbortAsync().ConfigureAwait(false);
            throw S3Errors.IsOurs(exception) ? S3Errors.Explain(store.Place, exception) : exception;
        }
        finally
        {
            Return();
        }
    }

    protected override void Discard()
    {
        AbortAsync().GetAwaiter().GetResult();
        Return();
    }

    /// <summary>Takes in what fits into the part being filled; the buffer grows as it does.</summary>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        var size = PartPlan.Size(parts.Count);
        var taken = Math.Min(bytes.Length, size - filled);
        if (filled + taken > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(size, Math.Max(filled + taken, buffer.Length * 2)));
            buffer.AsSpan(0, filled).CopyTo(larger);
            Return();
            buffer = larger;
        }

        bytes[..taken].CopyTo(buffer.AsSpan(filled));
        filled += taken;
        length += taken;
        return taken;
    }

    private async Task PutAsync()
    {
        var sha256 = SHA256.HashData(buffer.AsSpan(0, filled));
        var request = new PutObjectRequest
        {
            BucketName = store.Place.Bucket,
            Key = key,
            InputStream = new MemoryStream(buffer, 0, filled, writable: false),
            UseChunkEncoding = false,
            ContentType = "application/octet-stream",
            MD5Digest = Convert.ToBase64String(Md5(buffer.AsSpan(0, filled))),
        };
        request.Metadata[S3Artifacts.DigestName] = Convert.ToHexStringLower(sha256);
        await store.Client.PutObjectAsync(request).ConfigureAwait(false);
    }

    /// <summary>Sends the part that is full once the one before has arrived.</summary>
    private async Task SendPartAsync(CancellationToken cancellation)
    {
        try
        {
            await sending.ConfigureAwait(false);
            if (uploadId is null)
            {
                await store.NothingInTheWayAsync(key).ConfigureAwait(false);
                uploadId = await BeginAsync(store.TagsAreDigests, cancellation).ConfigureAwait(false);
            }

            var (part, bytes) = (buffer, filled);
            var number = parts.Count + 1;
            parts.Add(new PartETag { PartNumber = number });
            buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            filled = 0;
            sending = Task.Run(() => UploadAsync(part, bytes, number), CancellationToken.None);
            if (number == 1)
            {
                // The first one shows whether this server's tags are digests.
                await sending.ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Whoever closes the stream after this must not store half a file.
            failure = S3Errors.IsOurs(exception) ? S3Errors.Explain(store.Place, exception) : exception;
            throw failure;
        }
    }

    private async Task<string> BeginAsync(bool withPlan, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = store.Place.Bucket, Key = key, ContentType = "application/octet-stream" };
        if (withPlan)
        {
            request.Metadata[S3Artifacts.PlanName] = "1";
        }

        return (await store.Client.InitiateMultipartUploadAsync(request, cancellation).ConfigureAwait(false)).UploadId;
    }

    private async Task UploadAsync(byte[] part, int bytes, int number)
    {
        try
        {
            var digest = Md5(part.AsSpan(0, bytes));
            var tag = await SendAsync(part, bytes, number, digest).ConfigureAwait(false);
            if (store.TagsAreDigests && tag.Trim('"') != Convert.ToHexStringLower(digest) && number == 1)
            {
                // Encrypted with a key of its own, or a server with other tags: begin again without the promise that the tag can be checked.
                store.TagsAreDigests = false;
                await DropAsync().ConfigureAwait(false);
                uploadId = await BeginAsync(withPlan: false, CancellationToken.None).ConfigureAwait(false);
                tag = await SendAsync(part, bytes, number, digest).ConfigureAwait(false);
            }

            parts[number - 1].ETag = tag;
            digests.Add(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    private async Task<string> SendAsync(byte[] part, int bytes, int number, byte[] digest) => (await store.Client.UploadPartAsync(new UploadPartRequest
    {
        BucketName = store.Place.Bucket,
        Key = key,
        UploadId = uploadId,
        PartNumber = number,
        PartSize = bytes,
        InputStream = new MemoryStream(part, 0, bytes, writable: false),
        UseChunkEncoding = false,
        MD5Digest = Convert.ToBase64String(digest),
    }).ConfigureAwait(false)).ETag;

    private async Task CompleteAsync()
    {
        var answer = await store.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = store.Place.Bucket, Key = key, UploadId = uploadId, PartETags = parts }).ConfigureAwait(false);
        uploadId = null;
        if (store.TagsAreDigests && answer.ETag?.Trim('"') is { } tag && tag.Contains('-', StringComparison.Ordinal) && tag != PartPlan.Tag(digests))
        {
            await store.Client.DeleteObjectAsync(store.Place.Bucket, key).ConfigureAwait(false);
            throw new TrackingException($"{store.Place}: the server put '{key}' together wrongly (its tag is {tag}); it was removed: upload it again");
        }
    }

    private async Task AbortAsync()
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The upload is given up: why its last part failed is told by who gave it up.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        await DropAsync().ConfigureAwait(false);
    }

    private async Task DropAsync()
    {
        if (uploadId is null)
        {
            return;
        }

        try
        {
            await store.Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = store.Place.Bucket, Key = key, UploadId = uploadId }).ConfigureAwait(false);
        }
        catch (Exception exception) when (S3Errors.IsOurs(exception))
        {
            // It costs space until it is swept as abandoned.
        }

        uploadId = null;
    }

    private void Return()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

#pragma warning disable CA5351 // S3's own checksum: it guards against accidents, not against forgers.
    private static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
