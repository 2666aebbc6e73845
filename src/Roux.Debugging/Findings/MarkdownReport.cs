using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Debugging.Findings;

/// <summary>A debugging session as Markdown, for job summaries and comments on merge requests.</summary>
public static class MarkdownReport
{
    /// <summary>The document; nothing in it that comes from data is read as markup.</summary>
    public static string Of(DebugResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### Checks of {Safe(result.Subject)}: {result.Summary}\n");
        foreach (var finding in result.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n#### {Mark(finding.Severity)} {finding.Severity.ToString().ToLowerInvariant()}: {Safe(finding.Message)}\n\n");
            Item(text, "Likely cause", finding.Cause);
            Item(text, "What to do", finding.Fix);
            Item(text, "How to verify", finding.Verify);
            foreach (var consequence in FindingList.ConsequencesOf(finding))
            {
                Item(text, "It explains", consequence["message"] is JsonValue message ? message.ToString() : "");
            }

            text.Append(CultureInfo.InvariantCulture, $"- Check: {Safe(finding.Check)}{(finding.Columns.Count == 0 ? "" : $" ({Safe(string.Join(", ", finding.Columns.Take(12)))}{(finding.Columns.Count > 12 ? ", …" : "")})")}\n");
        }

        if (result.Suppressed.Count > 0)
        {
            text.Append("\nPut up with:\n\n");
            foreach (var (finding, suppression) in result.Suppressed)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {Safe(finding.Message)} ({Safe(suppression.Reason)}{(suppression.Until is { } day ? string.Create(CultureInfo.InvariantCulture, $", until {day:yyyy-MM-dd}") : "")})\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{result.Checks.Count} checks, {result.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n");
        return text.ToString();
    }

    private static void Item(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {name}: {Safe(value)}\n");
        }
    }

    private static string Safe(string text) => MarkdownText.Escape(text);

    private static string Mark(Severity severity) => severity switch { Severity.High => "🔴", Severity.Medium => "🟡", Severity.Low => "🔵", _ => "⚪" };
}
