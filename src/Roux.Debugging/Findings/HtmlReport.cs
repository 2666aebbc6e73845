using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Debugging.Checks;
using Roux.Debugging.Recipe;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports;

namespace Roux.Debugging.Findings;

/// <summary>A debugging session as one HTML file that needs nothing else: every finding with its proof.</summary>
public static class HtmlReport
{
    private const int MostFindings = 100;

    /// <summary>Writes the page. Text from data is escaped; the page loads nothing, and its content security policy forbids any script but the one that sorts tables.</summary>
    /// <param name="result">The session.</param>
    /// <param name="about">Where it comes from, in a sentence, such as the run that holds it.</param>
    /// <param name="steps">The steps of the recipe, where it was walked.</param>
    /// <returns>A complete HTML document.</returns>
    public static string Of(DebugResult result, string about = "", IReadOnlyList<RecipeStep>? steps = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var sections = new List<ReportSection>
        {
            new("recipe", "Recipe", "The recipe, step by step", Recipe(steps ?? [])),
            new("findings", "Findings", "Findings", Findings(result)),
            new("suppressed", "Put up with", "What is put up with", Suppressed(result)),
            new("checks", "Checks", "What was looked at", Checks(result)),
            new("notes", "Notes", "Notes", result.Notes.Count == 0 ? Markup.Empty : Markup.Of($"<ul>{result.Notes.Take(50).Select(note => Markup.Of($"<li>{note}</li>"))}</ul>")),
        };
        sections.RemoveAll(section => section.Body.IsEmpty);
        var facts = result.Facts.Prepend(Learning.Reports.Figures.Moment(result.Time)).Append(string.Create(CultureInfo.InvariantCulture, $"{result.Checks.Count} checks in {Learning.Reports.Figures.Seconds(result.Seconds)}"));
        var header = Markup.Of($"""
            <header class="top"><p class="brand">Roux debugging report</p>
            <h1>Checks of {Words.Name(result.Subject)}: {result.Summary}</h1>
            <ul class="meta">{facts.Select(fact => Markup.Of($"<li>{fact}</li>"))}</ul></header>
            """);
        return HtmlPage.Of($"Checks of {result.Subject} – Roux report", header, sections, Markup.Of($"{about}{(about.Length > 0 ? " " : "")}This file loads nothing from elsewhere."), ReportEnvironment.Here().Version).ToString();
    }

    private static Markup Recipe(IReadOnlyList<RecipeStep> steps)
    {
        if (steps.Count == 0)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Steps of the recipe", new TableColumn("Step"), new TableColumn("Outcome"), new TableColumn("Question"), new TableColumn("Proof")) { Style = "full", HideCaption = true };
        foreach (var step in steps)
        {
            var style = step.Outcome switch { StepOutcome.Failed => "high", StepOutcome.Passed => "info", _ => "low" };
            table.Add([string.Create(CultureInfo.InvariantCulture, $"{step.Number}. {step.Name}"), Markup.Of($"<span class=\"sev {style}\">{step.Words}</span>"), step.Question, step.Proof], step.Outcome == StepOutcome.Failed ? "best" : "");
        }

        var curves = steps.Where(step => step.Shown is not null).Select(step => Markup.Of($"""
            <article class="finding"><h3>{step.Number}. {step.Name}</h3><figure>{(EvidenceChart.Of(new JsonObject { [EvidencePlot.Key] = step.Shown!.DeepClone() }) is { } plot ? Markup.Chart(plot) : Markup.Empty)}</figure></article>

            """));
        return Markup.Of($"{table.Finish()}{curves}");
    }

    private static Markup Findings(DebugResult result) => result.Findings.Count == 0
        ? Markup.Of($"<p class=\"lead\">Nothing was found: {Words.Many(result.Checks.Count, "check")} looked.</p>\n")
        : Markup.Of($"""
            <p class="lead">{FindingArticle.Summary(result.Findings)}</p>
            {result.Findings.Take(MostFindings).Select(FindingArticle.Write)}
            {(result.Findings.Count > MostFindings ? Markup.Of($"<p class=\"note\">{Words.Many(result.Findings.Count - MostFindings, "less severe finding")} more in the JSON document.</p>") : Markup.Empty)}
            """);

    private static Markup Suppressed(DebugResult result)
    {
        if (result.Suppressed.Count == 0)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Findings that are put up with", new TableColumn("Finding"), new TableColumn("Severity"), new TableColumn("Reason"), new TableColumn("Until")) { Style = "full", HideCaption = true };
        foreach (var (finding, suppression) in result.Suppressed)
        {
            table.Add([finding.Message, finding.Severity.ToString().ToLowerInvariant(), suppression.Reason, suppression.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "for good"]);
        }

        return table.Finish();
    }

    private static Markup Checks(DebugResult result)
    {
        var found = result.Findings.GroupBy(finding => finding.Check, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var table = new HtmlTable("Checks that looked", new TableColumn("Check"), new TableColumn("Area"), new TableColumn("Found", true), new TableColumn("When it is a finding"), new TableColumn("Thresholds")) { Style = "full", HideCaption = true, Sortable = true };
        foreach (var card in result.Checks)
        {
            var thresholds = string.Join("; ", card.Thresholds.Select(threshold => $"{threshold.Name} {Learning.Reports.Figures.Value(threshold.Default)}"));
            table.Add([card.Name, card.Area, new Cell(Markup.Text(found.TryGetValue(card.Name, out var count) ? count.ToString(CultureInfo.InvariantCulture) : "–"), count), card.Definition, thresholds]);
        }

        return Markup.Of($"<details class=\"long\"><summary>{Words.Many(result.Checks.Count, "check")}, {Words.Many(found.Count, "of them with findings", "of them with findings")}</summary>{table.Finish()}</details>\n");
    }
}
