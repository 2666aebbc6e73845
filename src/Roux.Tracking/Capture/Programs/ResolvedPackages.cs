using System.Text.Json;

namespace Roux.Tracking.Capture.Programs;

/// <summary>The versions that NuGet chose for a program, as its restore wrote them down (<c>project.assets.json</c>), or as the build did (<c>deps.json</c>).</summary>
/// <param name="Packages">Sorted by name.</param>
/// <param name="SdkVersion">Of the .NET SDK, where the file tells.</param>
/// <param name="File">Where they were read.</param>
internal sealed record ResolvedPackages(IReadOnlyList<PackageRecord> Packages, string? SdkVersion, string File)
{
    private const long LargestFile = 64 << 20;

    /// <summary>The versions of a program.</summary>
    /// <param name="program">A file-based program or a project.</param>
    /// <param name="builds">Folder of the SDK's builds of file-based programs; null for that of this user.</param>
    /// <returns>Null where it has not been restored, or is no .NET program.</returns>
    public static ResolvedPackages? Find(ProgramRecord program, string? builds = null) => program.Kind switch
    {
        ProgramKind.FileBased => OfFile(program.EntryPath, builds ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dotnet", "runfile")),
        ProgramKind.Project => Read(Path.Combine(Path.GetDirectoryName(program.EntryPath)!, "obj", "project.assets.json"), null) ?? ReadLock(Path.Combine(Path.GetDirectoryName(program.EntryPath)!, "packages.lock.json")),
        _ => null,
    };

    // The SDK keeps builds in folders named after the file and a hash of its path; the records in them name the path itself.
    private static ResolvedPackages? OfFile(string entry, string builds)
    {
        if (!Directory.Exists(builds))
        {
            return null;
        }

        return Directory.EnumerateDirectories(builds, Path.GetFileNameWithoutExtension(entry).Replace("[", "?", StringComparison.Ordinal) + "-*")
            .Select(f => Path.Combine(f, "obj", "project.assets.json")).Where(System.IO.File.Exists).OrderByDescending(System.IO.File.GetLastWriteTimeUtc)
            .Select(f => Read(f, entry)).FirstOrDefault(r => r is not null);
    }

    private static ResolvedPackages? Read(string file, string? entry)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length > LargestFile)
        {
            return null;
        }

        try
        {
            using var stream = info.OpenRead();
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (entry is not null && Path.ChangeExtension(Text(root, "project", "restore", "projectPath"), null) != entry
                && Path.ChangeExtension(Text(root, "project", "restore", "projectPath"), ".cs") != entry)
            {
                return null;
            }

            var packages = new List<PackageRecord>();
            foreach (var library in root.GetProperty("libraries").EnumerateObject())
            {
                var slash = library.Name.IndexOf('/', StringComparison.Ordinal);
                if (slash > 0 && Text(library.Value, "type") == "package")
                {
                    packages.Add(new PackageRecord(library.Name[..slash], library.Name[(slash + 1)..]));
                }
            }

            packages.Sort((a, b) => StringComparer.OrdinalIgnoreCase.Compare(a.Name, b.Name));
            return new ResolvedPackages(packages, Sdk(root), file);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Builds may keep their records elsewhere; a lock file says the same of a restore that kept to it.
    private static ResolvedPackages? ReadLock(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length > LargestFile)
        {
            return null;
        }

        try
        {
            using var stream = info.OpenRead();
            using var document = JsonDocument.Parse(stream);
            var packages = new SortedDictionary<string, PackageRecord>(StringComparer.OrdinalIgnoreCase);
            foreach (var framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                foreach (var package in framework.Value.EnumerateObject())
                {
                    if (Text(package.Value, "resolved") is { } version)
                    {
                        packages.TryAdd(package.Name, new PackageRecord(package.Name, version));
                    }
                }
            }

            return new ResolvedPackages([.. packages.Values], null, file);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The graph of runtimes lies in the folder of the SDK: …/sdk/10.0.100/RuntimeIdentifierGraph.json.
    private static string? Sdk(JsonElement root)
    {
        if (!root.TryGetProperty("project", out var project) || !project.TryGetProperty("frameworks", out var frameworks))
        {
            return null;
        }

        var parts = frameworks.EnumerateObject().Select(f => Text(f.Value, "runtimeIdentifierGraphPath")).FirstOrDefault(p => p is not null)?.Split('/', '\\') ?? [];
        var at = Array.LastIndexOf(parts, "sdk");
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : null;
    }

    private static string? Text(JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}
