using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// Artifacts of a bucket on this machine, for callers that need a path. A copy is named by the tags of its objects, so it is never out of
/// date; one that nobody used for two weeks goes away. In <c>ROUX_CACHE</c>, else in the user's cache folder.
/// </summary>
internal sealed class DownloadCache(string folder)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    public static DownloadCache OfUser()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var place = Environment.GetEnvironmentVariable("ROUX_CACHE") is { Length: > 0 } named ? named
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? Path.Combine(cache, "roux")
            : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "roux", "cache")
            : Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache", "roux");
        return new DownloadCache(Path.Combine(Path.GetFullPath(place), "artifacts"));
    }

    /// <summary>Path of a file or folder, downloaded and checked if it is not here.</summary>
    /// <exception cref="TrackingException">There is no such artifact, or it cannot be downloaded.</exception>
    public async Task<string> GetAsync(S3Artifacts store, string owner, string path)
    {
        var files = new List<(string Relative, StoredFile File)>();
        var whole = path.Length == 0 ? owner : $"{owner}/{path}";
        var name = path.Length == 0 ? "all" : path[(path.LastIndexOf('/') + 1)..];
        if (path.Length > 0 && await store.StoredAsync(owner, path).ConfigureAwait(false) is { } single)
        {
            files.Add((name, single));
        }
        else
        {
            await foreach (var file in store.FilesAsync(whole).ConfigureAwait(false))
            {
                files.Add(($"{name}/{file.Path[(whole.Length + 1)..]}", file));
            }
        }

        if (files.Count == 0)
        {
            throw new TrackingException($"'{path}': no such artifact in {store.Address(owner)}");
        }

        var place = Path.Combine(folder, Name(store.Location, files));
        if (!Directory.Exists(place))
        {
            await DownloadAsync(store, owner, files, place).ConfigureAwait(false);
        }

        Directory.SetLastWriteTimeUtc(place, DateTime.UtcNow);
        return Path.Combine(place, name);
    }

    private static string Name(string location, List<(string Relative, StoredFile File)> files)
    {
        var lines = new StringBuilder(location);
        foreach (var (relative, file) in files.OrderBy(file => file.Relative, StringComparer.Ordinal))
        {
            lines.Append(CultureInfo.InvariantCulture, $"\n{file.Stamp} {file.Bytes} {relative} {file.Path}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    private async Task DownloadAsync(S3Artifacts store, string owner, List<(string Relative, StoredFile File)> files, string place)
    {
        CreatePrivate(folder);
        Sweep();
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        try
        {
            foreach (var (relative, stored) in files)
            {
                using var file = await store.OpenAsync(owner, stored.Path[(owner.Length + 1)..]).ConfigureAwait(false)
                    ?? throw new TrackingException($"'{stored.Path}': removed while it was being downloaded; try again");
                var target = ArtifactPath.Under(temporary, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                using var local = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                await file.Content.CopyToAsync(local, 1 << 18).ConfigureAwait(false);
            }

            Directory.Move(temporary, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another process was faster, with the same bytes.
        }
        catch (Exception exception) when (S3Errors.IsOurs(exception) || exception is UnauthorizedAccessException)
        {
            throw S3Errors.Explain(store.Place, exception);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private void Sweep()
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateDirectories().Where(entry => DateTime.UtcNow - entry.LastWriteTimeUtc > Kept))
        {
            try
            {
                entry.Delete(recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody uses it, or another process removes it too.
            }
        }
    }
}
