using System.Text.Json.Nodes;

namespace Roux.Tracking.Remote;

/// <summary>Documents among a run's artifacts for what the protocol has no place for: findings, warnings, long values. Written when sent, read when shown.</summary>
internal static class RemoteDocuments
{
    /// <summary>Findings of a run; null where it has none.</summary>
    public static JsonArray? Findings(RunRecord run) => run.Findings.Count == 0 ? null : new JsonArray([.. run.Findings.Select(finding => finding.ToJson())]);

    /// <summary>Warnings of a run; null where it has none.</summary>
    public static JsonArray? Warnings(RunRecord run) => run.Warnings.Count == 0 ? null : new JsonArray([.. run.Warnings.Select(warning => new JsonObject
    {
        ["time"] = warning.Time.ToUnixTimeMilliseconds(),
        ["message"] = warning.Message,
    })]);

    /// <summary>Params and tags that are cut when sent; null where there are none.</summary>
    public static JsonObject? LongValues(RunRecord run)
    {
        var parameters = Cut(run.Params, BatchBody.LongestParam);
        var tags = Cut(run.Tags, BatchBody.LongestTag);
        return parameters.Count + tags.Count == 0 ? null : new JsonObject { ["params"] = parameters, ["tags"] = tags };
    }

    /// <summary>Reads <see cref="Findings"/> back; what is not understood is left out.</summary>
    public static IReadOnlyList<Finding> ReadFindings(JsonNode? document) =>
    [
        .. Objects(document).Where(finding => Enum.GetNames<Severity>().Contains(Text(finding, "severity"), StringComparer.OrdinalIgnoreCase)).Select(finding =>
            new Finding(Text(finding, "check"), Enum.Parse<Severity>(Text(finding, "severity"), ignoreCase: true), Text(finding, "message"))
            {
                Columns = [.. (finding["columns"] as JsonArray ?? []).OfType<JsonValue>().Select(column => column.ToString())],
                Evidence = finding["evidence"]?.DeepClone() as JsonObject,
                Cause = Text(finding, "cause"),
                Fix = Text(finding, "fix"),
                Verify = Text(finding, "verify"),
            }),
    ];

    /// <summary>Reads <see cref="Warnings"/> back.</summary>
    public static IReadOnlyList<RunWarning> ReadWarnings(JsonNode? document) =>
    [
        .. Objects(document).Select(warning => new RunWarning(
            DateTimeOffset.FromUnixTimeMilliseconds(warning["time"] is JsonValue time && time.TryGetValue<long>(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000 ? milliseconds : 0),
            Text(warning, "message"))),
    ];

    /// <summary>Puts whole values in the place of cut ones.</summary>
    public static RunRecord WithLongValues(RunRecord run, JsonNode? document) => run with
    {
        Params = Whole(run.Params, (document as JsonObject)?["params"] as JsonObject),
        Tags = Whole(run.Tags, (document as JsonObject)?["tags"] as JsonObject),
    };

    private static JsonObject Cut(IReadOnlyDictionary<string, string> texts, int most) =>
        new(texts.Where(text => text.Value.Length > most).Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))));

    private static IReadOnlyDictionary<string, string> Whole(IReadOnlyDictionary<string, string> texts, JsonObject? whole)
    {
        if (whole is null || whole.Count == 0)
        {
            return texts;
        }

        var merged = new Dictionary<string, string>(texts, StringComparer.Ordinal);
        foreach (var (key, value) in whole)
        {
            if (value is JsonValue text && merged.ContainsKey(key))
            {
                merged[key] = text.ToString();
            }
        }

        return merged;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? document) => (document as JsonArray ?? []).OfType<JsonObject>();

    private static string Text(JsonObject node, string name) => node[name]?.ToString() ?? "";
}
