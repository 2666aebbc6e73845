using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Roux.Tracking.Capture.Programs;

/// <summary>Keeps the few files that a program cannot be restored without: its entry, project and lock files.</summary>
/// <param name="root">Folder that paths are relative to.</param>
/// <param name="keep">Stores an artifact.</param>
/// <param name="warnings">Gets one line for each file that could not be kept.</param>
internal sealed class CodeFiles(string root, Action<string, byte[]> keep, List<string> warnings)
{
    private const int MostFiles = 200;
    private const int MostProjects = 50;
    private const long LargestFile = 4 << 20;
    private const long LargestTotal = 16 << 20;

    private static readonly string[] DotnetNames =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".config/dotnet-tools.json", "dotnet-tools.json"];

    private static readonly string[] OtherNames =
    [
        "pyproject.toml", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile", "Pipfile.lock", "environment.yml", "environment.yaml", "conda-lock.yml", "setup.py", "setup.cfg", "pixi.toml", "pixi.lock", ".python-version",
        "constraints.txt", "renv.lock", "Manifest.toml", "Project.toml", "package.json", "package-lock.json", "Cargo.lock", "go.mod", "go.sum", "Dockerfile", "dvc.yaml", "dvc.lock", "params.yaml",
    ];

    private readonly Dictionary<string, CodeFile> _kept = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Keeps the files of a program.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="entry">Full path of its entry file.</param>
    /// <param name="directives">What a file-based program asks for.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <returns>What was kept, by path.</returns>
    public IReadOnlyList<CodeFile> Keep(ProgramKind kind, string entry, IReadOnlyList<Directive> directives, string workingDirectory)
    {
        var folder = Path.GetDirectoryName(entry)!;
        switch (kind)
        {
            case ProgramKind.FileBased:
                Add(entry);
                KeepShared(folder);
                Add(Path.Combine(folder, "packages.lock.json"));
                KeepProjects([.. directives.Where(d => d.Kind is "project" or "ref").Select(d => Path.Combine(folder, d.Name.Replace('\\', '/')))]);
                foreach (var included in directives.Where(d => d.Kind == "include" && !d.Name.Contains('*', StringComparison.Ordinal)))
                {
                    Add(Path.Combine(folder, included.Name));
                }

                break;
            case ProgramKind.Project:
                KeepProjects([entry]);
                break;
            default:
                // A notebook has a place of its own, without its outputs.
                if (kind != ProgramKind.Notebook)
                {
                    Add(entry);
                }

                foreach (var place in new[] { Path.GetFullPath(workingDirectory), folder, root }.Distinct(StringComparer.Ordinal))
                {
                    KeepPinned(place);
                }

                break;
        }

        return [.. _kept.Values.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    private void KeepPinned(string folder)
    {
        foreach (var name in OtherNames)
        {
            Add(Path.Combine(folder, name));
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*requirements*.txt").Order(StringComparer.Ordinal).Take(20))
        {
            Add(file);
        }
    }

    // Projects and those that they refer to, each with its lock file and what MSBuild reads above it.
    private void KeepProjects(List<string> projects)
    {
        for (var i = 0; i < projects.Count && i < MostProjects; i++)
        {
            var project = Path.GetFullPath(projects[i]);
            if (Directory.Exists(project))
            {
                project = Directory.EnumerateFiles(project, "*.*proj").Order(StringComparer.Ordinal).FirstOrDefault() ?? project;
            }

            var folder = Path.GetDirectoryName(project)!;
            if (!Add(project))
            {
                continue;
            }

            Add(Path.Combine(folder, "packages.lock.json"));
            KeepShared(folder);
            projects.AddRange(References(project).Select(r => Path.GetFullPath(Path.Combine(folder, r.Replace('\\', '/')))).Where(r => !projects.Contains(r)));
        }
    }

    private void KeepShared(string start)
    {
        for (var folder = start; ; folder = Path.GetDirectoryName(folder)!)
        {
            foreach (var name in DotnetNames)
            {
                Add(Path.Combine(folder, name));
            }

            if (folder == root || !folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private List<string> References(string project)
    {
        try
        {
            using var reader = XmlReader.Create(project, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestFile });
            return [.. XDocument.Load(reader).Descendants().Where(e => e.Name.LocalName == "ProjectReference").Select(e => (string?)e.Attribute("Include")).OfType<string>().Where(r => !r.Contains('$', StringComparison.Ordinal))];
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            warnings.Add($"code: the references of '{project}' are not recorded: {error.Message.ReplaceLineEndings(" ")}");
            return [];
        }
    }

    private bool Add(string path)
    {
        path = Path.GetFullPath(path);
        var file = new FileInfo(path);
        if (_kept.ContainsKey(path) || !file.Exists)
        {
            return false;
        }

        if (file.Length > LargestFile || _bytes + file.Length > LargestTotal || _kept.Count >= MostFiles)
        {
            warnings.Add($"code: '{path}' is not kept: {(file.Length > LargestFile ? $"it is larger than {LargestFile >> 20} MiB" : "the files of the program are too many or too large")}");
            return false;
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
            relative = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? "outside/" + path.TrimStart('/').Replace(':', '_').Replace('\\', '/') : relative;
            var (content, masked) = Masked(path, bytes);
            keep("code/" + relative, content);
            _kept[path] = new CodeFile(relative, "code/" + relative, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, masked);
            _bytes += bytes.Length;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TrackingException)
        {
            warnings.Add($"code: '{path}' is not kept: {error.Message.ReplaceLineEndings(" ")}");
            return false;
        }
    }

    private (byte[] Content, bool Masked) Masked(string path, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var masked = SecretMask.Tokens(text, out var secrets);
        if (Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase) && NuGetSecrets.Remove(masked) is { } without)
        {
            (masked, secrets) = (without, secrets + 1);
        }

        if (secrets > 0)
        {
            warnings.Add($"code: secrets in '{path}' are masked in the copy that is kept");
        }

        return secrets > 0 ? (Encoding.UTF8.GetBytes(masked), true) : (bytes, false);
    }
}
