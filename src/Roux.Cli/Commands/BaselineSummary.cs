using System.Globalization;
using Roux.Cli.Printing;
using Roux.Learning.AutoML;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;

namespace Roux.Cli.Commands;

/// <summary>A comparison of baselines for a person at a terminal.</summary>
internal static class BaselineSummary
{
    private const int MostConflicts = 5;

    public static void Write(BaselineResult result, string? path)
    {
        var page = new Page();
        page.Heading($"{result.Metric.Title}, {(result.Metric.HigherIsBetter ? "higher" : "lower")} is better");
        var table = page.Table().Column("baseline").Column($"{result.Rows.Folds} folds", right: true).Column("95% interval", right: true)
            .Column($"{result.Rows.Test:N0} final rows", right: true).Column("95% interval", right: true);
        foreach (var score in result.Scores)
        {
            table.Row(score.Result.Name, DevelopSummary.Figure(score.CrossValidated.Estimate), Range(score.CrossValidated), DevelopSummary.Figure(score.Final.Estimate), Range(score.Final));
        }

        page.Write(table);
        foreach (var (name, reason) in result.Skipped)
        {
            page.Paragraph($"{name} was not scored: {reason}");
        }

        if (result.ExistingDescription is { } existing)
        {
            WriteExisting(page, result, existing);
        }

        if (result.Rules is { } audit)
        {
            page.Heading($"Your rules, on {audit.Rows:N0} rows");
            WriteRules(page, audit, null);
            WriteOverlap(page, audit);
        }

        if (result.Suggestion is { } suggestion)
        {
            page.Heading(suggestion.Rules.Count == 1 ? "No rule was found that chance does not explain" : $"Suggested rules, learned on {suggestion.Learned.Rows:N0} rows");
            WriteRules(page, suggestion.Learned, suggestion.HeldOut);
            page.Line(path is null ? "Write them to a file with --out rules.json; then: --rules rules.json" : $"Written to {path}; use them with --rules {path}");
        }

        foreach (var finding in result.Findings)
        {
            page.Paragraph($"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Message}");
        }

        page.Line().Line($"Run {result.RunId}, {result.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
    }

    private static void WriteExisting(Page page, BaselineResult result, string existing)
    {
        page.Line().Paragraph($"Existing system: {existing}");
        if (result.ExistingLatency is { } latency)
        {
            page.Line(string.Create(CultureInfo.InvariantCulture, $"Latency   {latency.Requests.Count} {(latency.RowsPerRequest == 1 ? "requests of a row" : $"requests of up to {latency.RowsPerRequest} rows")}: {latency.Requests.P50:0.##} ms (p95 {latency.Requests.P95:0.##}, p99 {latency.Requests.P99:0.##})"));
            page.Line(string.Create(CultureInfo.InvariantCulture, $"          per row {latency.Rows.P50:0.###} ms (p95 {latency.Rows.P95:0.###}, p99 {latency.Rows.P99:0.###}){(latency.Single is { } single ? $"; one row alone {single.P50:0.###} ms (p95 {single.P95:0.###}, p99 {single.P99:0.###})" : "")}"));
        }
    }

    /// <summary>Each rule with what it does; beside the rows that it was learned from, those that it was not.</summary>
    private static void WriteRules(Page page, RuleAudit audit, RuleAudit? heldOut)
    {
        for (var i = 0; i < audit.Rules.Count; i++)
        {
            var rule = audit.Rules[i];
            page.Paragraph(rule.Condition is { } condition ? $"{rule.Number}  if {condition}, then {rule.Answer}" : $"{rule.Number}  else {rule.Answer}");
            var share = audit.Rows == 0 ? 0 : 100.0 * rule.Decides / audit.Rows;
            var text = string.Create(CultureInfo.InvariantCulture, $"{rule.Decides} rows ({share:0.#}%){Quality(rule, audit)}");
            if (rule.Condition is not null && rule.Matches > rule.Decides)
            {
                text += rule.Decides == 0 ? $"; all {rule.Matches} that it matches are taken by rule {string.Join(", ", rule.ShadowedBy)}" : $"; {rule.Matches - rule.Decides} more taken by earlier rules";
            }

            if (heldOut is not null)
            {
                text += $"; held out: {heldOut.Rules[i].Decides} rows{Quality(heldOut.Rules[i], heldOut)}";
            }

            page.Paragraph(text, indent: 3);
        }
    }

    private static string Quality(RuleFacts rule, RuleAudit audit) => rule.Decides == 0 ? ""
        : audit.IsRegression ? $", mean {DevelopSummary.Figure(rule.MeanOfRows)}, mean error {DevelopSummary.Figure(rule.MeanAbsoluteError)}"
        : string.Create(CultureInfo.InvariantCulture, $", right in {100 * rule.Precision!.Estimate:0}% (at least {100 * rule.Precision.Low:0}%)");

    private static void WriteOverlap(Page page, RuleAudit audit)
    {
        page.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{audit.Overlapping} rows are matched by two rules or more, {audit.Conflicting} by rules that disagree; the else answers {100 * audit.DefaultShare:0}%."));
        if (audit.IsRegression)
        {
            return;
        }

        foreach (var conflict in audit.Conflicts.Take(MostConflicts))
        {
            page.Paragraph($"rules {conflict.Earlier} and {conflict.Later} disagree on {conflict.Rows} rows: {conflict.Earlier} is right on {conflict.EarlierCorrect}, {conflict.Later} would be on {conflict.LaterCorrect}", indent: 3);
        }
    }

    private static string Range(Interval interval) => double.IsNaN(interval.Low) ? "" : $"{DevelopSummary.Figure(interval.Low)} {DevelopSummary.Figure(interval.High)}";
}
