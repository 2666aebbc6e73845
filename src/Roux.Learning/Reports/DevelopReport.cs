using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Reports.Sections;

namespace Roux.Learning.Reports;

/// <summary>The report of a development: one HTML file that needs nothing else, to read, print and pass on.</summary>
public static class DevelopReport
{
    /// <summary>
    /// Writes the report. Text from data, files and settings is escaped; the page loads nothing, and its content security policy
    /// forbids any script but the one of a fixed hash that makes tables sortable. Its size depends on what is shown, not on rows or columns.
    /// </summary>
    /// <param name="result">What a development found out.</param>
    /// <param name="environment">When and on what it ran; <c>null</c> for this process, without a date.</param>
    /// <returns>A complete HTML document, which is well-formed XML but for its first line and its script.</returns>
    public static string Html(DevelopResult result, ReportEnvironment? environment = null)
    {
        var context = new ReportContext(result, environment ?? ReportEnvironment.Here());
        var sections = new List<ReportSection>
        {
            VerdictSection.Make(context),
            LeaderboardSection.Make(context),
            CostsSection.Make(context),
            BaselinesSection.Make(context),
            QualitySection.Make(context),
            HumanSection.Make(context),
            DecisionSection.Make(context),
            FutureSection.Make(context),
            InfluenceSection.Make(context),
            FindingsSection.Make(context),
            DataSection.Make(context),
            MethodSection.Make(context),
            ReproduceSection.Make(context),
            GlossarySection.Make(context),
        };
        sections.RemoveAll(section => section.Body.IsEmpty);
        return HtmlPage.Of($"{context.TargetName} from {context.DataName} – Roux report", Header(context), sections,
            Markup.Of($"Everything in this file was computed from the run {context.Result.RunId}; it loads nothing from elsewhere."), context.Environment.Version).ToString();
    }

    private static Markup Header(ReportContext context)
    {
        var result = context.Result;
        var facts = new List<string>
        {
            $"{Figures.Count(result.Rows.Total)} rows, {Figures.Count(result.Columns.Count)} columns",
            Words.Task(result.Task, result.Classes.Count),
            $"ranked by {result.Metric.Title} ({(result.Metric.HigherIsBetter ? "higher is better" : "lower is better")})",
            $"took {Figures.Seconds(result.Seconds)}",
        };
        if (context.Environment.Started is { } started)
        {
            facts.Insert(0, Figures.Moment(started));
        }

        var asking = result.Task == TaskKind.Regression ? "Estimating" : "Predicting";
        return Markup.Of($"""
            <header class="top"><p class="brand">Roux model report</p>
            <h1>{asking} {Words.Name(context.TargetName)} from {Words.Name(context.DataName)}</h1>
            <ul class="meta">{facts.Select(fact => Markup.Of($"<li>{fact}</li>"))}</ul></header>
            """);
    }
}
