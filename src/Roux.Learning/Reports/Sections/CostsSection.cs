using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>What the candidates cost to use and to make, which are worth it, and what the limits decided.</summary>
internal static class CostsSection
{
    public static ReportSection Make(ReportContext context) => new("costs", "Costs", "What it costs", context.Result.Evidence.Costs is { } costs
        ? Markup.Of($"""
            {Lead(context, costs)}
            {Limits(context, costs)}
            {InUse(context, costs)}
            <div class="plots">{Front(context, costs.LatencyFront, "Quality and latency", "median time of a row, µs")}{Front(context, costs.SizeFront, "Quality and size", "bytes of the stored model")}{Front(context, costs.FitFront, "Quality and cost of a fit", "processor seconds of a fold")}</div>
            {Dominated(costs)}
            {ToMake(context, costs)}
            {How(costs)}
            """)
        : Markup.Empty);

    private static Markup Lead(ReportContext context, DevelopCosts costs)
    {
        var buys = CostWords.Buys(costs, context.Metric);
        var weighed = context.Alternative is { } other && context.Result.Winner.Name != other.Result.Name ? VerdictSection.Sentence(context, other) : "";
        return buys is null && weighed.Length == 0 ? Markup.Empty : Markup.Of($"<p class=\"lead\">{buys ?? ""} {weighed}</p>\n");
    }

    private static Markup Limits(ReportContext context, DevelopCosts costs)
    {
        if (!costs.Limits.Any)
        {
            return Markup.Empty;
        }

        var missed = costs.Candidates.Concat(costs.Rejected).DistinctBy(candidate => candidate.Name).Where(candidate => candidate.Misses.Count > 0).ToArray();
        var table = new HtmlTable("Candidates that miss a limit", new TableColumn("Candidate"), new TableColumn(context.Metric.Title, true), new TableColumn("Misses"), new TableColumn("Judged by"));
        foreach (var candidate in missed)
        {
            table.Add(
            [
                candidate.Name, context.Score.Of(candidate.Quality), string.Join("; ", candidate.Misses.Select(miss => CostWords.Miss(miss, costs.Rates))),
                candidate.FileBytes is null ? "its folds" : "a fit on all rows",
            ]);
        }

        var said = CostWords.Limited(costs, context.Metric) ?? $"The limits ({CostWords.Limits(costs)}) changed nothing: {costs.Winner}, the best, keeps to them.";
        return Markup.Of($"<h3>Limits</h3><p>{said}</p>{(missed.Length == 0 ? Markup.Empty : table.Finish())}\n");
    }

    private static Markup InUse(ReportContext context, DevelopCosts costs)
    {
        var measured = costs.Candidates.Where(candidate => candidate.Measured is not null).ToArray();
        if (measured.Length == 0)
        {
            return Markup.Of($"<p>No candidate was measured in use, for want of time. Measure the model with: roux cost MODEL DATA.</p>\n");
        }

        var money = costs.Rates is not null;
        var columns = new List<TableColumn>
        {
            new("Candidate"), new(context.Metric.Title, true), new("Single row", true, "median"), new("95%", true, "within"), new("99%", true, "within"), new("In batches", true, "rows a second"),
            new("Memory", true, "of its process"), new("File", true), new("First answer", true, "after its start"),
        };
        if (money)
        {
            columns.Add(new("Serving", true, "a month"));
        }

        var table = new HtmlTable("To use it", columns) { Cards = true, Sortable = true };
        foreach (var candidate in measured)
        {
            var use = candidate.Measured!;
            var cells = new List<Cell>
            {
                Name(candidate, costs), new(Markup.Text(context.Score.Of(candidate.Quality)), candidate.Quality),
                Time(use.P50Microseconds), Time(use.P95Microseconds), Time(use.P99Microseconds), new(Markup.Text(Figures.Count((long)use.RowsPerSecond)), use.RowsPerSecond),
                Figure(use.OwnProcess ? use.ResidentBytes : null, Figures.Bytes),
                new(Markup.Text(Figures.Bytes(candidate.FileBytes ?? candidate.ModelBytes)), candidate.FileBytes),
                Figure(use.ColdStartSeconds, Figures.Seconds),
            };
            if (money)
            {
                cells.Add(Figure(candidate.ServingCost, cost => CostWords.Money(cost, costs.Rates)));
            }

            table.Add(cells, candidate.Name == costs.Winner ? "best" : "");
        }

        return table.Finish();
    }

    private static Markup ToMake(ReportContext context, DevelopCosts costs)
    {
        var money = costs.Rates is not null;
        var curves = costs.Candidates.Any(candidate => candidate.RowsFor95Percent is not null);
        var columns = new List<TableColumn>
        {
            new("Candidate"), new(context.Metric.Title, true), new("Fit", true, "on all rows"), new("Processor time", true), new("Peak memory", true, "of this process"), new("Energy", true), new("Learned numbers", true),
            new("Settings tuned", true, "of trials"), new("Interpretable"),
        };
        if (curves)
        {
            columns.Add(new("Rows needed", true, "for 95% of its quality"));
        }

        if (money)
        {
            columns.Add(new("Training", true));
        }

        var table = new HtmlTable("To make it", columns) { Cards = true, Sortable = true };
        foreach (var candidate in costs.Candidates)
        {
            var (fit, about) = (candidate.Fit, candidate.Fit is { Measured: false } ? "about " : "");
            var cells = new List<Cell>
            {
                Name(candidate, costs), new(Markup.Text(context.Score.Of(candidate.Quality)), candidate.Quality),
                Figure(fit?.Seconds, seconds => about + Figures.Seconds(seconds)),
                Figure(fit?.CpuSeconds, seconds => about + Figures.Seconds(seconds)),
                Figure(fit is { PeakBytes: > 0 } ? fit.PeakBytes : null, peak => Figures.Bytes(peak) + (fit!.AddedBytes is { } added ? $" (+{Figures.Bytes(added)})" : "")),
                Figure(fit?.Energy?.WattHours, energy => about + Wh(energy)),
                candidate.LinesOfCode is { } lines ? new(Markup.Text(Words.Many(lines, "line") + " of rules"), lines) : new(Markup.Text(Figures.Count(candidate.Parameters)), candidate.Parameters),
                new(Markup.Text(candidate.SettingsTuned == 0 ? "none" : $"{candidate.SettingsTuned.ToString(CultureInfo.InvariantCulture)} of {candidate.Trials.ToString(CultureInfo.InvariantCulture)}"), candidate.SettingsTuned),
                Words.Understanding(candidate.Interpretability),
            };
            if (curves)
            {
                cells.Add(Figure(candidate.RowsFor95Percent, rows => Figures.Count((long)rows)));
            }

            if (money)
            {
                cells.Add(Figure(candidate.TrainingCost, cost => about + CostWords.Money(cost, costs.Rates)));
            }

            table.Add(cells, candidate.Name == costs.Winner ? "best" : "");
        }

        return table.Finish();
    }

    private static Markup Front(ReportContext context, IReadOnlyList<ParetoPoint> points, string title, string cost)
    {
        var shown = points.Where(point => double.IsFinite(point.Cost) && double.IsFinite(point.Quality)).OrderBy(point => point.Cost).ToArray();
        if (shown.Length < 2)
        {
            return Markup.Empty;
        }

        // Baselines and failures far below would press all others into a line: the axis ends below the lowest of the front and the better half.
        var front = shown.Where(point => point.OnFront).ToArray();
        var sign = context.Metric.HigherIsBetter ? 1 : -1;
        var ranked = shown.Select(point => sign * point.Quality).OrderDescending().ToArray();
        var lowest = ranked[0] - 4 * Math.Max(ranked[0] - ranked[ranked.Length / 2], 1e-12);
        var inside = shown.Where(point => sign * point.Quality >= lowest).ToArray();
        var frame = new PlotFrame(
            title, $"Worth a look: {string.Join(", ", front.Select(point => $"{point.Name} {context.Score.Of(point.Quality)} at {Figures.Value(point.Cost)}"))}.",
            cost, context.Metric.Title, inside.Select(point => point.Cost), inside.Select(point => point.Quality), air: 0.1, ratios: true);
        var steps = front.Where(inside.Contains).ToArray();
        frame.Line("line0", [.. steps.SelectMany((point, i) => i == 0 ? [point.Cost] : new[] { point.Cost, point.Cost })], [.. steps.SelectMany((point, i) => i == 0 ? [point.Quality] : new[] { steps[i - 1].Quality, point.Quality })]);
        foreach (var point in inside)
        {
            frame.Add(Markup.Of($"<circle class=\"{(point.OnFront ? "dot1" : "dot2")}\" cx=\"{frame.X.At(point.Cost)}\" cy=\"{frame.Y.At(point.Quality)}\" r=\"4\"/>"));
        }

        for (var i = 0; i < steps.Length; i++)
        {
            var (x, y) = (frame.X.At(steps[i].Cost), frame.Y.At(steps[i].Quality));
            var right = x > (frame.X.From + frame.X.To) / 2;
            frame.Add(Markup.Of($"<text class=\"tick\" x=\"{(right ? x - 7 : x + 7)}\" y=\"{(right ? y - 7 : y + 13)}\" text-anchor=\"{(right ? "end" : "start")}\">{Figures.Cut(steps[i].Name, 24)}</text>"));
        }

        frame.Explain("dot1", "nothing else is as good and as cheap");
        frame.Explain("dot2", "something else is");
        return frame.Finish(inside.Length < shown.Length ? $"{Words.Many(shown.Length - inside.Length, "candidate")} far below left out." : "");
    }

    private static Markup Dominated(DevelopCosts costs)
    {
        var lines = new (string What, IReadOnlyList<ParetoPoint> Points)[] { ("latency", costs.LatencyFront), ("size", costs.SizeFront), ("cost of a fit", costs.FitFront) }
            .Select(front => (front.What, Dominated: front.Points.Where(point => point.DominatedBy is not null).ToArray()))
            .Where(front => front.Dominated.Length > 0)
            .Select(front => Markup.Of($"<li>{front.What}: {string.Join(", ", front.Dominated.Select(point => $"{point.Name} (by {point.DominatedBy})"))}</li>"))
            .ToArray();
        return lines.Length == 0 ? Markup.Empty : Markup.Of($"<details><summary>Candidates that another beats in both quality and cost</summary><ul>{lines}</ul></details>\n");
    }

    private static Markup How(DevelopCosts costs)
    {
        var own = costs.Candidates.Any(candidate => candidate.Measured is { OwnProcess: true });
        var restless = costs.Candidates.Where(candidate => candidate.Measured is { Settled: false }).Select(candidate => candidate.Name).ToArray();
        return Markup.Of($"""
            <p class="note">In use: from a table row to its prediction, warm, one row at a time on one thread, {(own ? "in a process that did nothing else" : "within the process of the search")}; garbage collections are within the times, waiting behind other requests is not.
            {(restless.Length == 0 ? "" : $"The times of {string.Join(", ", restless)} had not settled when timing began. ")}Fits: “about” is what the folds lead to expect for all rows; the others were made. Processor time and peak memory are those of the whole process, which holds the data too; in brackets what the fit added.
            Energy: {(costs.Candidates.Any(candidate => candidate.Fit?.Energy?.Source == "rapl") ? "read from the processor's counter where a fit was made, else " : "")}processor time at {costs.WattsPerCore.ToString("0.#", CultureInfo.InvariantCulture)} W for a busy core.</p>

            """);
    }

    private static Cell Name(CandidateCosts candidate, DevelopCosts costs) => Markup.Of(
        $"{candidate.Name}{(candidate.Name == costs.Winner ? Markup.Of($"<span class=\"tag win\">winner</span>") : candidate.Name == costs.Simplest ? Markup.Of($"<span class=\"tag simple\">simplest as good</span>") : Markup.Empty)}");

    private static Cell Figure(double? value, Func<double, string> write) => value is { } number && double.IsFinite(number) ? new Cell(Markup.Text(write(number)), number) : "–";

    private static Cell Time(double microseconds) => new(Markup.Text(CostWords.Time(microseconds / 1e6)), microseconds);

    private static string Wh(double wattHours) => wattHours >= 0.1 ? Figures.Value(Math.Round(wattHours, 2)) + " Wh" : Figures.Value(Math.Round(wattHours * 1000, 2)) + " mWh";
}
