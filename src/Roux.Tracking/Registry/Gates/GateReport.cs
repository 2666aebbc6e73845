using System.Text.Json.Nodes;

namespace Roux.Tracking;

/// <summary>What a gate said of a version.</summary>
public sealed record GateReport
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Number of the version.</summary>
    public required int Version { get; init; }

    /// <summary>Digest of its files.</summary>
    public required string VersionDigest { get; init; }

    /// <summary>Digest of the rules.</summary>
    public required string RulesDigest { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>Every rule with its verdict, in the order of the rules; that the files are unchanged comes first.</summary>
    public required IReadOnlyList<RuleResult> Results { get; init; }

    /// <summary>Whether every rule holds.</summary>
    public bool Passed => Results.All(result => result.Judgement.Outcome == RuleOutcome.Pass);

    /// <summary>The rules that do not hold, or cannot be told.</summary>
    public IEnumerable<RuleResult> Failures => Results.Where(result => result.Judgement.Outcome != RuleOutcome.Pass);

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["version"] = Version,
        ["passed"] = Passed,
        ["time"] = Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
        ["actor"] = Actor,
        ["version_digest"] = VersionDigest,
        ["rules_digest"] = RulesDigest,
        ["results"] = new JsonArray([.. Results.Select(result => result.ToJson())]),
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static GateReport Parse(string text)
    {
        var json = JsonNode.Parse(text)!;
        return new GateReport
        {
            Model = json["model"]!.GetValue<string>(),
            Version = json["version"]!.GetValue<int>(),
            VersionDigest = json["version_digest"]!.GetValue<string>(),
            RulesDigest = json["rules_digest"]!.GetValue<string>(),
            Time = DateTimeOffset.Parse(json["time"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture),
            Actor = json["actor"]!.GetValue<string>(),
            Results = [.. json["results"]!.AsArray().Select(result => RuleResult.Parse(result!))],
        };
    }
}
