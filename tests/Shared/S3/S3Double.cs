#pragma warning disable CA5351 // MD5 is S3's own checksum.
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Roux.Tests.S3;

/// <summary>
/// S3's protocol in this process, for what s3rver lacks: it checks the signature of presigned addresses (version 4), the digests of bodies,
/// lists uploads under way, returns short pages, and fails on demand. Written after Amazon's S3 API reference.
/// </summary>
internal sealed class S3Double : IDisposable
{
    public const string Bucket = "double";

    private const string Secret = "S3RVER";
    private static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly HttpListener listener;
    private readonly ConcurrentDictionary<string, Stored> objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Upload> uploads = new(StringComparer.Ordinal);

    public S3Double()
    {
        S3Server.UseCredentials();
        (listener, Endpoint) = Listen();
        _ = Task.Run(AcceptAsync);
    }

    public string Endpoint { get; }

    private static (HttpListener Listener, string Endpoint) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var endpoint = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}";
            var listener = new HttpListener(); // a new one each time: one that could not start is closed for good
            try
            {
                listener.Prefixes.Add(endpoint + "/");
                listener.Start();
                return (listener, endpoint);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Taken: another port.
                listener.Close();
            }
        }
    }

    public string Place => $"s3://{Bucket}/pre/fix?endpoint={Endpoint}";

    /// <summary>Objects by key.</summary>
    public IReadOnlyDictionary<string, byte[]> Objects => objects.ToDictionary(entry => entry.Key, entry => entry.Value.Bytes, StringComparer.Ordinal);

    /// <summary>Uploads begun and neither completed nor aborted.</summary>
    public int OpenUploads => uploads.Count;

    public int Requests { get; private set; }

    /// <summary>Most entries in a page of a list.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Whether tags are something else than digests, as with encryption by a key of one's own.</summary>
    public bool OpaqueTags { get; set; }

    /// <summary>Whether to flip a bit of what is read.</summary>
    public bool Corrupt { get; set; }

    /// <summary>Answers a request by itself where it returns a status and a code.</summary>
    public Func<string, string, (int Status, string Code)?>? Fail { get; set; }

    /// <summary>When uploads count as begun.</summary>
    public DateTime Initiated { get; set; } = DateTime.UtcNow;

    public void Dispose() => listener.Close();

    private async Task AcceptAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                _ = Task.Run(() => HandleAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        try
        {
            Requests++;
            using var memory = new MemoryStream();
            await request.InputStream.CopyToAsync(memory);
            var body = memory.ToArray();
            var path = Uri.UnescapeDataString(request.RawUrl!.Split('?')[0]).TrimStart('/');
            var (bucket, key) = path.Split('/', 2) is [var first, var rest] ? (first, rest) : (path, "");
            if (Fail?.Invoke(request.HttpMethod, key) is { } failure)
            {
                Error(response, failure.Status, failure.Code);
            }
            else if (bucket != Bucket)
            {
                Error(response, 404, "NoSuchBucket");
            }
            else if (!IsSigned(request) || !DigestsAreRight(request, body))
            {
                Error(response, request.Headers["Content-MD5"] is null ? 403 : 400, request.Headers["Content-MD5"] is null ? "SignatureDoesNotMatch" : "BadDigest");
            }
            else
            {
                Answer(request, response, key, body);
            }

            response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            response.Abort();
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response, string key, byte[] body)
    {
        var query = request.QueryString;
        var has = new HashSet<string>(query.AllKeys.Select(name => name ?? query[null]!).SelectMany(name => name.Split(',')), StringComparer.Ordinal);
        switch (request.HttpMethod)
        {
            case "GET" when key.Length == 0 && has.Contains("uploads"):
                Send(response, new XElement(Xml + "ListMultipartUploadsResult", new XElement(Xml + "IsTruncated", "false"), uploads.Where(upload => upload.Value.Key.StartsWith(query["prefix"] ?? "", StringComparison.Ordinal)).Select(upload => new XElement(
                    Xml + "Upload", new XElement(Xml + "Key", upload.Value.Key), new XElement(Xml + "UploadId", upload.Key), new XElement(Xml + "Initiated", upload.Value.Initiated.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))))));
                break;
            case "GET" when key.Length == 0:
                List(response, query["prefix"] ?? "", query["delimiter"], Math.Min(PageSize, int.Parse(query["max-keys"] ?? "1000", CultureInfo.InvariantCulture)), query["continuation-token"]);
                break;
            case "GET" or "HEAD":
                Read(response, key, request.HttpMethod == "HEAD");
                break;
            case "PUT" when query["uploadId"] is { } id:
                PutPart(response, id, int.Parse(query["partNumber"]!, CultureInfo.InvariantCulture), body);
                break;
            case "PUT":
                objects[key] = new Stored(body, Tag(MD5.HashData(body)), Metadata(request));
                response.Headers["ETag"] = objects[key].Tag;
                break;
            case "POST" when has.Contains("delete"):
                foreach (var removed in XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants().Where(element => element.Name.LocalName == "Key"))
                {
                    objects.TryRemove(removed.Value, out _);
                }

                Send(response, new XElement(Xml + "DeleteResult"));
                break;
            case "POST" when has.Contains("uploads"):
                var upload = Guid.NewGuid().ToString("N");
                uploads[upload] = new Upload(key, Metadata(request), Initiated);
                Send(response, new XElement(Xml + "InitiateMultipartUploadResult", new XElement(Xml + "Bucket", Bucket), new XElement(Xml + "Key", key), new XElement(Xml + "UploadId", upload)));
                break;
            case "POST" when query["uploadId"] is { } id:
                Complete(response, key, id, body);
                break;
            case "DELETE" when query["uploadId"] is { } id:
                response.StatusCode = uploads.TryRemove(id, out _) ? 204 : 404;
                break;
            case "DELETE":
                objects.TryRemove(key, out _);
                response.StatusCode = 204;
                break;
            default:
                Error(response, 405, "MethodNotAllowed");
                break;
        }
    }

    private void Read(HttpListenerResponse response, string key, bool headOnly)
    {
        if (!objects.TryGetValue(key, out var stored))
        {
            Error(response, 404, "NoSuchKey", headOnly);
            return;
        }

        response.Headers["ETag"] = stored.Tag;
        response.Headers["Last-Modified"] = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in stored.Metadata)
        {
            response.Headers[name] = value;
        }

        if (OpaqueTags)
        {
            response.Headers["x-amz-server-side-encryption"] = "aws:kms";
        }

        response.ContentLength64 = stored.Bytes.Length;
        if (!headOnly)
        {
            var bytes = (byte[])stored.Bytes.Clone();
            if (Corrupt)
            {
                bytes[bytes.Length / 2] ^= 1;
            }

            response.OutputStream.Write(bytes);
        }
    }

    private void PutPart(HttpListenerResponse response, string id, int number, byte[] body)
    {
        if (!uploads.TryGetValue(id, out var upload))
        {
            Error(response, 404, "NoSuchUpload");
            return;
        }

        upload.Parts[number] = (body, Tag(MD5.HashData(body)));
        response.Headers["ETag"] = upload.Parts[number].Tag;
    }

    private void Complete(HttpListenerResponse response, string key, string id, byte[] body)
    {
        if (!uploads.TryGetValue(id, out var upload) || upload.Key != key)
        {
            Error(response, 404, "NoSuchUpload");
            return;
        }

        var wanted = XDocument.Parse(Encoding.UTF8.GetString(body)).Descendants().Where(element => element.Name.LocalName == "Part")
            .Select(part => (Number: int.Parse(part.Elements().Single(e => e.Name.LocalName == "PartNumber").Value, CultureInfo.InvariantCulture), Tag: part.Elements().Single(e => e.Name.LocalName == "ETag").Value)).ToList();
        if (wanted.Any(part => !upload.Parts.TryGetValue(part.Number, out var there) || there.Tag.Trim('"') != part.Tag.Trim('"')))
        {
            Error(response, 400, "InvalidPart");
            return;
        }

        var parts = wanted.Select(part => upload.Parts[part.Number].Bytes).ToList();
        var tag = OpaqueTags ? $"\"{Guid.NewGuid():N}-{parts.Count}\"" : $"\"{Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(part => MD5.HashData(part))]))}-{parts.Count}\"";
        objects[key] = new Stored([.. parts.SelectMany(part => part)], tag, upload.Metadata);
        uploads.TryRemove(id, out _);
        Send(response, new XElement(Xml + "CompleteMultipartUploadResult", new XElement(Xml + "Bucket", Bucket), new XElement(Xml + "Key", key), new XElement(Xml + "ETag", tag)));
    }

    private void List(HttpListenerResponse response, string prefix, string? delimiter, int most, string? after)
    {
        var entries = objects.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(entry => delimiter is { Length: > 0 } && entry.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end ? entry.Key[..(end + 1)] : entry.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Where(group => after is null || string.CompareOrdinal(group.Key, after) > 0).ToList();
        var page = entries.Take(most).ToList();
        Send(response, new XElement(
            Xml + "ListBucketResult",
            new XElement(Xml + "Prefix", prefix), new XElement(Xml + "KeyCount", page.Count), new XElement(Xml + "IsTruncated", page.Count < entries.Count ? "true" : "false"),
            page.Count < entries.Count && page.Count > 0 ? new XElement(Xml + "NextContinuationToken", page[^1].Key) : null,
            page.Where(group => !IsFolder(group.Key)).Select(group => new XElement(
                Xml + "Contents", new XElement(Xml + "Key", group.Key), new XElement(Xml + "Size", objects[group.Key].Bytes.Length), new XElement(Xml + "ETag", objects[group.Key].Tag),
                new XElement(Xml + "LastModified", objects[group.Key].Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)))),
            page.Where(group => IsFolder(group.Key)).Select(group => new XElement(Xml + "CommonPrefixes", new XElement(Xml + "Prefix", group.Key)))));

        bool IsFolder(string name) => delimiter is { Length: > 0 } && name.EndsWith(delimiter, StringComparison.Ordinal) && name.Length > prefix.Length;
    }

    private string Tag(byte[] digest) => OpaqueTags ? $"\"{Guid.NewGuid():N}\"" : $"\"{Convert.ToHexStringLower(digest)}\"";

    private static Dictionary<string, string> Metadata(HttpListenerRequest request) => request.Headers.AllKeys
        .Where(name => name!.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(name => name!, name => request.Headers[name]!, StringComparer.OrdinalIgnoreCase);

    private static bool DigestsAreRight(HttpListenerRequest request, byte[] body) =>
        (request.Headers["Content-MD5"] is not { } md5 || md5 == Convert.ToBase64String(MD5.HashData(body)))
        && (request.Headers["x-amz-content-sha256"] is not { Length: 64 } sha256 || sha256 == Convert.ToHexStringLower(SHA256.HashData(body)));

    /// <summary>Signed requests carry a header; an address that was signed is checked in full.</summary>
    private static bool IsSigned(HttpListenerRequest request)
    {
        if (request.Headers["Authorization"] is { } header)
        {
            return header.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal);
        }

        var (path, query) = request.RawUrl!.Split('?', 2) is [var before, var after] ? (before, after) : (request.RawUrl!, "");
        var pairs = query.Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        if (!pairs.TryGetValue("X-Amz-Signature", out var signature) || !pairs.TryGetValue("X-Amz-Credential", out var credential) || credential.Split('/') is not [_, var day, var region, var service, _]
            || !DateTime.TryParseExact(pairs["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var signed)
            || DateTime.UtcNow > signed.AddSeconds(int.Parse(pairs["X-Amz-Expires"], CultureInfo.InvariantCulture)))
        {
            return false;
        }

        var canonicalQuery = string.Join('&', pairs.Where(pair => pair.Key != "X-Amz-Signature").Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}").Order(StringComparer.Ordinal));
        var headers = string.Concat(pairs["X-Amz-SignedHeaders"].Split(';').Select(name => $"{name}:{(name == "host" ? request.UserHostName : request.Headers[name])}\n"));
        var canonical = $"{request.HttpMethod}\n{path}\n{canonicalQuery}\n{headers}\n{pairs["X-Amz-SignedHeaders"]}\nUNSIGNED-PAYLOAD";
        var text = $"AWS4-HMAC-SHA256\n{pairs["X-Amz-Date"]}\n{day}/{region}/{service}/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))) == signature;
    }

    private static void Send(HttpListenerResponse response, XElement document)
    {
        response.ContentType = "application/xml";
        response.OutputStream.Write(Encoding.UTF8.GetBytes(document.ToString()));
    }

    private static void Error(HttpListenerResponse response, int status, string code, bool headOnly = false)
    {
        response.StatusCode = status;
        if (!headOnly)
        {
            Send(response, new XElement("Error", new XElement("Code", code), new XElement("Message", "as asked"), new XElement("RequestId", "1")));
        }
    }

    private sealed record Stored(byte[] Bytes, string Tag, Dictionary<string, string> Metadata)
    {
        public DateTime Time { get; } = DateTime.UtcNow;
    }

    private sealed record Upload(string Key, Dictionary<string, string> Metadata, DateTime Initiated)
    {
        public ConcurrentDictionary<int, (byte[] Bytes, string Tag)> Parts { get; } = [];
    }
}
