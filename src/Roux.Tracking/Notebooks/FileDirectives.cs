using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Roux.Tracking.Notebooks;

/// <summary>
/// The <c>#:</c> lines at the top of a C# script, by which <c>dotnet run</c> knows its packages: made of the <c>#r "nuget: NAME, VERSION"</c> lines of a notebook, so that the script runs as a file-based program.
/// Lines that no cell stands for (properties, projects, packages added by hand) are kept in the notebook's settings.
/// </summary>
internal static partial class FileDirectives
{
    /// <summary>Name of the notebook's setting that holds lines of the script alone; in a script they stand at the top instead.</summary>
    public const string Key = "file_directives";

    /// <summary>The lines for the top of a script.</summary>
    public static IReadOnlyList<string> Of(Notebook notebook) =>
        [.. (notebook.Metadata[Key] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue(out string? line) ? line : "").Where(IsDirective).Concat(Packages(notebook.Cells)).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads the lines at the top of a script.</summary>
    /// <param name="lines">The script.</param>
    /// <returns>The lines, and where what follows begins.</returns>
    public static (List<string> Directives, int Start) Read(IReadOnlyList<string> lines)
    {
        var directives = new List<string>();
        var start = 0;
        for (var i = 0; i < lines.Count && (lines[i].Length == 0 || IsDirective(lines[i])); i++)
        {
            if (lines[i].Length > 0)
            {
                directives.Add(lines[i]);
                start = i + 1;
            }
        }

        // One empty line separates them from the rest.
        return (directives, start > 0 && start < lines.Count && lines[start].Length == 0 ? start + 1 : start);
    }

    /// <summary>Those that no cell stands for.</summary>
    public static IReadOnlyList<string> Extra(IReadOnlyList<string> directives, IReadOnlyList<NotebookCell> cells) => [.. directives.Except(Packages(cells), StringComparer.Ordinal)];

    private static bool IsDirective(string line) => (line.StartsWith("#:", StringComparison.Ordinal) || line.StartsWith("#!/", StringComparison.Ordinal)) && !line.Contains('\n', StringComparison.Ordinal);

    private static IEnumerable<string> Packages(IEnumerable<NotebookCell> cells) => cells.Where(c => c.Kind == CellKind.Code && c.Language is null or "csharp").SelectMany(c => c.Source.Split('\n'))
        .Select(l => Reference().Match(l)).Where(m => m.Success).Select(m => $"#:package {m.Groups["name"].Value}@{(m.Groups["version"] is { Success: true } version ? version.Value : "*")}");

    [GeneratedRegex(@"^\s*#r\s+""nuget:\s*(?<name>[A-Za-z0-9_.\-]+)\s*(?:,\s*(?<version>[A-Za-z0-9_.\-+*\[\]()]+)\s*)?""\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
