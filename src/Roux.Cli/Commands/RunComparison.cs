using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>A metric of two runs.</summary>
/// <param name="Key">Its name.</param>
/// <param name="A">Latest value in the first run, or null.</param>
/// <param name="B">Latest value in the second run, or null.</param>
internal sealed record MetricDifference(string Key, double? A, double? B)
{
    /// <summary>What the second is more than the first.</summary>
    public double? Delta => B - A;
}

/// <summary>Texts of two runs under one heading.</summary>
/// <param name="Key">Name in JSON.</param>
/// <param name="Title">Heading for people.</param>
/// <param name="Rows">Names with both texts, sorted by name; null where a run has none.</param>
internal sealed record ComparedSection(string Key, string Title, IReadOnlyList<(string Key, string? A, string? B)> Rows);

/// <summary>Two runs side by side.</summary>
internal sealed record RunComparison(IReadOnlyList<MetricDifference> Metrics, IReadOnlyList<ComparedSection> Sections)
{
    // Tags that differ between any two runs and say nothing, or that have a section of their own.
    private static readonly string[] Told =
    [
        "roux.pid", "roux.command", "roux.working_directory", "roux.git.dirty", "roux.git.untracked", "roux.runtime", "roux.python", "roux.os", "roux.cpu", "roux.gpu", "roux.container", "roux.host",
        "roux.captured_by", "roux.container.id", "roux.container.image", "roux.git.state", "roux.git.patch", "roux.program", "roux.notebook", "roux.seed", "roux.seed.source", "mlflow.source.git.commit", "mlflow.source.git.branch", "mlflow.source.git.repoURL", "mlflow.user",
    ];

    /// <summary>Compares two runs.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="all">Whether what is equal is kept, and the use of resources.</param>
    public static RunComparison Of(RunDetails a, RunDetails b, bool all)
    {
        var metrics = a.Run.Metrics.Keys.Union(b.Run.Metrics.Keys, StringComparer.Ordinal).Where(k => all || !k.StartsWith("system/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(k => new MetricDifference(k, a.Run.Metric(k), b.Run.Metric(k))).Where(m => all || !Nullable.Equals(m.A, m.B)).ToList();
        return new RunComparison(metrics,
        [
            Section("params", "Params", a.Run.Params, b.Run.Params, all),
            Section("tags", "Tags", Tags(a.Run), Tags(b.Run), all),
            Section("datasets", "Data", Data(a.Run), Data(b.Run), all),
            Section("code", "Code", Code(a), Code(b), all),
            Section("changed_files", "Uncommitted changes", Changes(a), Changes(b), all),
            Section("packages", "Packages", a.Packages(), b.Packages(), all),
            Section("environment", "Environment", Environment(a), Environment(b), all),
        ]);
    }

    /// <summary>The parts of a diff by file, each told by the number of lines added and removed and a short hash of its text.</summary>
    internal static SortedDictionary<string, string> FilesOf(IEnumerable<string> diffLines)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string? file = null;
        var text = new System.Text.StringBuilder();
        int added = 0, removed = 0;
        foreach (var line in diffLines)
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                Close();
                file = DiffHeader.Path(line);
            }
            else if (line.StartsWith("# left out: ", StringComparison.Ordinal))
            {
                files[line["# left out: ".Length..]] = "changed, not recorded";
            }
            else if (file is not null)
            {
                added += line.StartsWith('+') && !line.StartsWith("+++", StringComparison.Ordinal) ? 1 : 0;
                removed += line.StartsWith('-') && !line.StartsWith("---", StringComparison.Ordinal) ? 1 : 0;
                text.Append(line).Append('\n');
            }
        }

        Close();
        return files;

        void Close()
        {
            if (file is not null)
            {
                var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text.ToString())))[..8];
                files[file] = $"+{added} -{removed} ({hash})";
            }

            text.Clear();
            (added, removed) = (0, 0);
        }
    }

    private static ComparedSection Section(string key, string title, IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b, bool all) =>
        new(key, title, [.. a.Keys.Union(b.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(k => (k, a.TryGetValue(k, out var left) ? left : null, b.TryGetValue(k, out var right) ? right : null))
            .Where(r => all || r.Item2 != r.Item3)]);

    private static Dictionary<string, string> Tags(RunRecord run) => run.Tags.Where(t => !Told.Contains(t.Key)).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);

    private static Dictionary<string, string> Data(RunRecord run)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in run.Datasets)
        {
            var key = $"{input.Dataset.Name} ({input.Context})";
            data[key] = data.TryGetValue(key, out var before) ? $"{before} {input.Dataset.Digest}" : input.Dataset.Digest;
        }

        return data;
    }

    private static Dictionary<string, string> Code(RunDetails run) => Some(
        ("commit", run.Captured.Tags.GetValueOrDefault("mlflow.source.git.commit")),
        ("branch", run.Captured.Tags.GetValueOrDefault("mlflow.source.git.branch")),
        ("remote", run.Captured.Tags.GetValueOrDefault("mlflow.source.git.repoURL")),
        ("uncommitted changes", run.Captured.Tags.GetValueOrDefault("roux.git.dirty") switch { "true" => "yes", "false" => "no", _ => null }),
        ("state", run.Captured.Tags.GetValueOrDefault("roux.git.state")),
        ("program", run.Captured.Tags.GetValueOrDefault("roux.program")),
        ("seed", run.Captured.Tags.GetValueOrDefault("roux.seed")),
        ("command", run.Captured.Tags.GetValueOrDefault("roux.command")),
        ("folder", run.Captured.Tags.GetValueOrDefault("roux.working_directory")));

    private static SortedDictionary<string, string> Changes(RunDetails run) => run.DiffFile is { } file ? FilesOf(File.ReadLines(file)) : new SortedDictionary<string, string>(StringComparer.Ordinal);

    private static Dictionary<string, string> Environment(RunDetails run)
    {
        var tags = run.Captured.Tags;
        var environment = Some(
            ("roux", run.Setting("roux")), ("runtime", tags.GetValueOrDefault("roux.runtime")), ("python", tags.GetValueOrDefault("roux.python")), ("system", tags.GetValueOrDefault("roux.os")),
            ("kernel", run.Setting("os", "kernel")), ("cpu", tags.GetValueOrDefault("roux.cpu")), ("vectors", run.Setting("dotnet", "simd")), ("memory limit", run.Setting("memory", "limit_bytes")),
            ("cpu limit", run.Setting("cpu", "limit_cores")), ("gpu", tags.GetValueOrDefault("roux.gpu")), ("container", tags.GetValueOrDefault("roux.container")), ("image", tags.GetValueOrDefault("roux.container.image")),
            ("host", tags.GetValueOrDefault("roux.host")), ("user", tags.GetValueOrDefault("mlflow.user")));
        foreach (var (name, value) in run.Environment?["variables"] as System.Text.Json.Nodes.JsonObject ?? [])
        {
            environment["$" + name] = value?.ToString() ?? "";
        }

        return environment;
    }

    private static Dictionary<string, string> Some(params (string Key, string? Value)[] values) =>
        values.Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal);
}
