using System.Text.Encodings.Web;
using System.Text.Json;
using Roux.Learning.Learners.Rules;

namespace Roux.Learning.AutoML;

/// <summary>Rules that were learned as a starting point.</summary>
/// <param name="Rules">The rules in order, the else last.</param>
/// <param name="Learned">What each does on the development rows, which it was learned from: flattering.</param>
/// <param name="HeldOut">What each does on the final rows, which it was not learned from: honest.</param>
public sealed record RuleSuggestion(IReadOnlyList<Rule> Rules, RuleAudit Learned, RuleAudit HeldOut)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The rules as a rule file.</summary>
    public string ToJson()
    {
        var lines = Rules.Select(rule => rule.Condition is { } condition
            ? $$"""  { "if": {{Text(condition)}}, "then": {{Text(rule.Answer)}} }"""
            : $$"""  { "else": {{Text(rule.Answer)}} }""");
        return $"[\n{string.Join(",\n", lines)}\n]\n";
    }

    private static string Text(string text) => JsonSerializer.Serialize(text, Readable);
}
