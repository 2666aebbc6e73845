using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>A folder's listing as DVC makes it: path and MD5 of every file.</summary>
/// <param name="Files">MD5 by path relative to the folder, with forward slashes.</param>
/// <param name="Bytes">Size of all files.</param>
internal sealed record DvcFolder(IReadOnlyDictionary<string, string> Files, long Bytes)
{
    /// <summary>Files of a folder that is still hashed.</summary>
    public const int MostFiles = 100_000;

    private const long LargestListing = 64 << 20;

    /// <summary>The hash by which DVC names the folder: the MD5 of its listing as JSON, sorted by path, in the spelling of Python's <c>json.dumps</c>.</summary>
    public string Md5
    {
        get
        {
            var listing = new StringBuilder("[");
            foreach (var (path, md5) in Files.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                listing.Append(listing.Length > 1 ? ", " : "").Append("{\"md5\": \"").Append(md5).Append("\", \"relpath\": \"");
                foreach (var c in path)
                {
                    _ = c switch
                    {
                        '"' => listing.Append("\\\""),
                        '\\' => listing.Append("\\\\"),
                        '\n' => listing.Append("\\n"),
                        '\r' => listing.Append("\\r"),
                        '\t' => listing.Append("\\t"),
                        '\b' => listing.Append("\\b"),
                        '\f' => listing.Append("\\f"),
                        >= ' ' and <= '~' => listing.Append(c),
                        _ => listing.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                    };
                }

                listing.Append("\"}");
            }

            using var md5Hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            md5Hash.AppendData(Encoding.ASCII.GetBytes(listing.Append(']').ToString()));
            return Convert.ToHexStringLower(md5Hash.GetHashAndReset()) + ".dir";
        }
    }

    /// <summary>Reads and hashes a folder. Links to files are followed (DVC links data into its cache), links to folders are not.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="largest">Bytes read at most.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where there are more than <see cref="MostFiles"/> files or more bytes.</returns>
    public static DvcFolder? Read(string folder, long largest, CancellationToken cancellation)
    {
        var paths = new List<string>();
        var waiting = new Stack<string>([folder]);
        long bytes = 0;
        while (waiting.TryPop(out var current))
        {
            foreach (var entry in new DirectoryInfo(current).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }))
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry is DirectoryInfo directory)
                {
                    if (directory.LinkTarget is null && directory.Name is not (".git" or ".dvc"))
                    {
                        waiting.Push(directory.FullName);
                    }

                    continue;
                }

                paths.Add(entry.FullName);
                bytes += (entry.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? (FileInfo)entry).Length;
                if (paths.Count > MostFiles || bytes > largest)
                {
                    return null;
                }
            }
        }

        return new DvcFolder(paths.ToDictionary(p => Path.GetRelativePath(folder, p).Replace('\\', '/'), p => FileDigest.Md5Of(p, cancellation), StringComparer.Ordinal), bytes);
    }

    /// <summary>Reads a listing from DVC's cache.</summary>
    /// <returns>Null where it is not one.</returns>
    public static IReadOnlyDictionary<string, string>? ReadListing(string? cacheFile)
    {
        if (cacheFile is null || new FileInfo(cacheFile).Length > LargestListing)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(cacheFile), new JsonDocumentOptions { MaxDepth = 8 });
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in document.RootElement.EnumerateArray())
            {
                files[entry.GetProperty("relpath").GetString() ?? ""] = entry.GetProperty("md5").GetString() ?? "";
            }

            return files;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
