using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Learning.Evaluation;
using Roux.Tracking;

namespace Roux.Learning.Reports;

/// <summary>One finding on a page: what was found, the cause, what to do, how to verify, the figures and their picture, and what it explains.</summary>
internal static class FindingArticle
{
    private const int MaxFacts = 12;
    private const int MaxConsequences = 8;
    private const string Consequences = "consequences";

    /// <summary>The article.</summary>
    public static Markup Write(Finding finding)
    {
        var text = Markup.Of($"""
            <dl class="pairs">{Pair("Columns", Columns(finding.Columns))}{Pair("Likely cause", finding.Cause)}{Pair("What to do", finding.Fix)}{Pair("How to verify", finding.Verify)}{Explains(finding.Evidence)}{Evidence(finding.Evidence)}{Pair("Check", finding.Check)}</dl>
            """);
        var body = EvidenceChart.Of(finding.Evidence) is { } plot ? Markup.Of($"<div class=\"drawn\"><div>{text}</div><figure>{Markup.Chart(plot)}</figure></div>") : text;
        return Markup.Of($"""
            <article class="finding"><h3><span class="sev {Name(finding.Severity)}">{Name(finding.Severity)}</span> {Figures.Cut(finding.Message, 500)}</h3>
            {body}</article>

            """);
    }

    /// <summary>How many there are of each severity.</summary>
    public static string Summary(IReadOnlyList<Finding> findings)
    {
        var counts = findings.GroupBy(finding => finding.Severity).OrderByDescending(group => group.Key).Select(group => $"{group.Count()} {Name(group.Key)}");
        return $"{Words.Many(findings.Count, "finding")}: {string.Join(", ", counts)}. The most severe come first.";
    }

    private static Markup Explains(JsonObject? evidence)
    {
        if (evidence?[Consequences] is not JsonArray { Count: > 0 } array)
        {
            return Markup.Empty;
        }

        var items = array.OfType<JsonObject>().Take(MaxConsequences).Select(consequence => Markup.Of($"<li>{Value(consequence["message"])} <small>({Value(consequence["check"])})</small></li>"));
        return Markup.Of($"<dt>It explains</dt><dd><ul>{items}{(array.Count > MaxConsequences ? Markup.Of($"<li>and {array.Count - MaxConsequences} more</li>") : Markup.Empty)}</ul></dd>");
    }

    private static Markup Evidence(JsonObject? evidence)
    {
        var all = evidence?.Where(fact => fact.Key is not (Consequences or EvidenceChart.Key)).ToList() ?? [];
        if (all.Count == 0)
        {
            return Markup.Empty;
        }

        var facts = all.Take(MaxFacts).Select(fact => Markup.Of($"{fact.Key.Replace('_', ' ')}: {Value(fact.Value)}"));
        return Markup.Of($"<dt>Evidence</dt><dd>{Markup.Join("; ", facts)}{(all.Count > MaxFacts ? "; …" : "")}</dd>");
    }

    private static string Value(JsonNode? node) => node switch
    {
        null => "–",
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Figures.Value(number),
        JsonValue value when value.TryGetValue(out string? text) => Figures.Cut(text, 240),
        JsonArray array when array.All(item => item is JsonValue) => Figures.Cut(string.Join(", ", array.Take(10).Select(Value)) + (array.Count > 10 ? ", …" : ""), 200),
        _ => Figures.Cut(node.ToJsonString(), 200),
    };

    private static Markup Pair(string name, string text) => text.Length == 0 ? Markup.Empty : Markup.Of($"<dt>{name}</dt><dd>{Figures.Cut(text, 800)}</dd>");

    private static string Columns(IReadOnlyList<string> columns) =>
        string.Join(", ", columns.Take(12).Select(column => Figures.Cut(column, Words.LongName))) + (columns.Count > 12 ? $" and {Figures.Count(columns.Count - 12)} more" : "");

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();
}
