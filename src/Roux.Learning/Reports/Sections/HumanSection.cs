using System.Globalization;
using Roux.Learning.AutoML;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>How well people do the task, and the models beside them.</summary>
internal static class HumanSection
{
    private const int MostAnnotators = 20;
    private const int MostItems = 10;

    public static ReportSection Make(ReportContext context) => new("human", "Human level", "How well people do it",
        context.Result.Evidence.Human is { } level ? Markup.Of($"<p class=\"lead\">{Lead(context, level)}</p>\n{Scores(context, level)}<p class=\"note\">{Method(level)}</p>\n{Agreement(level)}{Annotators(level)}{Disagreements(level)}") : Markup.Empty);

    private static string Lead(ReportContext context, HumanLevel level)
    {
        var (human, title) = (level.Human.Score, level.Human.Metric.Title);
        var winner = level.Candidates.FirstOrDefault(candidate => candidate.Name == context.Result.Winner.Name);
        var format = Format(level);
        var people = $"On {Words.Many(level.Rows, "annotated row")} people reach {format.Of(human.Estimate)} {title}{(double.IsNaN(human.Low) ? "" : $" (95% interval {format.Of(human.Low)} to {format.Of(human.High)})")}.";
        if (winner is null || double.IsNaN(winner.SameRows.Estimate))
        {
            return people;
        }

        var relation = human.Contains(winner.SameRows.Estimate) ? "is within the range of people"
            : level.Human.Metric.IsBetter(winner.SameRows.Estimate, human.Estimate) ? "is better than people" : "is not yet as good as people";
        return $"{people} {winner.Name}, at {format.Of(winner.SameRows.Estimate)} on the same rows, {relation}.";
    }

    private static string Method(HumanLevel level) =>
        $"People were scored {(level.TargetIsConsensus ? "each against the consensus of the others, because the target is what they together say" : $"against {level.Human.Reference}")}; the interval is over {Words.Many(level.Human.Annotators.Count, "annotator")} and would hold another one of the same kind. Models were scored on annotated rows that they had not learned from.";

    private static ScoreFormat Format(HumanLevel level) => new(
        level.Candidates.Select(candidate => (candidate.SameRows.High - candidate.SameRows.Low) / 2).Append((level.Human.Score.High - level.Human.Score.Low) / 2),
        level.Candidates.Select(candidate => candidate.SameRows.Estimate).Append(level.Human.Score.Estimate));

    private static Markup Scores(ReportContext context, HumanLevel level)
    {
        var format = Format(level);
        var rows = level.Candidates.Where(candidate => !double.IsNaN(candidate.SameRows.Estimate)).Take(10).ToArray();
        var marks = IntervalMark.Over([.. rows.Select(row => row.SameRows).Append(level.Human.Score).Select(interval => (interval.Low, interval.Estimate, interval.High))], level.Human.Metric.HigherIsBetter, level.Human.Score.Estimate);
        var table = new HtmlTable("People and models on the same rows", new TableColumn("Who"), new TableColumn(level.Human.Metric.Title, true), new TableColumn("95% interval", Hint: "line at people") { Style = "mid" }, new TableColumn(context.Metric.Title, true, "cross-validated")) { Style = "full bars", HideCaption = true };
        table.Add(["people", format.Of(level.Human.Score.Estimate), Mark(marks, level.Human.Score, format), ""], "best");
        foreach (var row in rows)
        {
            table.Add([row.Name, format.Of(row.SameRows.Estimate), Mark(marks, row.SameRows, format), context.Score.Of(row.Headline.Estimate)]);
        }

        return table.Finish();
    }

    private static Cell Mark(IntervalMark marks, Interval interval, ScoreFormat format) => double.IsNaN(interval.Low) ? Markup.Empty
        : new Cell(marks.Draw(interval.Low, interval.Estimate, interval.High, "best", $"{format.Of(interval.Estimate)}, 95% interval {format.Of(interval.Low)} to {format.Of(interval.High)}"), interval.Estimate);

    private static Markup Agreement(HumanLevel level)
    {
        var (study, figures) = (level.Study, level.Study.Agreement);
        var alpha = figures.Alpha[0];
        var range = double.IsNaN(alpha.Alpha.Low) ? "" : $" ({Text(alpha.Alpha.Low)} to {Text(alpha.Alpha.High)})";
        var equal = double.IsNaN(figures.Percent) ? "" : $" Two labels of one row are equal in {Figures.Percent(figures.Percent)} of cases.";
        var ties = study.Vote.Ties == 0 ? "" : $" The vote is tied on {Words.Many(study.Vote.Ties, "row")}.";
        return Markup.Of($"<h3>How far people agree</h3>\n<p>Krippendorff's alpha is {Text(alpha.Alpha.Estimate)}{range}, where 1 is full agreement and 0 is chance; 0.8 is asked for firm conclusions, 0.667 for tentative ones.{equal}{ties}</p>\n");
    }

    private static Markup Annotators(HumanLevel level)
    {
        var numeric = level.Study.Set.IsNumeric;
        var table = new HtmlTable("Annotators", new TableColumn("Annotator"), new TableColumn("Rows", true), new TableColumn(level.Human.Metric.Title, true),
            new TableColumn(numeric ? "Mean difference" : "Agrees", true, "with the others"), new TableColumn(numeric ? "Bias" : "Accuracy", true, numeric ? "mean" : "estimated")) { Sortable = true };
        for (var i = 0; i < Math.Min(MostAnnotators, level.Study.Annotators.Count); i++)
        {
            var annotator = level.Study.Annotators[i];
            var score = level.Human.Annotators[i].Score;
            table.Add([Words.Name(annotator.Name), new Cell(Markup.Text(Figures.Count(annotator.Items)), annotator.Items), Number(score), Number(annotator.Agreement), Number(numeric ? annotator.Bias : annotator.Accuracy)]);
        }

        return table.Finish();
    }

    private static Markup Disagreements(HumanLevel level)
    {
        var (study, set) = (level.Study, level.Study.Set);
        if (study.Disagreements.Count == 0)
        {
            return Markup.Empty;
        }

        var table = new HtmlTable("Rows most disagreed on", new TableColumn("Row"), new TableColumn("Labels"), new TableColumn("Consensus"), new TableColumn(set.IsNumeric ? "Deviation" : "Probability", true)) { HideCaption = true };
        foreach (var item in study.Disagreements.Take(MostItems))
        {
            var labels = Markup.Join(", ", Enumerable.Range(0, set.Annotators.Count).Where(annotator => !double.IsNaN(set[item.Item, annotator])).Take(12)
                .Select(annotator => Markup.Of($"{Words.Name(set.Annotators[annotator])}: {Words.Name(set.Text(set[item.Item, annotator]))}")));
            table.Add([Words.Name(item.Name), labels, Words.Name(item.Consensus), Number(item.Confidence)]);
        }

        return Markup.Of($"<details><summary>Rows most disagreed on</summary>{table.Finish()}</details>\n");
    }

    /// <summary>Three digits after the point, so that a column of shares lines up.</summary>
    private static string Text(double value) => double.IsFinite(value) && Math.Abs(value) < 100 ? Figures.Sign(value.ToString("0.000", CultureInfo.InvariantCulture)) : Figures.Value(value);

    private static Cell Number(double value) => new(Markup.Text(Text(value)), value);
}
