using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;

namespace Roux.Learning.Reports.Sections;

/// <summary>What the checks found: severity, evidence, cause, fix, how to verify.</summary>
internal static class FindingsSection
{
    private const int MaxFindings = 40;
    private const int MaxFacts = 12;

    public static ReportSection Make(ReportContext context)
    {
        var findings = context.Result.Findings;
        return new("findings", "Findings", "Findings", findings.Count == 0
            ? Markup.Of($"<p>The checks of data and model found nothing to report.</p>\n")
            : Markup.Of($"""
                <p class="lead">{Summary(findings)}</p>
                {findings.Take(MaxFindings).Select(Write)}
                {(findings.Count > MaxFindings ? Markup.Of($"<p class=\"note\">{Words.Many(findings.Count - MaxFindings, "less severe finding")} more: roux show {context.Result.RunId}</p>") : Markup.Empty)}
                """));
    }

    private static string Summary(IReadOnlyList<Finding> findings)
    {
        var counts = findings.GroupBy(finding => finding.Severity).OrderByDescending(group => group.Key).Select(group => $"{group.Count()} {Name(group.Key)}");
        return $"{Words.Many(findings.Count, "finding")}: {string.Join(", ", counts)}. The most severe come first.";
    }

    private static Markup Write(Finding finding) => Markup.Of($"""
        <article class="finding"><h3><span class="sev {Name(finding.Severity)}">{Name(finding.Severity)}</span> {Figures.Cut(finding.Message, 500)}</h3>
        <dl class="pairs">{Pair("Columns", Columns(finding.Columns))}{Pair("Likely cause", finding.Cause)}{Pair("What to do", finding.Fix)}{Pair("How to verify", finding.Verify)}{Evidence(finding.Evidence)}{Pair("Check", finding.Check)}</dl></article>

        """);

    private static Markup Evidence(JsonObject? evidence)
    {
        if (evidence is null || evidence.Count == 0)
        {
            return Markup.Empty;
        }

        var facts = evidence.Take(MaxFacts).Select(fact => Markup.Of($"{fact.Key.Replace('_', ' ')}: {Value(fact.Value)}"));
        return Markup.Of($"<dt>Evidence</dt><dd>{Markup.Join("; ", facts)}{(evidence.Count > MaxFacts ? "; …" : "")}</dd>");
    }

    private static string Value(JsonNode? node) => node switch
    {
        null => "–",
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Figures.Value(number),
        JsonValue value when value.TryGetValue(out string? text) => Figures.Cut(text, 120),
        JsonArray array when array.All(item => item is JsonValue) => Figures.Cut(string.Join(", ", array.Take(10).Select(Value)) + (array.Count > 10 ? ", …" : ""), 200),
        _ => Figures.Cut(node.ToJsonString(), 200),
    };

    private static Markup Pair(string name, string text) => text.Length == 0 ? Markup.Empty : Markup.Of($"<dt>{name}</dt><dd>{Figures.Cut(text, 800)}</dd>");

    private static string Columns(IReadOnlyList<string> columns) =>
        string.Join(", ", columns.Take(12).Select(column => Figures.Cut(column, Words.LongName))) + (columns.Count > 12 ? $" and {Figures.Count(columns.Count - 12)} more" : "");

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();
}
