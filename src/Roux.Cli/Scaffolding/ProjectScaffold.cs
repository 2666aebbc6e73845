using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Cli.Scaffolding;

/// <summary>The files of a new project that can be repeated from its first day.</summary>
/// <param name="name">Name of the project: letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</param>
/// <param name="version">Version of the packages of Roux.</param>
/// <param name="sdk">Version of the .NET SDK.</param>
internal sealed class ProjectScaffold(string name, string version, string sdk)
{
    private const int SampleRows = 200;
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly (string Path, string Template)[] Common =
    [
        (".gitignore", "gitignore.txt"), ("README.md", "README.md.txt"), ("global.json", "global.json.txt"), ("Directory.Build.props", "Directory.Build.props.txt"),
        ("Directory.Packages.props", "Directory.Packages.props.txt"), ("nuget.config", "nuget.config.txt"), ("baseline.cs", "baseline.cs.txt"), ("src/Baseline/Baseline.csproj", "Baseline.csproj.txt"),
        ("tools/roux.cs", "roux.cs.txt"), ("roux", "roux.txt"), ("roux.cmd", "roux.cmd.txt"), ("Dockerfile", "Dockerfile.txt"), (".dockerignore", "dockerignore.txt"),
        (".github/workflows/reproduce.yml", "github.yml.txt"), (".gitlab-ci.yml", "gitlab.yml.txt"), ("data/README.md", "data.md.txt"),
    ];

    private static readonly (string Path, string Template)[] Python = [("baseline.py", "baseline.py.txt"), ("requirements.txt", "requirements.txt.txt")];

    /// <summary>Whether a name can stand in all the files.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 60 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Every file with its text.</summary>
    /// <param name="python">Whether there is a baseline in Python too.</param>
    public IEnumerable<(string Path, string Text)> Files(bool python)
    {
        foreach (var (path, template) in python ? [.. Common, .. Python] : Common)
        {
            yield return (path, Read(template).Replace("{{name}}", name, StringComparison.Ordinal).Replace("{{version}}", version, StringComparison.Ordinal).Replace("{{sdk}}", sdk, StringComparison.Ordinal));
        }

        var sample = Sample();
        yield return ("data/sample.csv", sample);
        yield return ("data/digests.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sample)))}  data/sample.csv\n");
    }

    /// <summary>Writes the files that are not there yet.</summary>
    /// <returns>Paths written, and paths left as they were.</returns>
    public (IReadOnlyList<string> Written, IReadOnlyList<string> Kept) Write(string folder, bool python)
    {
        var written = new List<string>();
        var kept = new List<string>();
        foreach (var (path, text) in Files(python))
        {
            var full = Path.Combine(folder, path);
            if (Path.Exists(full))
            {
                kept.Add(path);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            // "new" and not "create": what appears meanwhile is not overwritten either.
            using (var file = new StreamWriter(new FileStream(full, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(false)))
            {
                file.Write(text);
            }

            if (path == "roux" && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(full, Executable);
            }

            written.Add(path);
        }

        return (written, kept);
    }

    private static string Sample()
    {
        var random = new Random(20260401);
        var text = new StringBuilder("study_hours,sleep_hours,score\n");
        for (var row = 0; row < SampleRows; row++)
        {
            var (study, sleep) = (random.NextDouble() * 10, 4 + (random.NextDouble() * 5));
            var score = 30 + (5 * study) + (2 * sleep) + (8 * (random.NextDouble() - 0.5));
            text.Append(CultureInfo.InvariantCulture, $"{study:F2},{sleep:F2},{score:F2}\n");
        }

        return text.ToString();
    }

    private static string Read(string template)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Templates/" + template)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
