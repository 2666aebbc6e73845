using System.Globalization;

namespace Roux.Tracking.Backup;

/// <summary>
/// A folder of backups: <c>snapshots/NAME/</c> with <c>manifest.json</c>, <c>artifacts.rows.zst</c> and a file for each table, and
/// <c>files/ab/abcd…</c> with the artifacts of all snapshots, named by their SHA-256. What is being written lies in <c>.tmp/</c>.
/// </summary>
internal sealed class BackupFolder
{
    public const string ManifestName = "manifest.json";
    public const string ArtifactsName = "artifacts.rows.zst";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Leftovers of backups that died are swept after so long.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(2);

    private readonly string root;

    private BackupFolder(string root) => this.root = root;

    private string Snapshots => Path.Combine(root, "snapshots");

    private string Temporary => Path.Combine(root, ".tmp");

    private string Files => Path.Combine(root, "files");

    /// <summary>A folder to write to, made where there is none. Only its owner may look into it: it holds hashes of passwords.</summary>
    /// <exception cref="TrackingException">Something else is in it.</exception>
    public static BackupFolder Create(string target)
    {
        var folder = new BackupFolder(Path.GetFullPath(target));
        if (Directory.Exists(folder.root) && !Directory.Exists(folder.Snapshots) && Directory.EnumerateFileSystemEntries(folder.root).Any(entry => entry != folder.Temporary && entry != folder.Files))
        {
            throw new TrackingException($"'{target}': something else is in this folder; give a new one, or one that roux backup wrote to before");
        }

        if (File.Exists(folder.root))
        {
            throw new TrackingException($"'{target}': a file; give a folder");
        }

        MakePrivate(folder.root);
        Directory.CreateDirectory(folder.Temporary);
        Directory.CreateDirectory(folder.Snapshots);
        Directory.CreateDirectory(folder.Files);
        folder.Sweep();
        return folder;
    }

    /// <summary>A folder of backups to read.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public static BackupFolder Open(string source)
    {
        var folder = new BackupFolder(Path.GetFullPath(source));
        return Directory.Exists(folder.Snapshots) ? folder : throw new TrackingException($"'{source}': no backups here; name a folder that roux backup wrote to");
    }

    /// <summary>Names of the snapshots, the oldest first.</summary>
    public IReadOnlyList<string> Names() => [.. new DirectoryInfo(Snapshots).EnumerateDirectories()
        .Where(folder => folder.LinkTarget is null && File.Exists(Path.Combine(folder.FullName, ManifestName))).Select(folder => folder.Name).Order(StringComparer.Ordinal)];

    /// <summary>The snapshot of a name; the latest where none is given.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public string Find(string? name)
    {
        var names = Names();
        return names.Count == 0 ? throw new TrackingException($"'{root}': no finished backup here")
            : name is null ? names[^1]
            : names.Contains(name, StringComparer.Ordinal) ? name
            : throw new TrackingException($"snapshot '{name}': no such snapshot; there are: {string.Join(", ", names.TakeLast(10))}");
    }

    public string Snapshot(string name) => Path.Combine(Snapshots, name);

    public static string TableOf(string snapshot, string table) => Path.Combine(snapshot, table + ".rows.zst");

    /// <summary>Where the content of a digest lies, there or not.</summary>
    public string Content(string sha256) => BackupManifest.IsSha256(sha256) ? Path.Combine(Files, sha256[..2], sha256) : throw new InvalidDataException("a digest is no SHA-256");

    /// <summary>A new folder for a snapshot that is being written.</summary>
    public string Stage()
    {
        var folder = NewTemporary();
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>A path for a file that is being written.</summary>
    public string NewTemporary() => Path.Combine(Temporary, Guid.NewGuid().ToString("N"));

    /// <summary>Whether a content is there, which then stays for a day at least.</summary>
    public bool Has(string sha256, long bytes)
    {
        var place = Content(sha256);
        if (new FileInfo(place) is not { Exists: true } known || known.Length != bytes)
        {
            return false;
        }

        File.SetLastWriteTimeUtc(place, DateTime.UtcNow);
        return true;
    }

    /// <summary>Moves a file to where its digest says; where it is already, the new one goes away.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Keep(string file, string sha256, long bytes)
    {
        var place = Content(sha256);
        if (Has(sha256, bytes))
        {
            File.Delete(file);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(file, place, overwrite: true);
        return true;
    }

    /// <summary>Puts a finished snapshot in its place; returns its name, which sorts by time.</summary>
    public string Publish(string staged, DateTimeOffset time)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = time.UtcDateTime.AddMilliseconds(attempt).ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
            if (!Directory.Exists(Snapshot(name)))
            {
                Directory.Move(staged, Snapshot(name));
                return name;
            }
        }
    }

    /// <summary>Removes a snapshot. It is out of the list at once.</summary>
    public void Remove(string name)
    {
        var gone = NewTemporary();
        Directory.Move(Snapshot(name), gone);
        Directory.Delete(gone, recursive: true);
    }

    /// <summary>Removes contents that no snapshot has. Young ones stay, for a backup under way may be about to name them.</summary>
    public (int Count, long Bytes) RemoveUnused(IReadOnlySet<string> used, DateTime before)
    {
        var (count, bytes) = (0, 0L);
        foreach (var file in new DirectoryInfo(Files).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => !used.Contains(file.Name) && file.LastWriteTimeUtc < before))
        {
            count++;
            bytes += file.Length;
            file.Delete();
        }

        return (count, bytes);
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    private void Sweep()
    {
        foreach (var entry in new DirectoryInfo(Temporary).EnumerateFileSystemInfos().Where(entry => entry.LastWriteTimeUtc < DateTime.UtcNow - Stale))
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
