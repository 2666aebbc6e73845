using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Roux.Cli.Scaffolding;

/// <summary>
/// Packs the running Roux as NuGet packages, so that a project can refer to it though it is on no index: its own assemblies, with their dependencies named by exact version.
/// The version ends in a digest of the assemblies, for NuGet keeps one package for one version for ever. The same Roux gives the same bytes.
/// </summary>
internal sealed class LocalPackages
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly XNamespace Nuspec = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
    private readonly IReadOnlyList<Library> _libraries;

    private LocalPackages(IReadOnlyList<Library> libraries)
    {
        _libraries = libraries;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var library in libraries)
        {
            hash.AppendData(File.ReadAllBytes(library.Assembly));
        }

        Version = $"{libraries[0].Version}-h{Convert.ToHexStringLower(hash.GetHashAndReset())[..10]}";
    }

    private sealed record Library(string Id, string Version, string Assembly, IReadOnlyList<(string Id, string Version)> Dependencies);

    /// <summary>Version of all of them.</summary>
    public string Version { get; }

    /// <summary>File names.</summary>
    public IEnumerable<string> Files => _libraries.Select(FileName);

    /// <summary>Reads what this process is made of.</summary>
    /// <exception cref="UsageException">It was built in a way that does not tell.</exception>
    public static LocalPackages Of(string folder)
    {
        var file = Path.Combine(folder, "roux.deps.json");
        var targets = File.Exists(file) ? (JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject)?["targets"] as JsonObject : null;
        var libraries = new List<Library>();
        foreach (var (key, node) in targets?.Select(t => t.Value as JsonObject).FirstOrDefault(t => t is { Count: > 0 }) ?? [])
        {
            var (name, version) = key.Split('/') is [var n, var v] ? (n, v) : ("", "");
            var assembly = Path.Combine(folder, name + ".dll");
            if ((name == "roux" || name.StartsWith("Roux.", StringComparison.Ordinal)) && File.Exists(assembly))
            {
                var dependencies = (node?["dependencies"] as JsonObject ?? []).Select(d => (d.Key, d.Value?.ToString() ?? ""));
                libraries.Add(new Library(name == "roux" ? "Roux.Cli" : name, version, assembly, [.. dependencies]));
            }
        }

        libraries.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return libraries.Any(l => l.Id == "Roux.Cli")
            ? new LocalPackages(libraries)
            : throw new UsageException($"init: the Roux in '{folder}' does not tell what it is made of (no roux.deps.json); run init with the Roux of a checkout: ./roux init");
    }

    /// <summary>Writes those that are not there yet.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var library in _libraries)
        {
            var path = Path.Combine(folder, FileName(library));
            if (!File.Exists(path))
            {
                File.WriteAllBytes(path, Pack(library));
            }
        }
    }

    private string FileName(Library library) => $"{library.Id}.{Version}.nupkg";

    private byte[] Pack(Library library)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, library.Id + ".nuspec", Encoding.UTF8.GetBytes(Manifest(library)));
            var name = Path.GetFileNameWithoutExtension(library.Assembly);
            Add(zip, $"lib/net10.0/{name}.dll", File.ReadAllBytes(library.Assembly));
            if (Path.ChangeExtension(library.Assembly, ".xml") is var docs && File.Exists(docs))
            {
                Add(zip, $"lib/net10.0/{name}.xml", File.ReadAllBytes(docs));
            }
        }

        return stream.ToArray();
    }

    // Dependencies flow with all their assets, build files too: LightGBM's bring its native library along.
    private string Manifest(Library library)
    {
        var ids = _libraries.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        var dependencies = library.Dependencies.Select(d => new XElement(
            Nuspec + "dependency", new XAttribute("id", d.Id), new XAttribute("version", $"[{(ids.Contains(d.Id) ? Version : d.Version)}]"), new XAttribute("include", "All")));
        return new XDocument(new XDeclaration("1.0", "utf-8", null), new XElement(
            Nuspec + "package", new XElement(
                Nuspec + "metadata", new XElement(Nuspec + "id", library.Id), new XElement(Nuspec + "version", Version), new XElement(Nuspec + "authors", "Roux contributors"),
                new XElement(Nuspec + "description", $"{library.Id}, packed by roux init"),
                new XElement(Nuspec + "dependencies", new XElement(Nuspec + "group", new XAttribute("targetFramework", "net10.0"), dependencies))))).ToString();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        using var target = entry.Open();
        target.Write(content);
    }
}
