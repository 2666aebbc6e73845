using System.Security.Cryptography;
using System.Text;
using Roux.Tracking.Artifacts;

namespace Roux.Tracking.Remote;

/// <summary>Artifacts of runs on a server: listed, and fetched to a folder for such copies.</summary>
internal sealed class ServerFiles(MlflowConnection server)
{
    private const int MostPages = 1000;
    private const int Deepest = 32;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Files and folders directly under a folder.</summary>
    public IReadOnlyList<ArtifactInfo> List(string runId, string? under)
    {
        var prefix = string.IsNullOrEmpty(under) ? "" : ArtifactPath.Check(under) + "/";
        var found = new List<ArtifactInfo>();
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            var answer = server.GetAsync("artifacts/list", CancellationToken.None, [("run_id", runId), ("path", prefix.TrimEnd('/')), .. token.Length == 0 ? Array.Empty<(string, string)>() : [("page_token", token)]]).GetAwaiter().GetResult();
            foreach (var file in answer.Items("files"))
            {
                // The server is not trusted with where things go: only what lies directly under the folder asked for.
                var path = file.Text("path");
                if (IsSound(path) && path.StartsWith(prefix, StringComparison.Ordinal) && !path[prefix.Length..].Contains('/', StringComparison.Ordinal))
                {
                    var isFolder = file.Part("is_dir").ValueKind == System.Text.Json.JsonValueKind.True;
                    found.Add(new ArtifactInfo(path, isFolder ? 0 : file.Whole("file_size") ?? 0, isFolder));
                }
            }

            token = answer.Text("next_page_token");
            if (token.Length == 0)
            {
                break;
            }
        }

        return [.. found.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>Fetches a file, or all files of a folder.</summary>
    /// <returns>The local path.</returns>
    /// <exception cref="TrackingException">There is no such artifact.</exception>
    public string Fetch(string runId, string artifactUri, string path)
    {
        var sound = ArtifactPath.Check(path);
        var slash = sound.LastIndexOf('/');
        var entry = List(runId, slash < 0 ? null : sound[..slash]).FirstOrDefault(other => other.Path == sound)
            ?? throw new TrackingException($"run {runId} has no artifact '{path}' on {server.Address}; list them to see what there is");
        var root = Path.Combine(CacheRoot(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server.Address.Text} {runId}")))[..24]);
        Directory.CreateDirectory(root);
        Directory.SetLastWriteTimeUtc(root, DateTime.UtcNow);
        Fetch(root, runId, artifactUri, entry, 0);
        return ArtifactPath.Under(root, sound);
    }

    private void Fetch(string root, string runId, string artifactUri, ArtifactInfo entry, int depth)
    {
        var target = ArtifactPath.Under(root, entry.Path);
        if (!entry.IsDirectory)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var (source, headers) = ArtifactPlace.OfAsync(server, artifactUri, runId, entry.Path, write: false, CancellationToken.None).GetAwaiter().GetResult();

            // A log may have grown since it was listed.
            server.GetFileAsync(source, headers, target, (entry.Bytes * 2) + (1 << 20), CancellationToken.None).GetAwaiter().GetResult();
            return;
        }

        Directory.CreateDirectory(target);
        foreach (var inner in depth < Deepest ? List(runId, entry.Path) : [])
        {
            Fetch(root, runId, artifactUri, inner, depth + 1);
        }
    }

    private static string CacheRoot()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var root = data.Length > 0 ? Path.Combine(data, "roux", "fetched") : Path.Combine(Path.GetTempPath(), "roux-fetched");
        foreach (var old in Directory.Exists(root) ? new DirectoryInfo(root).EnumerateDirectories().Where(folder => DateTime.UtcNow - folder.LastWriteTimeUtc > Kept) : [])
        {
            try
            {
                old.Delete(recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use: it goes another day.
            }
        }

        return root;
    }

    private static bool IsSound(string path)
    {
        try
        {
            return path.Length > 0 && ArtifactPath.Check(path) == path;
        }
        catch (TrackingException)
        {
            return false;
        }
    }
}
