using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>Runs as JSON.</summary>
internal static class RunJson
{
    /// <summary>What lists show: identity, times, params, latest metrics, tags.</summary>
    public static JsonObject Brief(RunRecord run) => new()
    {
        ["run_id"] = run.Id,
        ["name"] = run.Name,
        ["experiment"] = run.Experiment,
        ["parent_run_id"] = run.ParentId,
        ["status"] = Status(run.Status),
        ["start_time"] = Time(run.Started),
        ["end_time"] = run.Ended is { } ended ? Time(ended) : null,
        ["duration_seconds"] = run.Duration?.TotalSeconds,
        ["error"] = run.Error,
        ["params"] = Text(run.Params),
        ["metrics"] = new JsonObject(run.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)JsonValue.Create(m.Value.Value)))),
        ["tags"] = Text(run.Tags),
    };

    /// <summary>A data set with its part for the run.</summary>
    public static JsonObject Of(DatasetInput input) => new()
    {
        ["name"] = input.Dataset.Name,
        ["context"] = input.Context,
        ["digest"] = input.Dataset.Digest,
        ["source"] = input.Dataset.Source,
        ["bytes"] = input.Dataset.Bytes,
        ["rows"] = input.Dataset.Rows,
        ["schema"] = input.Dataset.Schema is { } schema ? TryParse(schema) : null,
    };

    /// <summary>A model version.</summary>
    public static JsonObject Of(ModelVersionRecord version) => new()
    {
        ["name"] = version.Name,
        ["version"] = version.Version,
        ["stage"] = version.Stage.ToString(),
        ["aliases"] = new JsonArray([.. version.Aliases.Select(a => JsonValue.Create(a))]),
        ["run_id"] = version.RunId,
        ["artifact_path"] = version.ArtifactPath,
        ["location"] = version.Location,
        ["digest"] = version.Digest,
        ["bytes"] = version.Bytes,
        ["description"] = version.Description,
        ["created"] = Time(version.Created),
        ["updated"] = Time(version.Updated),
        ["tags"] = Text(version.Tags),
        ["registered_by"] = version.RegisteredBy,
        ["signature"] = version.Signature?.ToJson(),
        ["lineage"] = version.Lineage?.ToJson(),
        ["approvals"] = new JsonArray([.. version.Approvals.Select(approval => new JsonObject { ["actor"] = approval.Actor, ["reason"] = approval.Reason, ["time"] = Time(approval.Time) })]),
    };

    /// <summary>A status in the field's spelling, such as <c>finished</c>.</summary>
    public static string Status(RunStatus status) => LowerCase(status.ToString());

    /// <summary>A time in UTC by ISO 8601, to the millisecond.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Names and texts, sorted by name.</summary>
    public static JsonObject Text(IReadOnlyDictionary<string, string> values) =>
        new(values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, (JsonNode?)JsonValue.Create(v.Value))));

    private static JsonNode? TryParse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(json);
        }
    }

#pragma warning disable CA1308 // Lower case is how the names are written, not a way to compare them.
    private static string LowerCase(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
