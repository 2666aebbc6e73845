using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Learners;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>The best result of every learner; every trial; how tuning went; what was not tried.</summary>
internal static class LeaderboardSection
{
    private const int MaxTrials = 150;
    private const int MaxSkipped = 60;

    public static ReportSection Make(ReportContext context)
    {
        var result = context.Result;
        return new("leaderboard", "Leaderboard", "Leaderboard", Markup.Of($"""
            <p class="lead">The best result of every learner, by {result.Metric.Title} over the same {Words.Many(result.Rows.Folds, "fold")}. Whiskers are 95% intervals; the dashed line marks the best mean. A p-value below 0.05 says that a candidate is worse than the best by more than chance explains.</p>
            {Board(context)}
            {AssumptionDetails.Make(context)}
            {Members(context)}
            {Trials(context)}
            <div class="pair">{History(context)}{Skipped(context)}</div>
            """));
    }

    private static Markup Board(ReportContext context)
    {
        var (result, score) = (context.Result, context.Score);
        var learned = result.Leaderboard.Where(row => !ReportContext.IsBaseline(row.Result)).ToArray();
        var models = learned.Length > 0 ? learned : result.Leaderboard;
        var best = result.Leaderboard.Count > 0 ? result.Leaderboard[0].Result.Mean : double.NaN;
        var marks = IntervalMark.Over([.. models.Select(row => (row.Interval.Low, row.Result.Mean, row.Interval.High))], result.Metric.HigherIsBetter, best);
        var assumptions = result.Evidence.Assumptions;
        TableColumn[] last = assumptions is null ? [] : [new TableColumn("Assumptions")];
        var table = new HtmlTable("Leaderboard",
        [
            new TableColumn("Candidate"), new TableColumn(context.Metric.Title, true, "mean ± std"),
            new TableColumn("95% interval", Hint: $"{score.Of(marks.Low)} to {score.Of(marks.High)}"),
            new TableColumn("p vs best", true), new TableColumn("Fit", true, "a fold") { Label = "Fit, a fold" }, new TableColumn("Predict", true, "µs a row") { Label = "Predict, µs a row" },
            new TableColumn("Size", true), new TableColumn("Interpretable"), .. last,
        ])
        {
            Cards = true, Sortable = true, HideCaption = true,
        };
        foreach (var row in result.Leaderboard)
        {
            var candidate = row.Result;
            var (isBaseline, isWinner) = (ReportContext.IsBaseline(candidate), candidate.Name == result.Winner.Name);
            var style = isWinner ? "best" : isBaseline ? "base" : "plain";
            table.Add(
            [
                Name(context, candidate, isBaseline, isWinner),
                new Cell(Markup.Of($"<b>{score.Of(candidate.Mean)}</b> ± {score.Of(candidate.StandardDeviation)}"), candidate.Mean),
                new Cell(marks.Draw(row.Interval.Low, candidate.Mean, row.Interval.High, style, $"{score.Of(candidate.Mean)}, 95% interval {context.Range(row.Interval)}"), candidate.Mean, "mid"),
                new Cell(Markup.Text(Figures.PValue(row.PValueAgainstBest)), row.PValueAgainstBest, double.IsNaN(row.PValueAgainstBest) ? "none" : ""),
                new Cell(Markup.Text(Figures.Seconds(candidate.FitSeconds)), candidate.FitSeconds),
                new Cell(Markup.Text(Figures.Microseconds(candidate.PredictMicrosecondsPerRow)), candidate.PredictMicrosecondsPerRow),
                new Cell(Markup.Text(Figures.Bytes(candidate.SizeBytes)), candidate.SizeBytes),
                Words.Understanding(candidate.Family == "rules" ? Interpretability.Readable : ReportContext.Card(candidate)?.Interpretability),
                .. last.Select(_ => (Cell)AssumptionDetails.Mark(assumptions!, candidate.LearnerName)),
            ], isWinner ? "best" : isBaseline ? "base" : "");
        }

        return table.Finish();
    }

    private static Cell Name(ReportContext context, CandidateResult candidate, bool isBaseline, bool isWinner)
    {
        var tags = Markup.Concat(
            isWinner ? Markup.Of($"<span class=\"tag win\">winner</span>") : Markup.Empty,
            !isWinner && candidate.Name == context.Result.Comparison.Recommended ? Markup.Of($"<span class=\"tag simple\">simplest as good</span>") : Markup.Empty,
            isBaseline ? Markup.Of($"<span class=\"tag basic\">baseline</span>") : Markup.Empty);
        return Markup.Of($"{candidate.Name}{tags}<small>{(isBaseline ? candidate.Family : candidate.Members.Count > 0 ? "" : candidate.Family + ", ")}{(isBaseline ? "" : Figures.Cut(Settings(candidate), 90))}</small>");
    }

    private static string Settings(CandidateResult candidate) => candidate.Members.Count > 0 ? $"average of {Words.Many(candidate.Members.Count, "member")}"
        : candidate.Candidate?.Configuration is { Count: > 0 } configuration ? Short(configuration) : "default settings";

    /// <summary>Settings with numbers to three digits: to be read, not to be repeated.</summary>
    private static string Short(Tuning.Configuration configuration) => string.Join(", ", configuration.Select(pair =>
        $"{pair.Key}={(pair.Value is double number ? number.ToString("G3", CultureInfo.InvariantCulture) : Tuning.Configuration.Format(pair.Value))}"));

    private static Markup Members(ReportContext context)
    {
        var ensemble = context.Result.Leaderboard.Select(row => row.Result).FirstOrDefault(result => result.Members.Count > 0);
        if (ensemble is null)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Members of the ensemble and their weights", new TableColumn("Member"), new TableColumn("Weight", true));
        foreach (var (name, weight) in ensemble.Members)
        {
            table.Add([name, Figures.Percent(weight)]);
        }

        return Markup.Of($"<details><summary>What {ensemble.Name} is made of</summary>{table.Finish()}</details>\n");
    }

    private static Markup Trials(ReportContext context)
    {
        var result = context.Result;
        var shown = result.Candidates.Take(MaxTrials).ToArray();
        if (shown.Length <= result.Leaderboard.Count)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable(
            shown.Length < result.Candidates.Count ? $"The best {shown.Length} of {Figures.Count(result.Candidates.Count)} candidates" : "Every candidate that was scored",
            new TableColumn("Candidate"), new TableColumn(context.Metric.Title, true, "mean ± std"), new TableColumn("Folds", true), new TableColumn("Fit", true, "a fold"), new TableColumn("Settings"))
        {
            Sortable = true, Style = "full",
        };
        foreach (var candidate in shown)
        {
            table.Add(
            [
                candidate.Name,
                new Cell(Markup.Text($"{context.Score.Of(candidate.Mean)} ± {context.Score.Of(candidate.StandardDeviation)}"), candidate.Mean),
                new Cell(Markup.Text($"{candidate.Scores.Length} of {candidate.Folds}"), candidate.Scores.Length),
                new Cell(Markup.Text(Figures.Seconds(candidate.FitSeconds)), candidate.FitSeconds),
                Markup.Of($"<small>{(candidate.Stopped is { } reason ? Figures.Cut(reason, 160) + "; " : "")}{Figures.Cut(Settings(candidate), 200)}</small>"),
            ], candidate.Name == result.Winner.Name ? "best" : "");
        }

        return Markup.Of($"<details class=\"long\"><summary>All {Words.Many(result.Candidates.Count, "scored candidate")}, tuned ones included</summary>{table.Finish()}</details>\n");
    }

    /// <summary>Score by trial for the learners that were tuned, with the best so far.</summary>
    private static Markup History(ReportContext context)
    {
        var tuned = context.Result.Candidates.Where(candidate => candidate.IsComplete && double.IsFinite(candidate.Mean) && !ReportContext.IsBaseline(candidate) && candidate.Members.Count == 0)
            .GroupBy(candidate => candidate.LearnerName)
            .Where(group => group.Count() >= 4)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(3).Select(group => (Learner: group.Key, Trials: group.OrderBy(Number).ToArray())).ToArray();
        if (tuned.Length == 0)
        {
            return Markup.Empty;
        }

        // A few hopeless trials would press all others into a line: the axis ends where an outlier begins.
        var all = tuned.SelectMany(learner => learner.Trials.Select(trial => trial.Mean)).Order().ToArray();
        var (quarter, three) = (all[all.Length / 4], all[all.Length * 3 / 4]);
        var reach = 3 * Math.Max(three - quarter, 1e-12);
        var scores = all.Where(score => context.Metric.HigherIsBetter ? score >= quarter - reach : score <= three + reach).ToArray();
        var last = tuned.Max(learner => learner.Trials.Max(Number));
        var frame = new PlotFrame(
            "How tuning went", $"Best scores: {string.Join(", ", tuned.Select(learner => $"{learner.Learner} {context.Score.Of(Best(context, learner.Trials.Select(trial => trial.Mean)))} after {learner.Trials.Length} trials"))}.",
            "trial (0 = default settings)", context.Metric.Title, [0, last], scores);
        for (var i = 0; i < tuned.Length; i++)
        {
            var (style, trials) = ($"line{i + 1}", tuned[i].Trials);
            frame.Line(style, [.. trials.SelectMany(trial => new double[] { Number(trial), Number(trial) }).Skip(1), last], [.. Staircase(context, trials)]);
            foreach (var trial in trials.Where(trial => frame.Y.Holds(trial.Mean)))
            {
                frame.Add(Markup.Of($"<circle class=\"point{i + 1}\" cx=\"{frame.X.At(Number(trial))}\" cy=\"{frame.Y.At(trial.Mean)}\" r=\"2.6\"/>"));
            }

            frame.Explain(style, $"{tuned[i].Learner}: best so far");
        }

        return Markup.Of($"<div>{frame.Finish("Each dot is a trial, each line the best so far of one learner. A line that is still moving at the end asks for a larger budget.")}</div>\n");
    }

    private static int Number(CandidateResult candidate)
    {
        var mark = candidate.Name.LastIndexOf('#');
        return mark >= 0 && int.TryParse(candidate.Name.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static IEnumerable<double> Staircase(ReportContext context, CandidateResult[] trials)
    {
        var best = double.NaN;
        foreach (var trial in trials)
        {
            if (!double.IsNaN(best))
            {
                yield return best;
            }

            best = double.IsNaN(best) || context.Gain(trial.Mean, best) > 0 ? trial.Mean : best;
            yield return best;
        }

        yield return best;
    }

    private static double Best(ReportContext context, IEnumerable<double> scores) => context.Metric.HigherIsBetter ? scores.Max() : scores.Min();

    private static Markup Skipped(ReportContext context)
    {
        var skipped = context.Result.Skipped.Distinct().ToArray();
        if (skipped.Length == 0)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Why", new TableColumn("Learner or trial"), new TableColumn("Reason")) { HideCaption = true };
        foreach (var (name, reason) in skipped.Take(MaxSkipped))
        {
            table.Add([name, Figures.Cut(reason, 300)]);
        }

        var more = skipped.Length > MaxSkipped ? Markup.Of($"<p class=\"note\">and {Words.Many(skipped.Length - MaxSkipped, "other")}</p>") : Markup.Empty;
        return Markup.Of($"<div><h3>Not tried, or not finished</h3>{table.Finish()}{more}</div>\n");
    }
}
