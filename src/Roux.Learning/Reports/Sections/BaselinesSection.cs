using Roux.Learning.AutoML;
using Roux.Learning.Existing;

namespace Roux.Learning.Reports.Sections;

/// <summary>What was there before: the existing system beside the winner, and what each rule of the rule file does. Left out where neither was named.</summary>
internal static class BaselinesSection
{
    private const int MostRules = 60;
    private const int MostConflicts = 15;

    public static ReportSection Make(ReportContext context)
    {
        var (existing, rules) = (context.Result.Evidence.Existing, context.Result.Evidence.Rules);
        return new("baselines", "Baselines", "What was there before", Markup.Concat(
            existing is null ? Markup.Empty : Existing(context, existing),
            rules is null ? Markup.Empty : Rules(context, rules)));
    }

    private static Markup Existing(ReportContext context, ExistingEvidence existing)
    {
        var result = context.Result;
        var table = new HtmlTable("The winner beside the existing system on the final rows", new TableColumn("Measure"), new TableColumn(result.Winner.Name, true), new TableColumn("Existing system", true));
        foreach (var name in result.Test.Intervals.Keys.OrderByDescending(name => name == result.Metric.Name))
        {
            var (ours, theirs) = (result.Test.Intervals[name], existing.Final.Intervals.GetValueOrDefault(name));
            var format = new ScoreFormat([(ours.High - ours.Low) / 2], [ours.Estimate]);
            var title = Evaluation.Metrics.All.FirstOrDefault(metric => metric.Name == name)?.Title ?? name;
            table.Add([title, Range(format, ours), theirs is null ? "–" : Range(format, theirs)], name == result.Metric.Name ? "best" : "");
        }

        var gaps = existing.Missing + existing.Unknown == 0 ? ""
            : $" It had no answer for {Words.Many(existing.Missing, "row")} and an unknown label for {Words.Many(existing.Unknown, "row")}; they were scored as a stated default.";
        var labels = existing.LabelsOnly ? " It gives labels without probabilities, which count as certain: measures of probabilities are unfair to it." : "";
        var held = existing.CrossValidated is null ? " It answers the final rows only, so it is not on the leaderboard." : " On the leaderboard it is scored on the same held-out rows, fold by fold.";
        return Markup.Of($"""
            <h3>The existing system</h3>
            <p class="lead">{existing.Verdict}</p>
            <p>{existing.Description}.{held}{gaps}{labels}</p>
            {table.Finish()}
            {(existing.Latency is { } latency ? Latency(latency) : Markup.Empty)}
            """);
    }

    private static Markup Latency(ExistingLatency latency)
    {
        var table = new HtmlTable("How long it takes to answer", new TableColumn("What is timed"), new TableColumn("Times", true), new TableColumn("Median", true), new TableColumn("p95", true), new TableColumn("p99", true));
        foreach (var (name, figures) in new[] { ($"Requests of up to {Words.Many(latency.RowsPerRequest, "row")}", latency.Requests), ("A row's share of its request", latency.Rows), ("One row alone", latency.Single) })
        {
            if (figures is not null)
            {
                table.Add([name, Figures.Count(figures.Count), Figures.Seconds(figures.P50 / 1000), Figures.Seconds(figures.P95 / 1000), Figures.Seconds(figures.P99 / 1000)]);
            }
        }

        return Markup.Of($"{table.Finish()}<p class=\"note\">{Words.Many(latency.Concurrency, "request")} under way at once, {Words.Many(latency.Retries, "retry", "retries")}; waits between tries are not in these times.</p>\n");
    }

    private static Markup Rules(ReportContext context, RuleAudit audit)
    {
        var quality = audit.IsRegression ? "Mean absolute error" : "Right";
        var table = new HtmlTable(
            audit.Rules.Count > MostRules ? $"The first {MostRules} of {Figures.Count(audit.Rules.Count)} rules" : "The rules",
            new TableColumn("Rule"), new TableColumn("Answer"), new TableColumn("Matches", true), new TableColumn("Decides", true), new TableColumn("Share", true), new TableColumn(quality, true, audit.IsRegression ? null : "95% interval"), new TableColumn("Remark"))
        {
            HideCaption = true, Style = "full",
        };
        foreach (var rule in audit.Rules.Take(MostRules))
        {
            table.Add(
            [
                rule.Condition is { } condition ? Markup.Of($"{rule.Number}. <code>{Figures.Cut(condition, 300)}</code>") : Markup.Of($"{rule.Number}. else"),
                Words.Name(rule.Answer), Figures.Count(rule.Matches), Figures.Count(rule.Decides), Figures.Percent(audit.Rows == 0 ? double.NaN : (double)rule.Decides / audit.Rows),
                audit.IsRegression ? Figures.Value(rule.MeanAbsoluteError) : Precision(rule), Remark(rule),
            ]);
        }

        return Markup.Of($"""
            <h3>The rules</h3>
            <p class="lead">On {Words.Many(audit.Rows, "development row")}: {Words.Many(audit.Overlapping, "row is matched by two rules or more", "rows are matched by two rules or more")}, {Figures.Count(audit.Conflicting)} by rules that disagree. No condition holds for {Figures.Percent(audit.DefaultShare)}, which the last rule answers.</p>
            {table.Finish()}
            {(audit.IsRegression ? Markup.Empty : Conflicts(audit))}
            """);
    }

    private static Cell Precision(RuleFacts rule) => rule.Decides == 0 ? new Cell(Markup.Text("–"))
        : new Cell(Markup.Of($"{Figures.Percent(rule.Precision!.Estimate)}<small>{Figures.Percent(rule.Precision.Low)} to {Figures.Percent(rule.Precision.High)}</small>"));

    private static string Remark(RuleFacts rule) => rule.Condition is null ? ""
        : rule.Matches == 0 ? "never matches"
        : rule.ShadowedBy.Count > 0 ? $"decides nothing: shadowed by {string.Join(", ", rule.ShadowedBy.Take(8))}{(rule.ShadowedBy.Count > 8 ? ", …" : "")}"
        : "";

    private static Markup Conflicts(RuleAudit audit)
    {
        if (audit.Conflicts.Count == 0)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Rules that disagree", new TableColumn("Rules"), new TableColumn("Rows", true), new TableColumn("The earlier is right", true), new TableColumn("The later would be", true), new TableColumn("Remark"));
        foreach (var conflict in audit.Conflicts.Take(MostConflicts))
        {
            table.Add([$"{conflict.Earlier} before {conflict.Later}", Figures.Count(conflict.Rows), Figures.Count(conflict.EarlierCorrect), Figures.Count(conflict.LaterCorrect), conflict.LaterIsBetter ? "the later should come first" : ""]);
        }

        return Markup.Of($"<details><summary>{Words.Many(audit.Conflicts.Count, "pair")} of rules disagree</summary>{table.Finish()}</details>\n");
    }

    private static string Range(ScoreFormat format, Evaluation.Interval interval) =>
        double.IsNaN(interval.Low) ? format.Of(interval.Estimate) : $"{format.Of(interval.Estimate)} ({format.Of(interval.Low)} to {format.Of(interval.High)})";
}
