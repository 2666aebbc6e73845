using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Tracking;

namespace Roux.Debugging.Findings;

/// <summary>What a debugging session found, and what it looked at.</summary>
public sealed record DebugResult
{
    /// <summary>What was looked at, in a few words, such as <c>survived from train.csv</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>What was found, merged, the most important first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What was found and is put up with.</summary>
    public IReadOnlyList<SuppressedFinding> Suppressed { get; init; } = [];

    /// <summary>The checks that looked.</summary>
    public required IReadOnlyList<CheckCard> Checks { get; init; }

    /// <summary>Facts of the subject, such as numbers of rows and columns.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What was left out, and why; how the data was read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What else was worked out, by the path under which a run keeps it: see docs/debugging.md, "What is kept".</summary>
    public IReadOnlyDictionary<string, JsonObject> Records { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>When it began.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Seconds that it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Findings of at least a severity.</summary>
    public IEnumerable<Finding> AtLeast(Severity severity) => Findings.Where(finding => finding.Severity >= severity);

    /// <summary>In a few words: how many findings of which severity.</summary>
    public string Summary => Findings.Count == 0 ? "nothing found"
        : string.Join(", ", Findings.GroupBy(finding => finding.Severity).OrderByDescending(group => group.Key).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")));

    /// <summary>All of it as one JSON document.</summary>
    public JsonObject ToJson() => new()
    {
        ["subject"] = Subject,
        ["findings"] = new JsonArray([.. Findings.Select(finding => finding.ToJson())]),
        ["suppressed"] = new JsonArray([.. Suppressed.Select(one =>
        {
            var json = one.Finding.ToJson();
            json["reason"] = one.Suppression.Reason;
            json["until"] = one.Suppression.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return json;
        })]),
        ["checks"] = new JsonArray([.. Checks.Select(card => JsonValue.Create(card.Name))]),
        ["facts"] = new JsonArray([.. Facts.Select(fact => JsonValue.Create(fact))]),
        ["notes"] = new JsonArray([.. Notes.Select(note => JsonValue.Create(note))]),
        ["seconds"] = Seconds,
    };
}
