using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Roux.Tracking.Registry;

namespace Roux.Tracking;

/// <summary>Where a version came from, as it was when it was registered.</summary>
public sealed record VersionLineage
{
    private const string DiffArtifact = "git.diff";

    /// <summary>Id of the run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>Full hash of the git commit.</summary>
    public string? Commit { get; init; }

    /// <summary>URL of the repository, without credentials.</summary>
    public string? Repository { get; init; }

    /// <summary>Whether there were uncommitted changes; <c>null</c> where that was not recorded.</summary>
    public bool? Dirty { get; init; }

    /// <summary><c>sha256:…</c> of the recorded uncommitted changes; <c>null</c> where there are none or they were not recorded.</summary>
    public string? DiffDigest { get; init; }

    /// <summary>Whether commit and recorded changes together are the whole code; <c>null</c> where that was not recorded.</summary>
    public bool? CodeComplete { get; init; }

    /// <summary>Data sets that the run read.</summary>
    public IReadOnlyList<LineageData> Data { get; init; } = [];

    /// <summary>What is not known of its origin, in words; empty for a complete lineage.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            if (RunId is null)
            {
                return ["it was registered without a run"];
            }

            var missing = new List<string>();
            if (Commit is null)
            {
                missing.Add("the run recorded no git commit");
            }
            else if (Dirty is null)
            {
                missing.Add("the run did not record whether there were uncommitted changes");
            }
            else if (Dirty == true && DiffDigest is null)
            {
                missing.Add("there were uncommitted changes, which were not recorded");
            }
            else if (CodeComplete == false)
            {
                missing.Add("commit and recorded changes are not the whole code");
            }

            if (Data.Count == 0)
            {
                missing.Add("the run recorded no data set");
            }

            missing.AddRange(Data.Where(data => data.Digest.Length == 0).Select(data => $"data set '{data.Name}' has no digest"));
            return missing;
        }
    }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["run_id"] = RunId,
        ["code"] = new JsonObject { ["commit"] = Commit, ["repository"] = Repository, ["dirty"] = Dirty, ["diff_digest"] = DiffDigest, ["complete"] = CodeComplete },
        ["data"] = new JsonArray([.. Data.Select(data => new JsonObject { ["name"] = data.Name, ["digest"] = data.Digest, ["context"] = data.Context })]),
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static VersionLineage Parse(string json) => StoredJson.Read(json, document =>
    {
        var code = StoredJson.Need(document["code"]);
        return new VersionLineage
        {
            RunId = document["run_id"]?.GetValue<string>(),
            Commit = code["commit"]?.GetValue<string>(),
            Repository = code["repository"]?.GetValue<string>(),
            Dirty = code["dirty"]?.GetValue<bool>(),
            DiffDigest = code["diff_digest"]?.GetValue<string>(),
            CodeComplete = code["complete"]?.GetValue<bool>(),
            Data = [.. StoredJson.Need(document["data"]).AsArray().Select(data => new LineageData(Text(data, "name"), Text(data, "digest"), Text(data, "context")))],
        };
    });

    /// <summary>What a run recorded of its code and data; that of the run that captured them, where it is a part of one.</summary>
    internal static VersionLineage Of(Tracker tracker, string? runId)
    {
        if (runId is null || tracker.FindRun(runId) is not { } run)
        {
            return new VersionLineage();
        }

        var captured = run.Tags.TryGetValue("roux.captured_by", out var owner) && tracker.FindRun(owner) is { } other ? other : run;
        var tags = captured.Tags;
        var dirty = Flag(tags.GetValueOrDefault("roux.git.dirty"), "true", "false");
        return new VersionLineage
        {
            RunId = run.Id,
            Commit = tags.GetValueOrDefault("mlflow.source.git.commit"),
            Repository = tags.GetValueOrDefault("mlflow.source.git.repoURL"),
            Dirty = dirty,
            DiffDigest = dirty == true ? DigestOf(tracker, captured.Id) : null,
            CodeComplete = Flag(tags.GetValueOrDefault("roux.git.patch"), "complete", "incomplete"),
            Data = [.. run.Datasets.Concat(captured.Datasets).Select(input => new LineageData(input.Dataset.Name, input.Dataset.Digest, input.Context)).Distinct()],
        };
    }

    private static string Text(JsonNode? data, string name) => StoredJson.Need(StoredJson.Need(data)[name]).GetValue<string>();

    private static bool? Flag(string? text, string yes, string no) => text == yes ? true : text == no ? false : null;

    private static string? DigestOf(Tracker tracker, string runId)
    {
        try
        {
            return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(tracker.ArtifactFile(runId, DiffArtifact))));
        }
        catch (Exception exception) when (exception is TrackingException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A data set in a version's lineage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Identifies its content.</param>
/// <param name="Context">Its part for the run: <c>training</c>, <c>testing</c>, ….</param>
public sealed record LineageData(string Name, string Digest, string Context);
