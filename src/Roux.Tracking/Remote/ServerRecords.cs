using System.Text.Json;

namespace Roux.Tracking.Remote;

/// <summary>Records of the store's kind from a server's answers.</summary>
internal static class ServerRecords
{
    private static readonly HashSet<string> NoTags = new(StringComparer.Ordinal) { RemoteTags.RunName, RemoteTags.Parent, RemoteTags.Error };

    /// <summary>A run.</summary>
    /// <param name="run">A run as the server tells it.</param>
    /// <param name="experiment">The name of its experiment.</param>
    public static RunRecord Run(JsonElement run, string experiment)
    {
        var (info, data) = (run.Part("info"), run.Part("data"));
        var tags = data.Pairs("tags");
        var name = info.Text("run_name") is { Length: > 0 } given ? given : tags.GetValueOrDefault(RemoteTags.RunName, "");
        var id = info.Text("run_id");
        var started = info.Moment("start_time") ?? DateTimeOffset.UnixEpoch;
        var error = tags.GetValueOrDefault(RemoteTags.Error);
        var parent = tags.GetValueOrDefault(RemoteTags.Parent);
        if (tags.GetValueOrDefault(RemoteTags.RunId) == id)
        {
            tags.Remove(RemoteTags.RunId);
        }

        var metrics = new Dictionary<string, MetricPoint>(StringComparer.Ordinal);
        foreach (var metric in data.Items("metrics"))
        {
            metrics[metric.Text("key")] = Point(metric);
        }

        return new RunRecord
        {
            Id = id,
            Name = name,
            ExperimentId = info.Text("experiment_id"),
            Experiment = experiment,
            ParentId = parent,
            Status = Status(info.Text("status")),
            Started = started,
            Ended = info.Moment("end_time"),
            Deleted = info.Text("lifecycle_stage") == "deleted" ? info.Moment("end_time") ?? started : null,
            Error = error,
            Params = data.Pairs("params"),
            Tags = tags.Where(tag => !NoTags.Contains(tag.Key)).ToDictionary(StringComparer.Ordinal),
            Metrics = metrics,
            Datasets = [.. run.Part("inputs").Items("dataset_inputs").Select(Input)],
            User = info.Text("user_id") is { Length: > 0 } user ? user : null,
        };
    }

    /// <summary>A point of a metric.</summary>
    public static MetricPoint Point(JsonElement metric) => new(metric.Whole("step") ?? 0, metric.Moment("timestamp") ?? DateTimeOffset.UnixEpoch, metric.Real("value"));

    /// <summary>A model version.</summary>
    public static ModelVersionRecord Version(JsonElement version)
    {
        var tags = version.Pairs("tags");
        var source = version.Text("source");
        var path = tags.GetValueOrDefault(RemoteTags.ArtifactPath) ?? (source.IndexOf("/artifacts/", StringComparison.Ordinal) is >= 0 and var at ? source[(at + "/artifacts/".Length)..] : source);
        return new ModelVersionRecord
        {
            Name = version.Text("name"),
            Version = (int)Math.Clamp(version.Whole("version") ?? 0, 0, int.MaxValue),
            RunId = version.Text("run_id") is { Length: > 0 } run ? run : null,
            ArtifactPath = path,
            Location = source,
            Digest = tags.GetValueOrDefault(RemoteTags.Digest, ""),
            Bytes = long.TryParse(tags.GetValueOrDefault(RemoteTags.Bytes), out var bytes) ? bytes : 0,
            Stage = Enum.TryParse<ModelStage>(version.Text("current_stage"), out var stage) ? stage : ModelStage.None,
            Description = version.Text("description"),
            Created = version.Moment("creation_timestamp") ?? DateTimeOffset.UnixEpoch,
            Updated = version.Moment("last_updated_timestamp") ?? DateTimeOffset.UnixEpoch,
            Aliases = [.. version.Items("aliases").Where(alias => alias.ValueKind == JsonValueKind.String).Select(alias => alias.GetString()!)],
            Tags = tags,
        };
    }

    private static RunStatus Status(string text) => text switch
    {
        "SCHEDULED" => RunStatus.Scheduled,
        "FINISHED" => RunStatus.Finished,
        "FAILED" => RunStatus.Failed,
        "KILLED" => RunStatus.Killed,
        _ => RunStatus.Running,
    };

    private static DatasetInput Input(JsonElement input)
    {
        var dataset = input.Part("dataset");
        var tags = input.Pairs("tags");
        var profile = dataset.Text("profile") is { Length: > 0 } text ? text : null;
        var (rows, bytes) = Sizes(profile);
        var (kind, source) = (dataset.Text("source_type"), dataset.Text("source"));
        var plain = kind is "local" or "http" ? UriIn(source) : null;
        return new DatasetInput(
            new Dataset(dataset.Text("name"), tags.GetValueOrDefault(RemoteTags.Digest) ?? dataset.Text("digest"), plain ?? source, bytes, rows, dataset.Text("schema") is { Length: > 0 } schema ? schema : null)
            {
                SourceType = plain is null && kind.Length > 0 ? kind : null,
                Profile = rows is null && bytes is null ? profile : null,
            },
            tags.GetValueOrDefault(RemoteTags.DataContext, ""));
    }

    private static (long? Rows, long? Bytes) Sizes(string? profile)
    {
        try
        {
            var json = profile is null ? default : JsonSerializer.Deserialize<JsonElement>(profile);
            return (json.Whole("num_rows"), json.Whole("bytes"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? UriIn(string source)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(source);
            return json.Text("uri") is { Length: > 0 } uri ? uri : json.Text("url") is { Length: > 0 } url ? url : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
