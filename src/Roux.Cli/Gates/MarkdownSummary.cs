using System.Globalization;
using System.Text;
using Roux.Tracking;
using Roux.Tracking.Exports;

namespace Roux.Cli.Gates;

/// <summary>A gate as Markdown, for job summaries and comments on merge requests.</summary>
internal static class MarkdownSummary
{
    public static string Of(GateReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {(report.Passed ? "✅" : "❌")} {MarkdownText.Escape(report.Model)}/{report.Version} {(report.Passed ? "passes" : "does not pass")} its gates\n\n");
        text.Append("| | rule | why |\n|---|---|---|\n");
        foreach (var result in report.Results)
        {
            var mark = result.Judgement.Outcome switch { RuleOutcome.Pass => "✅", RuleOutcome.Fail => "❌", _ => "❔" };
            text.Append(CultureInfo.InvariantCulture, $"| {mark} | {MarkdownText.Escape(result.Title)} | {MarkdownText.Escape(result.Judgement.Reason)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nFiles `{report.VersionDigest}`, rules `{report.RulesDigest}`, {report.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n");
        return text.ToString();
    }
}
