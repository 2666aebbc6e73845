using System.Text.Json.Nodes;

namespace Roux.Tracking;

/// <summary>A rule with its verdict.</summary>
/// <param name="Kind">Kind of the rule, such as <c>metric</c>.</param>
/// <param name="Title">The rule in words.</param>
/// <param name="RuleDigest">Identifies the rule's definition.</param>
/// <param name="Judgement">The verdict.</param>
public sealed record RuleResult(string Kind, string Title, string RuleDigest, Judgement Judgement)
{
    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["rule"] = Kind,
        ["title"] = Title,
        ["outcome"] = NameOf(Judgement.Outcome),
        ["reason"] = Judgement.Reason,
        ["numbers"] = Judgement.Numbers?.DeepClone(),
        ["rule_digest"] = RuleDigest,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static RuleResult Parse(JsonNode json) => new(
        json["rule"]!.GetValue<string>(), json["title"]!.GetValue<string>(), json["rule_digest"]!.GetValue<string>(),
        new Judgement(
            json["outcome"]!.GetValue<string>() switch { "pass" => RuleOutcome.Pass, "fail" => RuleOutcome.Fail, _ => RuleOutcome.CannotTell },
            json["reason"]!.GetValue<string>(), json["numbers"]?.DeepClone() as JsonObject));

    /// <summary><c>pass</c>, <c>fail</c> or <c>cannot-tell</c>.</summary>
    public static string NameOf(RuleOutcome outcome) => outcome switch { RuleOutcome.Pass => "pass", RuleOutcome.Fail => "fail", _ => "cannot-tell" };
}
