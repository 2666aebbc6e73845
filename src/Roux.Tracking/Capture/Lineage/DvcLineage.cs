using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Finds the record that DVC (data version control, dvc.org) keeps of a data file: in <c>FILE.dvc</c> beside it or beside a folder above it, or in a <c>dvc.lock</c> above it.</summary>
internal static class DvcLineage
{
    private const long LargestFile = 4 << 20;
    private const int MostRecent = 64;
    private static readonly ConcurrentDictionary<string, (long Bytes, DateTime Written, IReadOnlyList<DvcRecord> Records)> Recent = new(StringComparer.Ordinal);

    /// <summary>The record of a data file, or null where DVC does not track it.</summary>
    /// <param name="dataPath">File or folder of data, there or not.</param>
    /// <param name="warnings">Gets one line for each DVC file that cannot be read; may be null.</param>
    public static DvcRecord? Find(string dataPath, List<string>? warnings = null)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataPath));
        for (var tracked = full; Path.GetDirectoryName(tracked) is { } folder; tracked = folder)
        {
            if (Read(tracked + ".dvc", warnings).FirstOrDefault(r => r.Target == tracked) is { } own)
            {
                return own;
            }

            // The nearest output: a folder of a stage stands for the files in it.
            if (Read(Path.Combine(folder, "dvc.lock"), warnings).Where(r => r.Target == full || full.StartsWith(r.Target + Path.DirectorySeparatorChar, StringComparison.Ordinal)).MaxBy(r => r.Target.Length) is { } locked)
            {
                return locked;
            }

            // A DVC project ends where its .dvc folder or the git repository lies.
            if (IsProject(folder))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether a folder is the top of a DVC project or of a git repository.</summary>
    internal static bool IsProject(string folder) => Directory.Exists(Path.Combine(folder, ".dvc")) || Path.Exists(Path.Combine(folder, ".git"));

    /// <summary>Every output with a hash in a <c>.dvc</c> or <c>dvc.lock</c> file; none where it is missing or cannot be read.</summary>
    public static IReadOnlyList<DvcRecord> Read(string file, List<string>? warnings = null)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            return [];
        }

        // Each argument of a command asks for the same few files.
        if (Recent.TryGetValue(file, out var known) && known.Bytes == info.Length && known.Written == info.LastWriteTimeUtc)
        {
            return known.Records;
        }

        if (info.Length > LargestFile)
        {
            warnings?.Add($"dvc: '{file}' is not read: it is larger than {LargestFile >> 20} MiB");
            return [];
        }

        try
        {
            var records = Parse(File.ReadAllText(file), file);
            if (Recent.Count >= MostRecent)
            {
                Recent.Clear();
            }

            Recent[file] = (info.Length, info.LastWriteTimeUtc, records);
            return records;
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            warnings?.Add($"dvc: '{file}' could not be read: {error.Message.ReplaceLineEndings(" ")}");
            return [];
        }
    }

    /// <summary>Every output with a hash.</summary>
    /// <param name="text">A <c>.dvc</c> or <c>dvc.lock</c> file, of schema 1.0 or 2.0.</param>
    /// <param name="file">Its full path.</param>
    /// <exception cref="FormatException">It is no such file.</exception>
    internal static IReadOnlyList<DvcRecord> Parse(string text, string file)
    {
        if (YamlSubset.Parse(text) is not { } node)
        {
            return [];
        }

        var root = node as JsonObject ?? throw new FormatException("it is no mapping, as DVC writes them");
        var pipeline = Path.GetFileName(file) == "dvc.lock";
        if (!pipeline)
        {
            var folder = Text(root["wdir"]) is { } working ? Path.Combine(Path.GetDirectoryName(file)!, working) : null;
            return [.. Outputs(root, file, null).Select(r => folder is null ? r : r with { Path = Path.GetRelativePath(Path.GetDirectoryName(file)!, Path.Combine(folder, r.Path)) })];
        }

        var records = new List<DvcRecord>();
        // Schema 1.0 had the stages at the top.
        foreach (var (name, value) in root["stages"] as JsonObject ?? root)
        {
            if (value is JsonObject stage)
            {
                records.AddRange(Outputs(stage, file, new DvcStage(name, Command(stage["cmd"]), Files(stage["deps"]), Files(stage["outs"]), stage["params"]?.DeepClone())));
            }
        }

        return records;
    }

    private static IEnumerable<DvcRecord> Outputs(JsonObject holder, string file, DvcStage? stage)
    {
        foreach (var output in (holder["outs"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (Text(output["path"]) is { Length: > 0 } path && !path.Contains('\0', StringComparison.Ordinal) && (Text(output["md5"]) ?? FolderHash(output["files"])) is { } md5)
            {
                yield return new DvcRecord(path, md5, long.TryParse(Text(output["size"]), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null, file, stage?.Name)
                {
                    Legacy = output["hash"] is null,
                    RemoteName = Text(output["remote"]),
                    Pipeline = stage,
                };
            }
        }
    }

    // With a remote that keeps versions itself, the file lists a folder's content instead of naming its hash.
    private static string? FolderHash(JsonNode? files) =>
        files is JsonArray list && list.OfType<JsonObject>().Select(f => (Path: Text(f["relpath"]), Md5: Text(f["md5"]))).ToList() is var entries && entries.All(e => e.Path is not null && e.Md5 is not null)
            ? new DvcFolder(entries.DistinctBy(e => e.Path).ToDictionary(e => e.Path!, e => e.Md5!, StringComparer.Ordinal), 0).Md5
            : null;

    private static IReadOnlyList<DvcFile> Files(JsonNode? list) =>
        [.. (list as JsonArray ?? []).OfType<JsonObject>().Where(f => Text(f["path"]) is not null).Select(f => new DvcFile(Text(f["path"])!, Text(f["md5"])))];

    private static string? Command(JsonNode? node) =>
        (node is JsonArray several ? string.Join(" && ", several.Select(Text)) : Text(node)) is { } command ? SecretMask.Text(command) : null;

    private static string? Text(JsonNode? node) => node is JsonValue ? node.ToString() : null;
}
