using System.Text.Json;
using System.Text.RegularExpressions;

namespace Roux.Tracking.Capture;

/// <summary>Lists what is installed in a Python environment from its metadata folders (<c>*.dist-info</c>, PEP 376 and 610; <c>*.egg-info</c>).</summary>
internal static partial class PythonPackages
{
    private const int MostCondaPackages = 5000;

    /// <summary>Folders that hold packages under a prefix.</summary>
    /// <param name="prefix">Root of the environment.</param>
    /// <param name="version">Such as <c>3.11</c>, or null for all there are.</param>
    public static IEnumerable<string> SiteFolders(string prefix, string? version = null)
    {
        var candidates = new List<string> { Path.Combine(prefix, "Lib", "site-packages") };
        foreach (var library in new[] { Path.Combine(prefix, "lib"), Path.Combine(prefix, "lib64"), Path.Combine(prefix, "local", "lib") })
        {
            if (Directory.Exists(library))
            {
                foreach (var folder in Directory.EnumerateDirectories(library, "py*").Order(StringComparer.Ordinal))
                {
                    var name = Path.GetFileName(folder);
                    if (version is null || name == "python" + version || name == "python3" || name == "pypy" + version)
                    {
                        candidates.Add(Path.Combine(folder, "site-packages"));
                        candidates.Add(Path.Combine(folder, "dist-packages"));
                    }
                }
            }
        }

        return candidates.Where(Directory.Exists).Select(f => new DirectoryInfo(f)).Select(d => d.ResolveLinkTarget(true)?.FullName ?? d.FullName).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Distributions in some folders; the first of a name wins, as it does for the interpreter.</summary>
    public static IReadOnlyList<PackageRecord> Read(IEnumerable<string> folders, List<string> warnings)
    {
        var packages = new SortedDictionary<string, PackageRecord>(StringComparer.OrdinalIgnoreCase);
        foreach (var folder in folders)
        {
            try
            {
                foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
                {
                    var package = entry.EndsWith(".dist-info", StringComparison.Ordinal) ? DistInfo(entry) : entry.EndsWith(".egg-info", StringComparison.Ordinal) ? EggInfo(entry) : null;
                    if (package is not null)
                    {
                        packages.TryAdd(package.Name, package);
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                warnings.Add($"python: packages in '{folder}' are not recorded: {error.Message}");
            }
        }

        return [.. packages.Values];
    }

    /// <summary>Version of Python by conda's own records.</summary>
    public static string? CondaPythonVersion(string prefix) =>
        Directory.EnumerateFiles(Path.Combine(prefix, "conda-meta"), "python-3*.json")
            .Select(f => Path.GetFileName(f).Split('-')).Where(p => p.Length >= 3 && p[0] == "python").Select(p => p[1]).FirstOrDefault();

    /// <summary>What conda installed in an environment: its records are named NAME-VERSION-BUILD.json and begin with the channel.</summary>
    /// <returns>Null where there is no conda.</returns>
    public static CondaRecord? Conda(string prefix)
    {
        var folder = Path.Combine(prefix, "conda-meta");
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var packages = new List<CondaPackage>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Take(MostCondaPackages))
        {
            var parts = Path.GetFileNameWithoutExtension(file).Split('-');
            if (parts.Length >= 3)
            {
                packages.Add(new CondaPackage(string.Join('-', parts[..^2]), parts[^2], parts[^1], Channel(file)));
            }
        }

        packages.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new CondaRecord(Directory.Exists(Path.Combine(prefix, "condabin")) ? "base" : Path.GetFileName(prefix), packages);
    }

    // The records list every file of a package; only their beginning is of use here.
    private static string? Channel(string file)
    {
        using var reader = new StreamReader(file);
        var buffer = new char[8 << 10];
        var start = new string(buffer, 0, reader.ReadBlock(buffer));
        return ChannelPattern().Match(start) is { Success: true } match ? SecretMask.Url(match.Groups["channel"].Value) : null;
    }

    [GeneratedRegex(@"""channel""\s*:\s*""(?<channel>[^""\\]{1,300})""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChannelPattern();

    private static PackageRecord? DistInfo(string folder)
    {
        var stem = Path.GetFileNameWithoutExtension(folder);
        var dash = stem.LastIndexOf('-');
        var (name, version) = Header(Path.Combine(folder, "METADATA"));
        name ??= dash > 0 ? stem[..dash] : null;
        version ??= dash > 0 ? stem[(dash + 1)..] : null;
        return name is null || version is null ? null : new PackageRecord(name, version, DirectUrl(Path.Combine(folder, "direct_url.json")));
    }

    private static PackageRecord? EggInfo(string path)
    {
        var (name, version) = Header(Directory.Exists(path) ? Path.Combine(path, "PKG-INFO") : path);
        return name is null || version is null ? null : new PackageRecord(name, version);
    }

    private static (string? Name, string? Version) Header(string file)
    {
        string? name = null, version = null;
        if (File.Exists(file))
        {
            foreach (var line in File.ReadLines(file).Take(60))
            {
                if (line.Length == 0 || (name is not null && version is not null))
                {
                    break;
                }

                name = line.StartsWith("Name:", StringComparison.OrdinalIgnoreCase) ? line[5..].Trim() : name;
                version = line.StartsWith("Version:", StringComparison.OrdinalIgnoreCase) ? line[8..].Trim() : version;
            }
        }

        return (name, version);
    }

    // PEP 610: where a package came from that is not from the index.
    private static string? DirectUrl(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var url = SecretMask.Url(document.RootElement.GetProperty("url").GetString() ?? "");
            return document.RootElement.TryGetProperty("vcs_info", out var vcs) && vcs.TryGetProperty("commit_id", out var commit) ? $"{url}@{commit.GetString()}" : url;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
