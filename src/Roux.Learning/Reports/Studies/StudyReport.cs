using System.Globalization;
using Roux.Learning.Evaluation;
using Roux.Tuning;

namespace Roux.Learning.Reports.Studies;

/// <summary>The report of a study: one HTML file that needs nothing else.</summary>
public static class StudyReport
{
    private const int MostTrials = 100;

    /// <summary>Writes the report; text from settings and programs is escaped, and the page loads nothing.</summary>
    /// <param name="view">The study.</param>
    /// <param name="plots">Its charts, as <see cref="StudyPlots.All"/> gives them.</param>
    public static string Html(StudyView view, IReadOnlyList<(string Name, Plot Plot)> plots)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(plots);
        Markup Charts(params string[] names) => Markup.Concat(plots.Where(plot => names.Any(name => plot.Name == name || plot.Name.StartsWith(name + "_", StringComparison.Ordinal))).Select(plot => Markup.Of($"<figure class=\"chart\">{Markup.Chart(plot.Plot)}</figure>\n")));
        var sections = new List<ReportSection>
        {
            new("best", "Best", view.Metrics.Count > 1 ? "The best compromises" : "The best settings", Best(view)),
            new("history", "History", "How it went", Charts("history", "intermediate_values", "timeline", "distribution")),
            new("importance", "What matters", "What matters", Charts("importance", "contour", "pareto_front")),
            new("settings", "Settings", "Where the good settings lie", Charts("parallel_coordinates", "slice")),
            new("trials", "Trials", "The trials", Trials(view)),
        };
        sections.RemoveAll(section => section.Body.IsEmpty);
        var counts = string.Join(", ", view.Trials.GroupBy(trial => trial.IsLost ? "lost" : trial.State.ToString().ToLowerInvariant()).Select(group => $"{Figures.Count(group.Count())} {group.Key}"));
        var header = Markup.Of($"""
            <header class="top"><p class="brand">Roux study report</p>
            <h1>Tuning of {Words.Name(string.Join(" and ", view.Metrics))}</h1>
            <ul class="meta"><li>{Words.Name(view.Name)}</li><li>{counts}</li><li>{string.Join(", ", view.Metrics.Select((metric, i) => $"{(view.Metrics.Count > 1 ? metric + ": " : "")}{(view.Study.Directions[i] == Direction.Minimize ? "lower" : "higher")} is better"))}</li></ul></header>
            """);
        return HtmlPage.Of($"Tuning of {string.Join(" and ", view.Metrics)} – Roux report", header, sections, Markup.Of($"Everything in this file was computed from the run {view.RunId}; it loads nothing from elsewhere."), ReportEnvironment.Here().Version).ToString();
    }

    private static Markup Best(StudyView view)
    {
        if (view.Study.Directions.Count > 1)
        {
            var front = new HtmlTable("Trials that none beats in every goal", [new TableColumn("Trial"), .. view.Metrics.Select(metric => new TableColumn(metric, true)), new TableColumn("Settings")]) { Sortable = true };
            foreach (var trial in view.Study.ParetoFront.OrderBy(trial => trial.Values[0]).Take(MostTrials))
            {
                front.Add([new Cell(Markup.Text(trial.Number.ToString(CultureInfo.InvariantCulture)), trial.Number), .. trial.Values.Select(value => new Cell(Markup.Text(Figures.Value(value)), value)), Figures.Cut(string.Join(", ", trial.Configuration.Select(pair => $"{pair.Key}={Value(pair.Value)}")), 400)]);
            }

            return front.Finish();
        }

        if (view.Study.Best is not { } best)
        {
            return Markup.Of($"<p>No trial gave a value.</p>");
        }

        var table = new HtmlTable("Settings of the best trial", new TableColumn("Parameter"), new TableColumn("Value", true), new TableColumn("Importance", true, "share of all variance"), new TableColumn("For the best", true, "PED-ANOVA"));
        foreach (var parameter in view.Ranked.Where(parameter => best.Configuration.ContainsKey(parameter.Name)))
        {
            table.Add([parameter.Name, Value(best.Configuration[parameter.Name]), Share(view.Importance, parameter.Name), Share(view.ImportanceOfBest, parameter.Name)]);
        }

        var regret = view.Study.Regret() is { } bound ? $"With high probability the optimum is better than that by no more than {Figures.Value(bound)} (a bound by a model, not a promise)." : "";
        return Markup.Of($"""
            <p><strong>{view.Metric} {Figures.Value(best.Value)}</strong> in trial {best.Number}. {regret}</p>
            {view.Remarks.Select(remark => Markup.Of($"<p>{remark}</p>\n"))}
            {table.Finish()}
            """);
    }

    private static Markup Trials(StudyView view)
    {
        var shown = view.Trials.OrderByDescending(trial => trial.State == TrialState.Complete).ThenBy(trial => trial.Values.Count == 0 ? double.PositiveInfinity : view.Minimises ? trial.Values[0] : -trial.Values[0]).Take(MostTrials).ToArray();
        var table = new HtmlTable(shown.Length < view.Trials.Count ? $"The best {shown.Length} of {view.Trials.Count} trials" : "All trials", new TableColumn("Trial"), new TableColumn(view.Metric, true), new TableColumn("State"), new TableColumn("Seconds", true), new TableColumn("Settings")) { Sortable = true };
        foreach (var trial in shown)
        {
            var seconds = view.Times.TryGetValue(trial.Number, out var time) && time.End is { } end ? (end - time.Begin) / 1000.0 : double.NaN;
            table.Add([
                new Cell(Markup.Text(trial.Number.ToString(CultureInfo.InvariantCulture)), trial.Number),
                trial.Values.Count > 0 ? new Cell(Markup.Text(string.Join(", ", trial.Values.Select(Figures.Value))), trial.Values[0]) : "–",
                trial.Error is { } error ? $"{(trial.IsLost ? "lost" : "failed")}: {Figures.Cut(error, 120)}" : trial.State.ToString().ToLowerInvariant(),
                double.IsNaN(seconds) ? "–" : new Cell(Markup.Text(Figures.Value(seconds)), seconds),
                Figures.Cut(string.Join(", ", trial.Configuration.Select(pair => $"{pair.Key}={Value(pair.Value)}")), 400)]);
        }

        return table.Finish();
    }

    private static string Value(object value) => value is double number ? Figures.Value(number) : Configuration.Format(value);

    private static string Share(Dictionary<string, double> shares, string name) => shares.TryGetValue(name, out var share) ? Figures.Percent(share) : "–";
}
