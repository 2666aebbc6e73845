using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Roux.Server.Protocol;
using Roux.Server.Security;

namespace Roux.Server.Components.Hosting;

/// <summary>
/// What pages load: style, scripts and the font, out of this assembly. The address of each holds a digest of its content, so that browsers keep it for good and
/// never mix versions.
/// </summary>
internal static class EmbeddedAssets
{
    private const string Prefix = "Assets/";
    private const string Root = "/_assets/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private static readonly ConcurrentDictionary<string, Asset?> Known = new(StringComparer.Ordinal);

    /// <summary>Open to all, as the login page needs them, too: they say nothing about the store.</summary>
    public static IReadOnlyList<Operation> Routes { get; } = [new("GET", Root + "{digest}/{name}", Access.Open, SendAsync) { Body = BodyKind.Bytes }];

    /// <summary>The style sheets of all pages: the common one first.</summary>
    public static IReadOnlyList<string> Sheets { get; } =
    [
        .. typeof(EmbeddedAssets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".css", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]).OrderBy(name => name != "app.css").ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The address of an asset.</summary>
    public static string Url(string name) => Find(name) is { } asset ? $"{Root}{asset.Digest}/{name}" : throw new ArgumentException($"no asset {name}", nameof(name));

    /// <summary>The content of an asset of text, to be written into a file.</summary>
    public static string Text(string name) => Find(name) is { } asset ? System.Text.Encoding.UTF8.GetString(asset.Bytes).Trim() : throw new ArgumentException($"no asset {name}", nameof(name));

    private static async Task SendAsync(Call call)
    {
        if (Find(call.PathPart("name")) is not { } asset)
        {
            await Dispatcher.UnknownAsync(call.Http).ConfigureAwait(false);
            return;
        }

        var response = call.Http.Response;
        response.ContentType = asset.Type;
        response.Headers.CacheControl = asset.Digest == call.PathPart("digest") ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        var packed = call.Http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
        var bytes = packed ? asset.Packed.Value : asset.Bytes;
        if (packed)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, call.Cancellation).ConfigureAwait(false);
    }

    private static Asset? Find(string name) => Known.TryGetValue(name, out var known) ? known : Read(name) is { } asset ? Known.GetOrAdd(name, asset) : null;

    private static Asset? Read(string name)
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(Prefix + name);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        if (name.EndsWith(".css", StringComparison.Ordinal))
        {
            // The one file that names another: the font, by its digest, too.
            bytes = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(bytes).Replace("inter.woff2", Url("inter.woff2"), StringComparison.Ordinal));
        }

        return new Asset(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..12], Types[Path.GetExtension(name)]);
    }

    private sealed record Asset(byte[] Bytes, string Digest, string Type)
    {
        public Lazy<byte[]> Packed { get; } = new(() =>
        {
            using var target = new MemoryStream();
            using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
            {
                gzip.Write(Bytes);
            }

            return target.ToArray();
        });
    }
}
