using System.Globalization;
using System.Text;
using Roux.Tracking;

namespace Roux.Cli.Gates;

/// <summary>A gate as Markdown, for job summaries and comments on merge requests.</summary>
internal static class MarkdownSummary
{
    public static string Of(GateReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {(report.Passed ? "✅" : "❌")} {Clean(report.Model)}/{report.Version} {(report.Passed ? "passes" : "does not pass")} its gates\n\n");
        text.Append("| | rule | why |\n|---|---|---|\n");
        foreach (var result in report.Results)
        {
            var mark = result.Judgement.Outcome switch { RuleOutcome.Pass => "✅", RuleOutcome.Fail => "❌", _ => "❔" };
            text.Append(CultureInfo.InvariantCulture, $"| {mark} | {Clean(result.Title)} | {Clean(result.Judgement.Reason)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nFiles `{report.VersionDigest}`, rules `{report.RulesDigest}`, {report.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n");
        return text.ToString();
    }

    // Names and messages come from data: none of it is to be read as markup.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in Terminal.OneLine(text))
        {
            clean.Append(c switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '|' or '`' or '*' or '_' or '[' or ']' or '\\' or '#' or '!' or '~' or '@' => $"\\{c}", _ => c.ToString() });
        }

        return clean.ToString();
    }
}
