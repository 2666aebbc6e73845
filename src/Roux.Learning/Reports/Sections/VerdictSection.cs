using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>What came out, in plain words and four figures; then what the winner's complexity buys.</summary>
internal static class VerdictSection
{
    /// <summary>Fewer final rows than this make a figure that a reader should be warned of.</summary>
    private const int FewRows = 100;

    public static ReportSection Make(ReportContext context) => new("verdict", "Verdict", "Verdict", Markup.Of($"""
        {Notices(context)}
        <div class="verdict"><h2 id="verdict-title">Verdict</h2>
        <p class="say">{context.Result.Verdict}</p>
        <dl class="facts">{Winner(context)}{CrossValidated(context)}{FinalTest(context)}{BestBaseline(context)}</dl>
        {Strip(context)}</div>
        {TradeOff(context)}
        """), OwnTitle: true);

    private static IEnumerable<Markup> Notices(ReportContext context)
    {
        var result = context.Result;
        if (result.Interrupted)
        {
            yield return Notice("Stopped early.", $"The search was asked to stop after {Words.Many(result.Candidates.Count, "candidate")}; what follows holds for what was done by then. Repeat the command with --resume to go on.");
        }

        if (ReportContext.IsBaseline(result.Winner))
        {
            yield return Notice("No model was learned.", "The winner is a baseline: it does not make use of the columns the way a learned model would.");
        }

        if (result.Evidence.Costs is { WithinLimits: false })
        {
            yield return Notice("Not registered.", "No candidate keeps to the limits that were given; the nearest is shown. Its model is stored with the run.");
        }
        else if (result.ModelVersion is null)
        {
            yield return Notice("Not registered.", "The model is stored with the run, but it is not in the registry; the remarks under “How it was done” say why.");
        }

        if (result.Test.Rows < FewRows)
        {
            yield return Notice("Few final rows.", $"The final score rests on {Words.Many(result.Test.Rows, "row")} only: read its interval rather than its value.");
        }
    }

    private static Markup Notice(string title, string text) => Markup.Of($"<p class=\"notice\" role=\"note\"><b>{title}</b> {text}</p>\n");

    private static Markup Winner(ReportContext context)
    {
        var winner = context.Result.Winner;
        var settings = winner.Members.Count > 0
            ? $"a weighted average of {Words.Many(winner.Members.Count, "model")}"
            : winner.Candidate?.Configuration.Count > 0 ? winner.Candidate.Configuration.ToString() : "with its default settings";
        var registered = context.Result.ModelVersion is { } version ? Markup.Of($"<br/>registered as {version.Name} version {version.Version}") : Markup.Empty;
        return Fact("Winner", "name", winner.Name, Markup.Of($"{(winner.Members.Count > 0 ? "" : winner.Family + ", ")}{Figures.Cut(settings, 160)}{registered}"));
    }

    private static Markup CrossValidated(ReportContext context)
    {
        var (result, interval) = (context.Result, context.Result.CrossValidated);
        var rows = result.Rows;
        return Fact($"Cross-validated {result.Metric.Title}", "", context.Score.Of(interval.Estimate), Markup.Of($"""
            {Range(context, interval)}mean of {Words.Many(rows.Folds, "fold")} over {Words.Many(rows.Searched, "row")}
            """));
    }

    private static Markup FinalTest(ReportContext context) => Fact($"Final {context.Metric.Title}", "", context.Score.Of(context.Final.Estimate), Markup.Of($"""
        {Range(context, context.Final)}{Words.Many(context.Result.Test.Rows, "row")} that no step had seen<br/>{Optimism(context)}
        """));

    /// <summary>The final score beside the promised one: worse beyond chance when the intervals do not even touch.</summary>
    private static string Optimism(ReportContext context)
    {
        var (promised, final) = (context.Result.CrossValidated, context.Final);
        var gain = context.Gain(final.Estimate, promised.Estimate);
        if (double.IsNaN(gain))
        {
            return "";
        }

        var difference = context.Score.Difference(final.Estimate - promised.Estimate);
        var (below, above) = (final.High < promised.Low, final.Low > promised.High);
        return (context.Metric.HigherIsBetter ? below : above) ? $"{difference} against cross-validation, more than chance explains: trust this figure"
            : (below || above) ? $"{difference} against cross-validation, better than chance explains: the final rows are easier, or tell too much"
            : gain < 0 ? $"{difference} against cross-validation, within what chance explains"
            : $"{difference} against cross-validation: no sign of optimism";
    }

    private static Markup BestBaseline(ReportContext context)
    {
        if (context.Baseline is not { } baseline)
        {
            return Fact("Best baseline", "name", "none", Markup.Of($"no baseline was scored"));
        }

        var winner = context.Result.Winner;
        var gain = baseline.Result.Name == winner.Name ? "it is the winner"
            : $"{winner.Name} {(context.Gain(winner.Mean, baseline.Result.Mean) > 0 ? "is better by" : "differs by")} {context.Score.Of(Math.Abs(winner.Mean - baseline.Result.Mean))}";
        return Fact("Best baseline", "", context.Score.Of(baseline.Result.Mean), Markup.Of($"{baseline.Result.Name}, cross-validated<br/>{gain}"));
    }

    private static Markup Range(ReportContext context, Interval interval) => double.IsNaN(interval.Low)
        ? Markup.Empty : Markup.Of($"95% interval <span class=\"range\">{context.Range(interval)}</span><br/>");

    private static Markup Fact(string name, string style, string figure, Markup words) =>
        Markup.Of($"<div><dt>{name}</dt><dd><span class=\"big {style}\">{figure}</span>{words}</dd></div>\n");

    private static Markup Strip(ReportContext context)
    {
        var (result, score) = (context.Result, context.Score);
        var lane = new Lane();
        lane.Add($"{result.Winner.Name}, final rows", "test", context.Final.Low, context.Final.Estimate, context.Final.High, score.Of(context.Final.Estimate));
        var promised = result.CrossValidated;
        lane.Add($"{result.Winner.Name}, cross-validated", "best", promised.Low, promised.Estimate, promised.High, score.Of(promised.Estimate));
        if (context.Alternative is { } other)
        {
            lane.Add(other.Result.Name, "plain", other.Interval.Low, other.Result.Mean, other.Interval.High, score.Of(other.Result.Mean));
        }

        if (context.Baseline is { } baseline && baseline.Result.Name != result.Winner.Name && baseline != context.Alternative)
        {
            lane.Add($"{baseline.Result.Name} (baseline)", "base", baseline.Interval.Low, baseline.Result.Mean, baseline.Interval.High, score.Of(baseline.Result.Mean));
        }

        return lane.Finish($"{result.Metric.Title} with 95% intervals on one scale");
    }

    private static Markup TradeOff(ReportContext context)
    {
        // Where costs were measured, a section of their own says this and more.
        if (context.Alternative is not { } other || context.Result.Evidence.Costs is not null)
        {
            return Markup.Empty;
        }

        var (winner, simple) = (context.Result.Winner, other.Result);
        var complexer = winner.Complexity >= simple.Complexity;
        var table = new HtmlTable($"{winner.Name} beside {simple.Name}", new TableColumn("Measure"), new TableColumn(winner.Name, true), new TableColumn(simple.Name, true), new TableColumn("Ratio", true))
        {
            HideCaption = true,
        };
        table.Add([$"Cross-validated {context.Metric.Title}", context.Score.Of(winner.Mean), context.Score.Of(simple.Mean), context.Score.Difference(winner.Mean - simple.Mean)]);
        table.Add(["Time to fit, a fold", Figures.Seconds(winner.FitSeconds), Figures.Seconds(simple.FitSeconds), Ratio(winner.FitSeconds, simple.FitSeconds)]);
        table.Add(["Time to predict a row", Figures.Microseconds(winner.PredictMicrosecondsPerRow) + " µs", Figures.Microseconds(simple.PredictMicrosecondsPerRow) + " µs", Ratio(winner.PredictMicrosecondsPerRow, simple.PredictMicrosecondsPerRow)]);
        table.Add(["Size of the stored model", Figures.Bytes(winner.SizeBytes), Figures.Bytes(simple.SizeBytes), Ratio(winner.SizeBytes, simple.SizeBytes)]);
        table.Add(["Interpretability", Words.Understanding(ReportContext.Card(winner)?.Interpretability), Words.Understanding(ReportContext.Card(simple)?.Interpretability), ""]);
        return Markup.Of($"""
            <h3>{(complexer ? "What the extra complexity buys" : "What the simpler model gives up")}</h3>
            <p>{Sentence(context, other)}</p>
            {table.Finish()}
            """);
    }

    internal static string Sentence(ReportContext context, LeaderboardRow other)
    {
        var (winner, simple) = (context.Result.Winner, other.Result);
        var compared = context.Result.Comparison.Candidates.FirstOrDefault(candidate => candidate.Name == simple.Name);
        var gain = context.Gain(winner.Mean, simple.Mean);
        var p = compared is null || double.IsNaN(compared.AdjustedPValue) ? "" : $" (p {(compared.AdjustedPValue < 0.001 ? "" : "= ")}{Figures.PValue(compared.AdjustedPValue)})";
        var delta = context.Score.Of(Math.Abs(gain));
        if (winner.Complexity < simple.Complexity)
        {
            return $"{winner.Name} was preferred because it is simpler than {simple.Name}, the best, which scores {delta} better.";
        }

        return compared?.AsGood == true
            ? $"{simple.Name} is simpler and as good by the one-standard-error rule: it scores {delta} worse{p}, which chance alone may explain. Prefer it unless that difference pays for what it costs."
            : $"{simple.Name} is the closest simpler candidate. It scores {delta} worse{p}{(compared?.AdjustedPValue < 0.05 ? ", more than chance explains" : ", more than one standard error")}.";
    }

    private static string Ratio(double a, double b) => a > 0 && b > 0 ? Figures.Times(a / b) : "–";
}
