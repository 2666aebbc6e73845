using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Cli.Printing;
using Roux.Debugging.Findings;
using Roux.Tracking;

namespace Roux.Cli.Commands;

/// <summary>What a debugging session found, for a person at a terminal.</summary>
internal static class DebugPage
{
    private const int MostInFull = 12;
    private const int MostConsequences = 3;

    public static void Write(Page page, DebugResult result, string? report, string? run)
    {
        page.Line($"{result.Subject}: {result.Summary}");
        page.Line(string.Join(" · ", result.Facts.Append(string.Create(CultureInfo.InvariantCulture, $"{result.Checks.Count} checks in {HumanText.Span(TimeSpan.FromSeconds(result.Seconds))}"))));
        List<Finding> full = [.. result.Findings.Where(finding => finding.Severity > Severity.Info).Take(MostInFull)];
        for (var i = 0; i < full.Count; i++)
        {
            Write(page, full[i], i + 1);
        }

        Brief(page, [.. result.Findings.Except(full)]);
        if (result.Suppressed.Count > 0)
        {
            page.Heading("Put up with");
            foreach (var (finding, suppression) in result.Suppressed)
            {
                page.Paragraph($"{finding.Message} ({suppression.Reason}{(suppression.Until is { } day ? string.Create(CultureInfo.InvariantCulture, $", until {day:yyyy-MM-dd}") : "")})", 2);
            }
        }

        if (result.Notes.Count > 0)
        {
            page.Heading("Notes");
            foreach (var note in result.Notes.Take(12))
            {
                page.Paragraph(note, 2);
            }
        }

        if (report is not null || run is not null)
        {
            page.Line();
        }

        if (report is not null)
        {
            page.Line($"Report    {report}");
        }

        if (run is not null)
        {
            page.Line($"Run       {run}");
        }
    }

    private static void Write(Page page, Finding finding, int number)
    {
        page.Line();
        page.Paragraph($"{number}. {finding.Severity.ToString().ToUpperInvariant()}  {finding.Message}");
        Part(page, "cause", finding.Cause);
        Part(page, "fix", finding.Fix);
        Part(page, "verify", finding.Verify);
        var consequences = FindingList.ConsequencesOf(finding);
        foreach (var consequence in consequences.Take(MostConsequences))
        {
            Part(page, "explains", consequence["message"] is JsonValue message ? message.ToString() : "");
        }

        if (consequences.Count > MostConsequences)
        {
            Part(page, "explains", $"and {consequences.Count - MostConsequences} more");
        }

        Part(page, "check", finding.Check);
    }

    private static void Part(Page page, string name, string text)
    {
        if (text.Length > 0)
        {
            page.Hanging($"   {name,-9}", text);
        }
    }

    private static void Brief(Page page, List<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        page.Heading("Also");
        foreach (var finding in findings)
        {
            page.Hanging($"  {finding.Severity.ToString().ToLowerInvariant(),-7}", $"{finding.Message} ({finding.Check})");
        }
    }
}
