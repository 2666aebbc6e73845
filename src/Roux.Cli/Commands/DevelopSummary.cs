using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation.Assumptions;
using Roux.Tracking;
using Spectre.Console;

namespace Roux.Cli.Commands;

/// <summary>What a development found out, for a person at a terminal: leaderboard, verdict, findings, what next.</summary>
internal static class DevelopSummary
{
    public static void Write(DevelopResult result, string store)
    {
        var console = Terminal.Out;
        console.WriteLine();
        console.Write(Board(result));
        console.WriteLine();
        console.MarkupLine($"[bold]Verdict[/]  {Terminal.Safe(result.Verdict)}");
        WriteDecision(console, result.Evidence);
        WriteAssumptions(console, result);
        if (result.Evidence.LearningCurve is { } future)
        {
            console.MarkupLine($"[bold]Future[/]   {Terminal.Safe(future.Sentences[0])}");
        }

        WriteFindings(console, result);
        console.WriteLine();
        if (result.Interrupted)
        {
            console.MarkupLine("[yellow]Stopped early, as asked: the figures above come from what was done by then.[/] Repeat the command with --resume to go on.");
        }

        if (CostsLine.Of(result.Evidence.Costs) is { } costs)
        {
            console.WriteLine(costs);
        }

        if (result.ModelVersion is { } version)
        {
            console.MarkupLine($"Model     [bold]{Terminal.Safe(version.Name)}/{version.Version}[/]");
        }

        console.MarkupLine($"Report    {Terminal.Safe(Short(result.ReportPath))}");
        console.MarkupLine($"Run       {result.RunId}");
        var where = store == ".roux" ? "" : $" --store {store}";
        console.MarkupLine(Terminal.Safe($"Next      roux show {result.RunId[..8]}{where} · roux predict {result.ModelVersion?.Name ?? "MODEL"} DATA --out FILE.csv{where}"));
    }

    private static Spectre.Console.Table Board(DevelopResult result)
    {
        var table = new Spectre.Console.Table().Border(TableBorder.Simple).Title($"{result.Metric.Name} on {result.Rows.Folds} folds, {(result.Metric.HigherIsBetter ? "higher" : "lower")} is better");
        table.AddColumn(new TableColumn("candidate").NoWrap());
        var wide = Terminal.Out.Profile.Width >= 96;
        foreach (var heading in wide ? ["mean", "95% interval", "p vs best", "fit", "µs/row", "size"] : new[] { "mean", "95% interval", "p vs best", "fit", "µs/row" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        }

        foreach (var row in result.Leaderboard)
        {
            var name = Terminal.Safe(row.Result.Name);
            var isWinner = row.Result.Name == result.Winner.Name;
            string[] cells =
            [
                isWinner ? $"[bold]{name}[/] *" : row.Result.Family is "baseline" or "rules" or "existing" ? $"[dim]{name}[/]" : name,
                Figure(row.Result.Mean),
                double.IsNaN(row.Interval.Low) ? "" : $"{Figure(row.Interval.Low)} {Figure(row.Interval.High)}",
                double.IsNaN(row.PValueAgainstBest) ? "" : row.PValueAgainstBest < 0.001 ? "<0.001" : row.PValueAgainstBest.ToString("0.000", CultureInfo.InvariantCulture),
                Seconds(row.Result.FitSeconds),
                row.Result.PredictMicrosecondsPerRow.ToString("0.0", CultureInfo.InvariantCulture),
                Size(row.Result.SizeBytes),
            ];
            table.AddRow(wide ? cells : cells[..^1]);
        }

        return table;
    }

    private static void WriteDecision(IAnsiConsole console, Evidence evidence)
    {
        if (evidence.Calibration is { Method: not Learning.Evaluation.Calibration.CalibrationMethod.None, Before: { } before, After: { } after } calibration)
        {
            console.MarkupLine(Terminal.Safe($"Calibrated ({calibration.Method.ToString().ToLowerInvariant()}): on the final rows calibration error {Figure(before.CalibrationError)} → {Figure(after.CalibrationError)}, log loss {Figure(before.LogLoss)} → {Figure(after.LogLoss)}"));
        }

        if (evidence.Decision is { Rule: { } rule, Measure: { } measure } decision)
        {
            var how = rule.Thresholds.Length == 1 ? $"'{decision.Event}' from {Figure(rule.Thresholds[0])} on" : rule.Costs.Length > 0 ? "by cost" : "a threshold per label";
            console.MarkupLine(Terminal.Safe($"Decision ({rule.Reason}): {how}; on the final rows {measure} {Figure(decision.Final.Usual)} → {Figure(decision.Final.Chosen)}"));
        }
    }

    /// <summary>What the winner, and the model recommended instead, take for granted in vain.</summary>
    private static void WriteAssumptions(IAnsiConsole console, DevelopResult result)
    {
        var names = result.Leaderboard.Where(row => row.Result.Name == result.Winner.Name || row.Result.Name == result.Comparison.Recommended).Select(row => row.Result.LearnerName).ToHashSet();
        var violated = result.Evidence.Assumptions?.Checks.Where(check => check.Status == AssumptionStatus.Violated && check.Learners.Any(names.Contains)).ToList() ?? [];
        if (violated.Count > 0)
        {
            console.MarkupLine($"[bold]Does not hold[/]  {Terminal.Safe(string.Join("; ", violated.Take(3).Select(check => $"{check.Assumption} ({string.Join(", ", check.Learners.Where(names.Contains))})")))} [dim](assumptions: more in the report)[/]");
        }
    }

    private static void WriteFindings(IAnsiConsole console, DevelopResult result)
    {
        var shown = result.Findings.Where(finding => finding.Severity >= Severity.Low).Take(6).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        console.WriteLine();
        console.MarkupLine("[bold]Findings[/]");
        foreach (var finding in shown)
        {
            var colour = finding.Severity switch { Severity.High => "red", Severity.Medium => "yellow", _ => "grey" };
            console.MarkupLine($"  [{colour}]{finding.Severity.ToString().ToLowerInvariant(),-6}[/] {Terminal.Safe(finding.Message)}");
        }

        if (result.Findings.Count > shown.Count)
        {
            console.MarkupLine($"  [dim]{result.Findings.Count - shown.Count} more in the report[/]");
        }
    }

    internal static string Figure(double value) => Math.Abs(value) switch
    {
        >= 10_000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    internal static string Size(long bytes) => bytes switch
    {
        0 => "",
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.#} GB"),
    };

    private static string Seconds(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");

    private static string Short(string? path)
    {
        if (path is null)
        {
            return "";
        }

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Length < path.Length ? relative : path;
    }
}
