using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking.Capture;

namespace Roux.Tracking.Reproduction;

/// <summary>A data file that a run read.</summary>
/// <param name="Name">File name.</param>
/// <param name="Sha256">Lower-case hexadecimal digest of its bytes.</param>
/// <param name="Path">Full path where it lay.</param>
/// <param name="Bytes">Size, where known.</param>
/// <param name="Md5">DVC's digest, where DVC tracks it.</param>
public sealed record DataNeed(string Name, string Sha256, string Path, long? Bytes, string? Md5);

/// <summary>A submodule as it was checked out.</summary>
/// <param name="Path">Where it lies, relative to the top of the repository.</param>
/// <param name="Commit">What was checked out.</param>
public sealed record SubmoduleNeed(string Path, string Commit);

/// <summary>What a run recorded of how it was started: all that is needed to start it again.</summary>
public sealed record RunRecipe
{
    /// <summary>Tag of a part of a captured run that ran a command of its own: program and arguments as a JSON list, secrets masked.</summary>
    public const string CommandTag = "roux.part.command";

    private const long LargestDocument = 64 << 20;

    /// <summary>The run that holds the records.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>Program and arguments, with secrets masked; empty where the run recorded none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Full path of the folder that it was started in; empty where the run recorded none.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Top folder of its repository; null where it was in none.</summary>
    public string? Root { get; init; }

    /// <summary>Commit; null before the first.</summary>
    public string? Commit { get; init; }

    /// <summary>Remote of the repository without credentials; null where it had none.</summary>
    public string? Remote { get; init; }

    /// <summary>Full path of the recorded uncommitted changes; null where there were none.</summary>
    public string? DiffFile { get; init; }

    /// <summary>Changed files that the diff does not hold: path and reason.</summary>
    public IReadOnlyList<(string Path, string Reason)> LeftOut { get; init; } = [];

    /// <summary>Submodules that were checked out.</summary>
    public IReadOnlyList<SubmoduleNeed> Submodules { get; init; } = [];

    /// <summary>Data files with a digest.</summary>
    public IReadOnlyList<DataNeed> Data { get; init; } = [];

    /// <summary>Data sets that no file stands for, such as queries: name and source.</summary>
    public IReadOnlyList<string> OtherData { get; init; } = [];

    /// <summary>Folder of the copies of code files that the run kept; null where it kept none.</summary>
    public string? CodeFolder { get; init; }

    /// <summary>Files in <see cref="CodeFolder"/> that are not as they were, for secrets in them were masked; relative to it.</summary>
    public IReadOnlyList<string> MaskedCode { get; init; } = [];

    /// <summary>The document <c>environment.json</c>; empty where there is none.</summary>
    public JsonObject Environment { get; init; } = [];

    /// <summary>Variables of the allow list with their values.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The seed that <c>roux run --seed</c> gave to the program in <c>ROUX_SEED</c>; null for none.</summary>
    public int? GivenSeed => Run.Tags.GetValueOrDefault("roux.seed.source") == "roux" && int.TryParse(Run.Tags.GetValueOrDefault("roux.seed"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    /// <summary>Whether a verb of Roux itself was run.</summary>
    public bool IsRoux => Command is ["roux", ..];

    /// <summary>Whether it was a development within a time budget, whose figures depend on how fast the machine was.</summary>
    public bool HasTimeBudget => Run.Tags.GetValueOrDefault("roux.verb") == "develop" && Run.Params.GetValueOrDefault("budget")?.EndsWith(" s", StringComparison.Ordinal) == true;

    /// <summary>Whether secrets stood in the uncommitted changes and were masked there.</summary>
    public bool HasMaskedDiff => Run.Warnings.Any(w => w.Message.Contains("masked in git.diff", StringComparison.Ordinal));

    /// <summary>Reads what a run recorded.</summary>
    /// <param name="tracker">Its store.</param>
    /// <param name="run">The run, or a part of a captured one.</param>
    public static RunRecipe Read(Tracker tracker, RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(run);
        var captured = run.Tags.TryGetValue("roux.captured_by", out var owner) && tracker.FindRun(owner) is { } other ? other : run;
        var top = tracker.ListArtifacts(captured.Id);
        var environment = top.Any(a => a.Path == "environment.json" && !a.IsDirectory) ? Document(tracker.ArtifactFile(captured.Id, "environment.json")) : [];
        var git = environment["git"] as JsonObject;

        // A part that ran a command of its own is repeated by itself; for the rest it is as its whole was.
        var own = CommandOf(run);
        var subject = own is null ? captured : run with { Tags = Over(captured.Tags, run.Tags), Datasets = captured.Datasets };
        var data = captured.Datasets.Select(d => d.Dataset).DistinctBy(d => (d.Name, d.Digest, d.Source)).ToList();
        return new RunRecipe
        {
            Run = subject,
            Environment = environment,
            Command = own ?? [.. Texts((environment["command"] as JsonObject)?["arguments"])],
            WorkingDirectory = FullPath(captured.Tags.GetValueOrDefault("roux.working_directory")) ?? "",
            Root = FullPath(Text(git?["root"])),
            Commit = captured.Tags.GetValueOrDefault("mlflow.source.git.commit") is { Length: 40 or 64 } commit && commit.All(char.IsAsciiHexDigit) ? commit : null,
            Remote = captured.Tags.GetValueOrDefault("mlflow.source.git.repoURL"),
            DiffFile = top.Any(a => a.Path == "git.diff" && !a.IsDirectory) ? tracker.ArtifactFile(captured.Id, "git.diff") : null,
            LeftOut = [.. Objects(git?["left_out"]).Select(o => (Text(o["path"]) ?? "", Text(o["reason"]) ?? ""))],
            Submodules = [.. Objects(git?["submodules"]).Where(o => Text(o["commit"]) is { } c && c.All(char.IsAsciiHexDigit)).Select(o => new SubmoduleNeed(Text(o["path"]) ?? "", Text(o["commit"])!))],
            Data = [.. data.Where(IsFile).GroupBy(d => (Digest(d), d.Source)).Select(g => Need(g.First(), captured))],
            OtherData = [.. data.Where(d => !IsFile(d)).Select(d => $"{d.Name} ({d.Source})")],
            CodeFolder = top.Any(a => a.Path == "code" && a.IsDirectory) ? tracker.ArtifactFile(captured.Id, "code") : null,
            MaskedCode = [.. Objects(environment["program"]?["files"]).Where(f => Text(f["masked"]) == "true").Select(f => Text(f["path"]) ?? "")],
            Variables = (environment["variables"] as JsonObject ?? []).Where(v => Text(v.Value) is not null).ToDictionary(v => v.Key, v => Text(v.Value)!, StringComparer.Ordinal),
        };
    }

    /// <summary>A text inside <see cref="Environment"/>; null where there is none.</summary>
    public string? Setting(params string[] path)
    {
        ArgumentNullException.ThrowIfNull(path);
        JsonNode? node = Environment;
        foreach (var part in path)
        {
            node = (node as JsonObject)?[part];
        }

        return Text(node);
    }

    private static string[]? CommandOf(RunRecord run)
    {
        try
        {
            return run.Tags.TryGetValue(CommandTag, out var text) && JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 4 }) is JsonArray { Count: > 0 } words ? [.. Texts(words)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Over(IReadOnlyDictionary<string, string> whole, IReadOnlyDictionary<string, string> part)
    {
        var tags = new Dictionary<string, string>(whole, StringComparer.Ordinal);
        foreach (var (key, value) in part)
        {
            tags[key] = value;
        }

        return tags;
    }

    private static string? FullPath(string? path) => path is not null && Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal) ? path : null;

    private static bool IsFile(Dataset dataset) => Digest(dataset) is { Length: 64 } digest && digest.All(char.IsAsciiHexDigit) && Path.IsPathFullyQualified(dataset.Source);

    private static string Digest(Dataset dataset) => dataset.Digest.StartsWith("sha256:", StringComparison.Ordinal) ? dataset.Digest[7..] : dataset.Digest;

    private static DataNeed Need(Dataset dataset, RunRecord run)
    {
        var name = Path.GetFileName(dataset.Source);
        var dvc = run.Tags.GetValueOrDefault($"roux.dvc.{dataset.Name}") ?? run.Tags.GetValueOrDefault($"roux.dvc.{name}");
        var md5 = dvc is not null && dvc.StartsWith("md5:", StringComparison.Ordinal) ? dvc[4..].Split(' ')[0] : null;
        return new DataNeed(name, Digest(dataset).ToLowerInvariant(), dataset.Source, dataset.Bytes, md5 is { Length: 32 } && md5.All(char.IsAsciiHexDigit) ? md5.ToLowerInvariant() : null);
    }

    private static JsonObject Document(string file)
    {
        try
        {
            return new FileInfo(file).Length <= LargestDocument ? JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? [] : [];
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return [];
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToString() : null;

    private static IEnumerable<string> Texts(JsonNode? node) => node is JsonArray array ? array.Select(n => Text(n) ?? "") : [];

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node is JsonArray array ? array.OfType<JsonObject>() : [];
}
