using Amazon.S3;
using Amazon.S3.Model;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>A part that a client may send.</summary>
/// <param name="Number">From 1 up.</param>
/// <param name="Url">Where to PUT it; signed, and good for an hour.</param>
internal sealed record PartUrl(int Number, string Url);

/// <summary>
/// Uploads whose parts clients send to S3 themselves, by addresses signed for that object, that upload and that part alone. The file
/// appears when the upload is completed.
/// </summary>
internal sealed class PartUploads(S3Artifacts store)
{
    /// <summary>As many parts as S3 takes.</summary>
    public const int Most = 10_000;

    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);

    /// <summary>Begins an upload.</summary>
    /// <param name="owner">Whose file it will be.</param>
    /// <param name="path">Its path.</param>
    /// <param name="count">Number of parts, 1 to <see cref="Most"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(string UploadId, IReadOnlyList<PartUrl> Parts)> CreateAsync(string owner, string path, int count, DateTimeOffset now, CancellationToken cancellation) => await Explained(async () =>
    {
        var key = store.FileKey(owner, path);
        await store.NothingInTheWayAsync(key).ConfigureAwait(false);
        var upload = await store.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = store.Place.Bucket, Key = key, ContentType = "application/octet-stream" }, cancellation).ConfigureAwait(false);
        var parts = new PartUrl[count];
        for (var number = 1; number <= count; number++)
        {
            parts[number - 1] = new PartUrl(number, await store.Client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
            {
                BucketName = store.Place.Bucket,
                Key = key,
                Verb = HttpVerb.PUT,
                UploadId = upload.UploadId,
                PartNumber = number,
                Expires = (now + Validity).UtcDateTime,
                Protocol = store.Place.Endpoint is { Scheme: "http" } ? Protocol.HTTP : Protocol.HTTPS,
            }).ConfigureAwait(false));
        }

        return (upload.UploadId, (IReadOnlyList<PartUrl>)parts);
    }).ConfigureAwait(false);

    /// <summary>Puts the parts together.</summary>
    /// <param name="owner">Whose file it is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="uploadId">What <see cref="CreateAsync"/> returned.</param>
    /// <param name="parts">Numbers and the tags that S3 answered to each.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task CompleteAsync(string owner, string path, string uploadId, IEnumerable<(int Number, string Tag)> parts, CancellationToken cancellation) => Explained(async () =>
        await store.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = store.Place.Bucket,
            Key = store.FileKey(owner, path),
            UploadId = uploadId,
            PartETags = [.. parts.OrderBy(part => part.Number).Select(part => new PartETag(part.Number, part.Tag))],
        }, cancellation).ConfigureAwait(false));

    /// <summary>Gives an upload up; its parts go away.</summary>
    public Task AbortAsync(string owner, string path, string uploadId, CancellationToken cancellation) => Explained(async () =>
        await store.Client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = store.Place.Bucket, Key = store.FileKey(owner, path), UploadId = uploadId }, cancellation).ConfigureAwait(false));

    /// <summary>A refusal of S3 (no such upload, a part missing or too small) is the client's to put right.</summary>
    private async Task<T> Explained<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "NoSuchUpload" or "InvalidPart" or "InvalidPartOrder" or "EntityTooSmall" or "MalformedXML" or "InvalidArgument" or "InvalidRequest")
        {
            throw new Service.ServiceException(
                exception.ErrorCode == "NoSuchUpload" ? Service.ServiceError.ResourceDoesNotExist : Service.ServiceError.InvalidParameterValue,
                $"The upload cannot be done so ({exception.ErrorCode}): begin it again with create, send every part, and complete it with the tags that S3 answered");
        }
        catch (Exception exception) when (S3Errors.IsOurs(exception))
        {
            throw S3Errors.Explain(store.Place, exception);
        }
    }
}
