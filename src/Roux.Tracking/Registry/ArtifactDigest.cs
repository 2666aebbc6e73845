using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Registry;

/// <summary>SHA-256 and size of a file or a folder, taken while copying it.</summary>
internal static class ArtifactDigest
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a file or folder, synced to the disk, and digests what it copied. See <see cref="ModelVersionRecord.Digest"/> for a folder's digest.</summary>
    public static (string Digest, long Bytes) Copy(string source, string target, CancellationToken cancellation)
    {
        if (File.Exists(source))
        {
            var (hash, bytes) = CopyFile(source, target);
            return ("sha256:" + hash, bytes);
        }

        var total = 0L;
        var files = new List<(string Path, string Hash)>();
        Directory.CreateDirectory(target);
        foreach (var (relative, file, _) in FolderWalk.Files(source).Where(file => !file.IsLink))
        {
            cancellation.ThrowIfCancellationRequested();
            var copy = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var (hash, bytes) = CopyFile(file, copy);
            files.Add((relative, hash));
            total += bytes;
        }

        return (OfFolder(files), total);
    }

    /// <summary>The digest of a folder with these files.</summary>
    /// <param name="files">Path below the folder, and SHA-256 in lower-case hexadecimal digits.</param>
    public static string OfFolder(IEnumerable<(string Path, string Hash)> files)
    {
        var lines = new StringBuilder();
        foreach (var (path, hash) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            lines.Append(CultureInfo.InvariantCulture, $"{hash}  {path}\n");
        }

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    /// <summary>The digest and size of a file or folder as it is.</summary>
    public static (string Digest, long Bytes) Of(string path, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            var (hash, bytes) = HashFile(path, cancellation);
            return ("sha256:" + hash, bytes);
        }

        var total = 0L;
        var lines = new StringBuilder();
        foreach (var (relative, file, _) in FolderWalk.Files(path).Where(file => !file.IsLink))
        {
            var (hash, bytes) = HashFile(file, cancellation);
            lines.Append(CultureInfo.InvariantCulture, $"{hash}  {relative}\n");
            total += bytes;
        }

        return ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()))), total);
    }

    private static (string Hash, long Bytes) HashFile(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var input = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[BufferSize];
        var total = 0L;
        int read;
        while ((read = input.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    private static (string Hash, long Bytes) CopyFile(string source, string target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var input = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[BufferSize];
        var total = 0L;
        int read;
        while ((read = input.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            output.Write(buffer, 0, read);
            total += read;
        }

        output.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }
}
