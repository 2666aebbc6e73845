using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tracking.Capture;

namespace Roux.Cli.Commands;

/// <summary>Everything that the store holds about a run and that <c>show</c> and <c>diff</c> tell.</summary>
internal sealed class RunDetails
{
    private const int MostChildren = 50_000;
    private const int MostArtifacts = 10_000;
    private const long LargestDocument = 64 << 20;
    private readonly Tracker _tracker;

    public RunDetails(Tracker tracker, RunRecord run)
    {
        _tracker = tracker;
        Run = run;
        // A part of a captured run holds only the id of the run that has the records.
        Captured = run.Tags.TryGetValue("roux.captured_by", out var owner) ? tracker.FindRun(owner) ?? run : run;
        Environment = ReadJson("environment.json");
        Artifacts = [.. Walk(null).Take(MostArtifacts)];
        Children = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{run.Id}'", OrderBy = ["attributes.start_time ASC"], MaxResults = MostChildren });
    }

    /// <summary>The run.</summary>
    public RunRecord Run { get; }

    /// <summary>The run that holds what was captured: itself, or the one it is a part of.</summary>
    public RunRecord Captured { get; }

    /// <summary>The document <c>environment.json</c>, or null.</summary>
    public JsonObject? Environment { get; }

    /// <summary>Files among the artifacts, by path.</summary>
    public IReadOnlyList<ArtifactInfo> Artifacts { get; }

    /// <summary>Runs that are parts of it, in the order started.</summary>
    public IReadOnlyList<RunRecord> Children { get; }

    /// <summary>Path of the uncommitted changes, or null where there were none.</summary>
    public string? DiffFile => CapturedFile("git.diff");

    /// <summary>Path of the kept copy of the run's notebook, or null where it is of none.</summary>
    public string? NotebookFile => Captured.Tags.TryGetValue("roux.notebook", out var notebook) && $"notebook/{Path.GetFileName(notebook)}" is var artifact
        && _tracker.ListArtifacts(Captured.Id, "notebook").Any(a => a.Path == artifact) ? _tracker.ArtifactFile(Captured.Id, artifact) : null;

    /// <summary>A text of the environment, such as <c>["os", "name"]</c>; null where it is not recorded.</summary>
    public string? Setting(params string[] path)
    {
        JsonNode? node = Environment;
        foreach (var part in path)
        {
            node = node is JsonObject parent ? parent[part] : null;
        }

        return node is JsonValue value ? value.ToString() : null;
    }

    /// <summary>Packages with versions: of Python where the run is a Python program, else of .NET.</summary>
    public IReadOnlyDictionary<string, string> Packages()
    {
        var packages = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var list = (Environment?["python"] as JsonObject)?["packages"] as JsonArray ?? Environment?["packages"] as JsonArray ?? [];
        foreach (var package in list.OfType<JsonObject>())
        {
            if (package["name"]?.ToString() is { } name)
            {
                packages[name] = $"{package["version"]}{(package["source"] is { } source ? $" ({source})" : "")}";
            }
        }

        return packages;
    }

    /// <summary>Shell lines that bring back the code, and then run the program again.</summary>
    public IReadOnlyList<string> HowToReproduce()
    {
        var lines = new List<string>();
        var tags = Captured.Tags;
        if (Setting("command", "user") is not null)
        {
            lines.Add($"roux reproduce {Captured.Id[..8]}   # all of what follows, in a folder of its own, and compares");
        }

        if (tags.TryGetValue("mlflow.source.git.commit", out var commit))
        {
            if (tags.TryGetValue("mlflow.source.git.repoURL", out var url))
            {
                var folder = Path.GetFileNameWithoutExtension(url.TrimEnd('/').Split('/', ':')[^1]);
                lines.Add($"git clone {Quote(url)} && cd {Quote(folder)}");
            }

            lines.Add($"git checkout {commit}");
        }

        if (DiffFile is { } diff)
        {
            lines.Add($"git apply {Quote(diff)}");
        }

        if (Setting("git", "root") is { } root && tags.TryGetValue("roux.working_directory", out var working) && Path.GetRelativePath(root, working) is var relative && relative is not "." && !relative.StartsWith("..", StringComparison.Ordinal))
        {
            lines.Add($"cd {Quote(relative)}");
        }

        foreach (var input in Run.Datasets)
        {
            lines.Add($"# data: {input.Dataset.Name}  {input.Dataset.Digest}");
        }

        if (tags.TryGetValue("roux.python", out var python))
        {
            lines.Add($"# Python {python}; its packages are in environment.json");
        }

        if (tags.TryGetValue("roux.command", out var command))
        {
            if (command.Contains("***", StringComparison.Ordinal))
            {
                lines.Add("# *** stands for a secret that was not recorded");
            }

            lines.Add(command);
        }

        return lines;
    }

    private string? CapturedFile(string path) => _tracker.ListArtifacts(Captured.Id).Any(a => a.Path == path && !a.IsDirectory) ? _tracker.ArtifactFile(Captured.Id, path) : null;

    private JsonObject? ReadJson(string path)
    {
        if (CapturedFile(path) is not { } file || new FileInfo(file).Length > LargestDocument)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private IEnumerable<ArtifactInfo> Walk(string? folder)
    {
        foreach (var entry in _tracker.ListArtifacts(Run.Id, folder))
        {
            if (entry.IsDirectory)
            {
                foreach (var inner in Walk(entry.Path))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return entry;
            }
        }
    }

    private static string Quote(string text) => CommandLineText.ShellQuote(text);
}
