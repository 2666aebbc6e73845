using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>What a reader should act on about the existing system and the rule file.</summary>
internal static class BaselineFindings
{
    public static IEnumerable<Finding> Of(Evidence evidence) => OfExisting(evidence.Existing).Concat(OfRules(evidence.Rules));

    private static IEnumerable<Finding> OfExisting(ExistingEvidence? existing)
    {
        if (existing is null || !(existing.Gain.Low <= 0))
        {
            yield break;
        }

        yield return new Finding("existing-system-not-beaten", Severity.High, existing.Verdict)
        {
            Evidence = new JsonObject { ["gain"] = existing.Gain.Estimate, ["gain_low"] = existing.Gain.Low, ["gain_high"] = existing.Gain.High },
            Cause = existing.Gain.High < 0 ? "The existing system knows something that the columns do not tell, or it has seen these rows." : "The two are close, or there are too few final rows to tell them apart.",
            Fix = "Do not replace it for its quality alone. Add what it knows as columns, or bring more rows for the final score (--test).",
            Verify = "The interval of the paired difference lies above zero.",
        };
    }

    public static IEnumerable<Finding> OfRules(RuleAudit? audit)
    {
        if (audit is null)
        {
            yield break;
        }

        var idle = audit.Rules.Where(rule => rule.Condition is not null && rule.Matches == 0).ToArray();
        if (idle.Length > 0)
        {
            yield return new Finding("rule-never-matches", Severity.Low, $"{Rules(idle)} {(idle.Length == 1 ? "matches" : "match")} no row.")
            {
                Evidence = new JsonObject { ["rules"] = new JsonArray([.. idle.Select(rule => (JsonNode)JsonValue.Create(rule.Number))]) },
                Cause = "A value or a word is spelled in another way in the data, or the case has died out.",
                Fix = "Correct the condition, or delete the rule.",
                Verify = "roux baseline … --rules shows a coverage above zero.",
            };
        }

        var shadowed = audit.Rules.Where(rule => rule.ShadowedBy.Count > 0).ToArray();
        if (shadowed.Length > 0)
        {
            yield return new Finding("rule-shadowed", Severity.Low, $"{Rules(shadowed)} {(shadowed.Length == 1 ? "decides" : "decide")} nothing: earlier rules take every row that {(shadowed.Length == 1 ? "it matches" : "they match")}.")
            {
                Evidence = new JsonObject(shadowed.Select(rule => KeyValuePair.Create<string, JsonNode?>($"rule_{rule.Number}_shadowed_by", new JsonArray([.. rule.ShadowedBy.Select(number => (JsonNode)JsonValue.Create(number))])))),
                Cause = "The first rule that holds decides, and a broader one comes first.",
                Fix = "Move the narrower rule before the broader one, or delete it.",
                Verify = "roux baseline … --rules shows that it decides rows.",
            };
        }

        var wrong = audit.Conflicts.Where(conflict => conflict.LaterIsBetter).ToArray();
        if (wrong.Length > 0)
        {
            var first = wrong[0];
            yield return new Finding("rule-conflict", Severity.Medium, string.Create(CultureInfo.InvariantCulture,
                $"Rule {first.Later} would be right more often than rule {first.Earlier} on the {first.Rows} rows that both match ({first.LaterCorrect} against {first.EarlierCorrect}), but rule {first.Earlier} comes first."))
            {
                Evidence = new JsonObject { ["pairs"] = new JsonArray([.. wrong.Take(10).Select(conflict => (JsonNode)JsonValue.Create($"{conflict.Earlier} over {conflict.Later}: {conflict.Rows} rows"))]) },
                Cause = "The order of the rules puts a weaker rule first.",
                Fix = $"Put rule {first.Later} before rule {first.Earlier}.",
                Verify = "The score of the rules rises in cross-validation.",
            };
        }
    }

    private static string Rules(RuleFacts[] rules) => $"{(rules.Length == 1 ? "Rule" : "Rules")} {string.Join(", ", rules.Take(10).Select(rule => rule.Number))}{(rules.Length > 10 ? ", …" : "")}";
}
