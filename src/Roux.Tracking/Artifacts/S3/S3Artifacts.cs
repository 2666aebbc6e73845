using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Roux.Tracking.Registry;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// Artifacts in an S3 bucket: an object a file, its key the prefix, the owner and the path. Paths are checked as those of folders are, so no
/// key leaves the prefix. Objects are atomic; a file in parts appears when the last part has arrived.
/// </summary>
internal sealed class S3Artifacts : ArtifactStore
{
    /// <summary>Metadata: the object's SHA-256.</summary>
    public const string DigestName = "roux-sha256";

    /// <summary>Metadata: the object was cut into parts by <see cref="PartPlan"/>, and its tag is a digest.</summary>
    public const string PlanName = "roux-parts";

    private const int LongestKey = 1024;
    private const int RemovedAtOnce = 1000;
    private const int KnownFolders = 10_000;

    private readonly ConcurrentDictionary<string, byte> folders = new(StringComparer.Ordinal);
    private readonly DownloadCache cache = DownloadCache.OfUser();

    private S3Artifacts(S3Location place, AmazonS3Client client)
    {
        (Place, Client) = (place, client);
        Parts = new PartUploads(this);
    }

    public S3Location Place { get; }

    public AmazonS3Client Client { get; }

    /// <summary>Whether this server's tags are MD5 digests, as far as is known.</summary>
    public bool TagsAreDigests { get; set; } = true;

    public override string Location => Place.ToString();

    public override bool IsLocal => false;

    public override PartUploads Parts { get; }

    /// <summary>Makes a client; nothing is sent yet.</summary>
    public static S3Artifacts Open(S3Location place)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = place.PathStyle,
            Timeout = TimeSpan.FromMinutes(10),
            MaxErrorRetry = 4,

            // Digests are sent and checked by this program, in the way that every S3-like server knows.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (place.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = place.Region ?? "us-east-1";
        }
        else if (place.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        try
        {
            return new S3Artifacts(place, new AmazonS3Client(config));
        }
        catch (AmazonClientException exception)
        {
            throw exception.Message.Contains("region", StringComparison.OrdinalIgnoreCase)
                ? new TrackingException($"{place}: which region? Name it with AWS_REGION or ?region=NAME", exception)
                : S3Errors.Explain(place, exception);
        }
    }

    public override string Address(string owner, string path = "") => $"{S3Location.Scheme}{Place.Bucket}/{Key(owner, path)}";

    public override ArtifactUpload Create(string owner, string path) => new S3Upload(this, FileKey(owner, path));

    public override Stream Append(string owner, string path) => new S3Appending(this, owner, ArtifactPath.Check(path));

    public override Task<IReadOnlyList<ArtifactInfo>> ListAsync(string owner, string? under, CancellationToken cancellation = default) => Explained<IReadOnlyList<ArtifactInfo>>(async () =>
    {
        var prefix = Key(owner, under ?? "") + "/";
        var start = Key(owner, "").Length + 1;
        var found = new List<ArtifactInfo>();
        await foreach (var page in PagesAsync(prefix, "/", cancellation).ConfigureAwait(false))
        {
            found.AddRange((page.CommonPrefixes ?? []).Select(folder => new ArtifactInfo(folder[start..].TrimEnd('/'), 0, true)));
            found.AddRange((page.S3Objects ?? []).Where(file => file.Key.Length > prefix.Length).Select(file => new ArtifactInfo(file.Key[start..], file.Size ?? 0, false)));
        }

        // A key such as 'a//b', made by another program, is no path here.
        return [.. found.Where(entry => entry.Path.Length > 0 && !entry.Path.EndsWith('/')).OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    });

    public override Task<ArtifactInfo?> FindAsync(string owner, string path, CancellationToken cancellation = default) => Explained(async () =>
        path.Length > 0 && await HeadAsync(FileKey(owner, path), cancellation).ConfigureAwait(false) is { } file ? new ArtifactInfo(path, file.ContentLength, false)
            : await HoldsAsync(Key(owner, path) + "/", cancellation).ConfigureAwait(false) ? new ArtifactInfo(path, 0, true) : null);

    public override Task<ArtifactFile?> OpenAsync(string owner, string path, CancellationToken cancellation = default) => Explained(async () =>
    {
        var key = FileKey(owner, path);
        try
        {
            var answer = await Client.GetObjectAsync(Place.Bucket, key, cancellation).ConfigureAwait(false);
            var tag = answer.Metadata.Keys.Contains($"x-amz-meta-{PlanName}") && answer.ETag?.Trim('"') is { } parts && parts.Contains('-', StringComparison.Ordinal) ? parts : null;
            var content = new VerifiedStream(answer.ResponseStream, answer, answer.ContentLength, $"{S3Location.Scheme}{Place.Bucket}/{key}", answer.Metadata[DigestName], tag);
            return new ArtifactFile(path[(path.LastIndexOf('/') + 1)..], answer.ContentLength, null) { Content = content };
        }
        catch (AmazonS3Exception exception) when (S3Errors.IsMissing(exception))
        {
            return null;
        }
    });

    public override Task DeleteAsync(string owner, string path, CancellationToken cancellation = default) => Explained(async () =>
    {
        if (path.Length > 0)
        {
            await Client.DeleteObjectAsync(Place.Bucket, FileKey(owner, path), cancellation).ConfigureAwait(false);
        }

        // Listed anew each time: what was listed is gone.
        var prefix = Key(owner, path) + "/";
        while ((await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Place.Bucket, Prefix = prefix, MaxKeys = RemovedAtOnce }, cancellation).ConfigureAwait(false)).S3Objects is { Count: > 0 } files)
        {
            await Client.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = Place.Bucket, Quiet = true, Objects = [.. files.Select(file => new KeyVersion { Key = file.Key })] }, cancellation)
                .ConfigureAwait(false);
        }

        return true;
    });

    public override async IAsyncEnumerable<StoredFile> FilesAsync(string owner, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var pages = PagesAsync(owner.Length == 0 ? Place.Prefix : Key(owner, "") + "/", null, cancellation).GetAsyncEnumerator(cancellation);
        await using (pages.ConfigureAwait(false))
        {
            while (await Explained(async () => await pages.MoveNextAsync().ConfigureAwait(false)).ConfigureAwait(false))
            {
                foreach (var file in pages.Current.S3Objects ?? [])
                {
                    var path = file.Key[Place.Prefix.Length..];
                    if (path.Length > 0 && !path.EndsWith('/'))
                    {
                        yield return new StoredFile(path, file.Size ?? 0, file.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime()) : DateTimeOffset.UnixEpoch, file.ETag?.Trim('"') ?? "");
                    }
                }
            }
        }
    }

    public override string Local(string owner, string path) => cache.GetAsync(this, owner, path).GetAwaiter().GetResult();

    /// <summary>The bytes pass through this machine, for their digest is needed; nobody sees the copy before a version names it.</summary>
    public override async Task<(string Digest, long Bytes)> CopyToRegistryAsync(string owner, string path, string copy, string name, CancellationToken cancellation = default)
    {
        var target = OwnerOfCopy(copy);
        try
        {
            if (path.Length > 0 && await OpenAsync(owner, path, cancellation).ConfigureAwait(false) is { } single)
            {
                var (hash, bytes) = await CopyFileAsync(single, target, name, cancellation).ConfigureAwait(false);
                return ("sha256:" + hash, bytes);
            }

            var files = new List<(string Path, string Hash)>();
            var total = 0L;
            var start = owner.Length + 1 + (path.Length == 0 ? 0 : path.Length + 1);
            await foreach (var file in FilesAsync(path.Length == 0 ? owner : $"{owner}/{path}", cancellation).ConfigureAwait(false))
            {
                var inner = file.Path[start..];
                if (await OpenAsync(owner, file.Path[(owner.Length + 1)..], cancellation).ConfigureAwait(false) is { } open)
                {
                    var (hash, bytes) = await CopyFileAsync(open, target, name.Length == 0 ? inner : $"{name}/{inner}", cancellation).ConfigureAwait(false);
                    files.Add((inner, hash));
                    total += bytes;
                }
            }

            return files.Count > 0 ? (ArtifactDigest.OfFolder(files), total) : throw new TrackingException($"'{path}': no such artifact in {Address(owner)}");
        }
        catch
        {
            await DeleteAsync(target, "", CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Listing what was left costs requests: that is for <c>roux gc</c>.</summary>
    public override void Sweep(DateTimeOffset now)
    {
    }

    public override Task<(int Count, long Bytes)> AbandonedAsync(DateTimeOffset before, bool remove, CancellationToken cancellation = default) => Explained(async () =>
    {
        var count = 0;
        var request = new ListMultipartUploadsRequest { BucketName = Place.Bucket, Prefix = Place.Prefix };
        try
        {
            while (true)
            {
                var page = await Client.ListMultipartUploadsAsync(request, cancellation).ConfigureAwait(false);
                foreach (var upload in (page.MultipartUploads ?? []).Where(upload => upload.Initiated is { } time && time.ToUniversalTime() < before.UtcDateTime))
                {
                    count++;
                    if (remove)
                    {
                        await Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = Place.Bucket, Key = upload.Key, UploadId = upload.UploadId }, cancellation).ConfigureAwait(false);
                    }
                }

                if (page.IsTruncated is not true)
                {
                    return (count, 0L);
                }

                (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
            }
        }
        catch (AmazonS3Exception exception) when (S3Errors.IsNotImplemented(exception))
        {
            return (count, 0L); // A server that cannot list them sweeps them itself, or has none.
        }
    });

    public override Task CheckAsync(CancellationToken cancellation = default) => Explained(() => HoldsAsync(Place.Prefix, cancellation));

    public override void Dispose()
    {
        Client.Dispose();
        base.Dispose();
    }

    /// <summary>The key of a file: its path is checked and not empty.</summary>
    public string FileKey(string owner, string path)
    {
        var key = $"{Place.Prefix}{ArtifactPath.Check(owner)}/{ArtifactPath.Check(path)}";
        return Encoding.UTF8.GetByteCount(key) <= LongestKey ? key : throw new TrackingException($"artifact path '{path}': with its place in the bucket it is longer than {LongestKey} bytes, which S3 does not take; shorten it");
    }

    /// <summary>Refuses a file where a folder is, or below a file: S3 would take both, and nobody could download them to a disk.</summary>
    /// <exception cref="TrackingException">Something is in the way.</exception>
    public async Task NothingInTheWayAsync(string key)
    {
        if (await HoldsAsync(key + "/", CancellationToken.None).ConfigureAwait(false))
        {
            throw new TrackingException($"artifact path '{key[Place.Prefix.Length..]}': a folder of that name is there; choose another name");
        }

        var owner = Place.Prefix.Length + new StoredFile(key[Place.Prefix.Length..], 0, default, "").Parts().Owner.Length;
        for (var end = key.LastIndexOf('/'); end > owner; end = key.LastIndexOf('/', end - 1))
        {
            var folder = key[..end];
            if (folders.ContainsKey(folder))
            {
                return;
            }

            if (await HeadAsync(folder, CancellationToken.None).ConfigureAwait(false) is not null)
            {
                throw new TrackingException($"artifact path '{key[Place.Prefix.Length..]}': '{folder[Place.Prefix.Length..]}' is a file; choose another name");
            }

            if (folders.Count > KnownFolders)
            {
                folders.Clear();
            }

            folders.TryAdd(folder, 0);
        }
    }

    /// <summary>A file with its tag; <c>null</c> where there is none.</summary>
    public Task<StoredFile?> StoredAsync(string owner, string path) => Explained(async () =>
        await HeadAsync(FileKey(owner, path), CancellationToken.None).ConfigureAwait(false) is { } file ? new StoredFile($"{owner}/{path}", file.ContentLength, default, file.ETag?.Trim('"') ?? "") : null);

    private string Key(string owner, string path) => path.Length == 0 ? Place.Prefix + ArtifactPath.Check(owner) : FileKey(owner, path);

    private async Task<(string Hash, long Bytes)> CopyFileAsync(ArtifactFile file, string owner, string path, CancellationToken cancellation)
    {
        using (file)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var target = Create(owner, path);
            try
            {
                var buffer = new byte[1 << 18];
                for (int read; (read = await file.Content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                target.Abandon();
                throw S3Errors.IsOurs(exception) ? S3Errors.Explain(Place, exception) : exception;
            }

            await target.DisposeAsync().ConfigureAwait(false);
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), file.Length);
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await Client.GetObjectMetadataAsync(Place.Bucket, key, cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<bool> HoldsAsync(string prefix, CancellationToken cancellation)
    {
        var page = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Place.Bucket, Prefix = prefix, MaxKeys = 1 }, cancellation).ConfigureAwait(false);
        return page.S3Objects is { Count: > 0 };
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = Place.Bucket, Prefix = prefix, Delimiter = delimiter, MaxKeys = RemovedAtOnce };
        while (true)
        {
            var page = await Client.ListObjectsV2Async(request, cancellation).ConfigureAwait(false);
            yield return page;
            if (page.IsTruncated is not true)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    private async Task<T> Explained<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (S3Errors.IsOurs(exception))
        {
            throw S3Errors.Explain(Place, exception);
        }
    }
}
