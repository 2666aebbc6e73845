using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Learning.Reports.Sections;

/// <summary>How good the winner is on the final rows: every metric, and the plots of the task.</summary>
internal static class QualitySection
{
    public static ReportSection Make(ReportContext context)
    {
        var result = context.Result;
        var plots = result.TestTarget.Count == 0 ? Markup.Empty : result.Task switch
        {
            TaskKind.Regression => RegressionPlots.Make(context),
            TaskKind.Multilabel => ClassTables.PerClass(context),
            TaskKind.Binary => Markup.Of($"<div class=\"pair\"><div>{ClassTables.Confusion(context)}</div><div>{ClassTables.PerClass(context)}</div></div>{BinaryPlots.Make(context)}"),
            _ when result.Classes.Count <= 6 => Markup.Of($"<div class=\"pair\"><div>{ClassTables.Confusion(context)}</div><div>{ClassTables.Mistakes(context)}{BinaryPlots.Calibration(context)}</div></div>{ClassTables.PerClass(context)}"),
            _ => Markup.Of($"{ClassTables.Confusion(context)}<div class=\"pair\"><div>{ClassTables.Mistakes(context)}</div><div>{BinaryPlots.Calibration(context)}</div></div>{ClassTables.PerClass(context)}"),
        };
        return new("quality", "Quality", "How good it is", Markup.Of($"""
            <p class="lead">{result.Winner.Name} on the {Words.Many(result.Test.Rows, "final row")}, which it has not learned from.</p>
            {plots}
            {AllMetrics(context)}
            """));
    }

    private static Markup AllMetrics(ReportContext context)
    {
        var test = context.Result.Test;
        var table = new HtmlTable("Every metric on the final rows", new TableColumn("Metric"), new TableColumn("Value", true), new TableColumn("95% interval", true), new TableColumn("Better"), new TableColumn("Meaning")) { HideCaption = true };
        foreach (var (name, value) in test.Metrics.OrderByDescending(metric => metric.Key == test.Headline).ThenByDescending(metric => test.Intervals.ContainsKey(metric.Key)))
        {
            var metric = context.Metric.Name == name ? context.Metric : Evaluation.Metrics.All.FirstOrDefault(known => known.Name == name);
            var interval = test.Intervals.GetValueOrDefault(name);
            var format = new ScoreFormat(interval is null ? [] : [(interval.High - interval.Low) / 2], [value]);
            table.Add(
            [
                metric?.Title ?? name, format.Of(value),
                interval is null || double.IsNaN(interval.Low) ? "" : $"{format.Of(interval.Low)} to {format.Of(interval.High)}",
                metric is null ? "" : metric.HigherIsBetter ? "higher" : "lower",
                Markup.Of($"<small>{GlossarySection.Meaning(name) ?? ""}</small>"),
            ], name == test.Headline ? "best" : "");
        }

        return table.RowCount == 0 ? Markup.Empty : Markup.Of($"<details><summary>All {Words.Many(table.RowCount, "metric")} on the final rows</summary>{table.Finish()}</details>\n");
    }
}
