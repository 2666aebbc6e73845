using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Transfer.Mlflow;

/// <summary>Where artifacts lie, found out from where MLflow says they are: only below folders that somebody named, never over a link.</summary>
internal sealed class MlflowArtifacts(Tracker tracker, IReadOnlyList<string> roots, TransferReport report)
{
    public const string Kind = "artifacts";

    private const string Proxied = "mlflow-artifacts:";
    private const string File = "file:";
    private const int MostParts = 8;

    /// <summary>The file or folder of a place; <c>null</c> where it is not below a named folder.</summary>
    public string? Locate(string uri)
    {
        if (uri.StartsWith(Proxied, StringComparison.OrdinalIgnoreCase))
        {
            var path = uri[Proxied.Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..].Split('/', 2).ElementAtOrDefault(1) ?? "" : path;
            return Below(Uri.UnescapeDataString(path.TrimStart('/')));
        }

        var isFile = uri.StartsWith(File, StringComparison.OrdinalIgnoreCase);
        if (!isFile && uri.Contains("://", StringComparison.Ordinal))
        {
            return null;
        }

        var local = isFile ? Uri.UnescapeDataString(uri[File.Length..]) : uri;
        local = isFile && local.StartsWith("//", StringComparison.Ordinal) ? "/" + (local[2..].Split('/', 2).ElementAtOrDefault(1) ?? "") : local;
        return Inside(Path.GetFullPath(local)) ?? Moved(local);
    }

    /// <summary>Copies the files of a folder to an owner. What is there and alike is left.</summary>
    public void Copy(string owner, string folder, CancellationToken cancellation)
    {
        foreach (var (relative, full, isLink) in FolderWalk.Files(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (isLink)
            {
                report.Left(Kind, $"{owner}/{relative}: a link; links are not followed");
            }
            else
            {
                Put(owner, relative, full);
            }
        }
    }

    /// <summary>Copies a file or folder to the registry, under its name or with its contents at the top; returns digest and size as <see cref="Registry.ArtifactDigest"/> takes them.</summary>
    public (string Digest, long Bytes) CopyToRegistry(string copy, string location, string name, CancellationToken cancellation)
    {
        var owner = $"models/{copy}";
        if (System.IO.File.Exists(location))
        {
            var (hash, bytes) = Put(owner, name.Length == 0 ? Path.GetFileName(location) : name, location);
            return ("sha256:" + hash, bytes);
        }

        var total = 0L;
        var lines = new StringBuilder();
        foreach (var (relative, full, _) in FolderWalk.Files(location).Where(file => !file.IsLink))
        {
            cancellation.ThrowIfCancellationRequested();
            var (hash, bytes) = Put(owner, name.Length == 0 ? relative : $"{name}/{relative}", full);
            lines.Append(CultureInfo.InvariantCulture, $"{hash}  {relative}\n");
            total += bytes;
        }

        return ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()))), total);
    }

    private (string Hash, long Bytes) Put(string owner, string path, string file)
    {
        using var content = new DigestStream(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        using var known = ArtifactFiles.Open(tracker.Artifacts, owner, path);
        if (known is not null)
        {
            content.CopyTo(Stream.Null, 1 << 20);
            var hash = content.Sha256();
            if (Convert.ToHexStringLower(SHA256.HashData(known)) == hash)
            {
                report.There(Kind);
            }
            else
            {
                report.Left(Kind, $"{owner}/{path}: another file is here; it stays as it is");
            }

            return (hash, content.Bytes);
        }

        using var target = tracker.Artifacts.Create(owner, path);
        try
        {
            content.CopyTo(target, 1 << 20);
        }
        catch
        {
            target.Abandon();
            throw;
        }

        report.Taken(Kind);
        return (content.Sha256(), content.Bytes);
    }

    /// <summary>A path that lies below a named folder.</summary>
    private string? Inside(string full)
    {
        foreach (var root in roots)
        {
            if (full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && Existing(root, full[(root.Length + 1)..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A path that lay elsewhere when it was written, by its end: as much of it as is there below a named folder, with an id of a run or model in it.</summary>
    private string? Moved(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var count = Math.Min(MostParts, parts.Length); count >= 2; count--)
        {
            var end = parts[^count..];
            if (end.Any(part => TransferRules.IsId(part) || part.StartsWith("m-", StringComparison.Ordinal)) && Below(string.Join('/', end)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private string? Below(string relative) => roots.Select(root => Existing(root, relative)).FirstOrDefault(found => found is not null);

    private static string? Existing(string root, string relative)
    {
        try
        {
            var path = ArtifactPath.Under(root, relative);
            return Path.Exists(path) ? path : null;
        }
        catch (TrackingException)
        {
            return null;
        }
    }
}
