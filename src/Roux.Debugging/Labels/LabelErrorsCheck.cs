using Roux.Debugging.Checks;
using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;
using Roux.Learning.Learners;
using Roux.Tracking;

namespace Roux.Debugging.Labels;

/// <summary>
/// Wrong answers. Hard questions have answers that models miss, too; what gives wrong labels away is that models are contradicted even where they are surest
/// and rows are plain. So the rate of contradiction among the surest rows decides on severity, not the number of rows missed.
/// </summary>
public sealed class LabelErrorsCheck : Check<TableSubject>
{
    private static readonly Threshold Floor = new("floor", 0.02, "lower end of the 95% interval of the share of contradicted rows among the surest fifth, from which on the severity is medium", "Careful labels are wrong in 1% to 3% of rows (Northcutt, Athalye and Mueller 2021)");

    private static readonly Threshold Level = new("level", 0.5, "that lower end over the share among the next two fifths: misses of hard questions die out towards sure rows, wrong labels do not", "Labels flipped at random give nearly 1, honest labels of a calibrated model far less");

    private static readonly Threshold Skill = new("skill", 0.3, "share of the zero rule's errors that the models take away, below which nothing is said", "Models that know little cannot judge labels");

    private const int MostRows = 10_000, MostTexts = 3_000, Shown = 20;

    /// <inheritdoc/>
    public override string Name => "label-errors";

    /// <inheritdoc/>
    public override string Definition => "Models of several families that did not see a row agree on another answer than the given one (confident learning: Northcutt, Jiang and Chuang 2021), even among the rows they are surest of.";

    /// <inheritdoc/>
    public override IReadOnlyList<Threshold> Thresholds => [Floor, Level, Skill];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Run(TableSubject subject, CheckContext context)
    {
        if (subject.Target is not { Count: >= 100 } target || target.Task == TaskKind.Multilabel || !subject.Features.Any())
        {
            yield break;
        }

        var chosen = TableSubject.Sample(target.Count, subject.Features.Any(column => column.Role == ColumnRole.Text) ? MostTexts : MostRows, context.Seed);
        var y = target.Take(chosen);
        var rows = Array.ConvertAll(chosen, i => subject.Labelled[i]);
        LabelIssues issues;
        try
        {
            issues = LabelAudit.Of(subject.Train.Take(rows), [.. subject.Features], y, context);
        }
        catch (Exception e) when (e is LearnerException or DataException)
        {
            yield break;
        }

        subject.LabelReview = new LabelReview(issues, rows);
        if ((subject.HasClasses ? OfClasses(subject, issues, rows, context) : OfNumbers(subject, issues, rows, context)) is { } finding)
        {
            yield return finding;
        }
    }

    private Finding? OfClasses(TableSubject subject, LabelIssues issues, int[] rows, CheckContext context)
    {
        var y = issues.Target;
        var sure = Certainty.Of(y, issues.Outputs);
        var skill = 1 - (double)sure.Missed.Sum() / Math.Max(1, y.Count - Checks.Data.ClassCounts.Of(y).Max());
        if (issues.Count == 0 || skill < context.Value(Name, Skill))
        {
            return null;
        }

        var share = (double)sure.Surest.Missed / sure.Surest.Rows;
        var (low, _) = Proportion.Wilson(sure.Surest.Missed, sure.Surest.Rows);
        var level = low / Math.Max(1e-9, sure.Next);
        if (low < context.Value(Name, Floor) || level < context.Value(Name, Level))
        {
            return null; // Missed rows, but no more than a hard question brings.
        }

        var matrix = issues.Joint!.NoiseMatrix();
        var pairs = new List<(string Pair, double Rate)>();
        for (var real = 0; real < y.Classes.Length; real++)
        {
            for (var given = 0; given < y.Classes.Length; given++)
            {
                if (real != given && matrix[real, given] > 0)
                {
                    pairs.Add(($"'{y.Classes[real]}' given as '{y.Classes[given]}'", matrix[real, given]));
                }
            }
        }

        var evidence = Figures.Of([("contradicted_among_surest", share), ("contradicted_among_next", sure.Next), ("held_to_be_wrong", issues.Count), ("rows", y.Count), ("estimated_noise", issues.Joint.NoiseRate), .. pairs.OrderByDescending(pair => pair.Rate).Take(10)])
            .WithList("rows_first", Listed(issues, rows)).WithList("models", issues.Models)
            .WithBars("Contradicted rows, the surest tenth first", "share", sure.Shares.Select((tenth, i) => ($"tenth {i + 1}", tenth)));
        return Tell(subject, issues, evidence, Severity.Medium,
            $"About {Wording.Percent(share)} of the answers seem wrong: so many of the rows that models are surest of are given as something else ({Wording.List([.. pairs.OrderByDescending(pair => pair.Rate).Take(2).Select(pair => pair.Pair)])})");
    }

    private Finding? OfNumbers(TableSubject subject, LabelIssues issues, int[] rows, CheckContext context)
    {
        // Residuals with long tails are as good an explanation of a few; a real share of them is not.
        var (low, _) = Proportion.Wilson(issues.Count, issues.Target.Count);
        var y = issues.Target.Values;
        var mean = y.Average();
        var skill = 1 - issues.Ranked.Skip(issues.Count).Sum(i => Math.Pow(y[i] - issues.Suggested[i], 2)) / Math.Max(1e-300, issues.Ranked.Skip(issues.Count).Sum(i => Math.Pow(y[i] - mean, 2)));
        if (low < context.Value(Name, Floor) / 2 || skill < context.Value(Name, Skill))
        {
            return null;
        }

        var evidence = Figures.Of(("held_to_be_wrong", issues.Count), ("rows", y.Length), ("skill", skill)).WithList("rows_first", Listed(issues, rows)).WithList("models", issues.Models)
            .WithPoints("Given and predicted answers", "predicted", "given", issues.Suggested, y);
        return Tell(subject, issues, evidence, Severity.Medium, $"{Wording.Count(issues.Count, "answer")} ({Wording.Percent((double)issues.Count / y.Length)}) lie 8 deviations or more from what models predict without seeing them");
    }

    private Finding Tell(TableSubject subject, LabelIssues issues, System.Text.Json.Nodes.JsonObject evidence, Severity severity, string message) => new(Name, severity, message)
    {
        Columns = [subject.TargetName!],
        Evidence = evidence,
        Cause = "Answers were typed in wrong, guessed, shifted by a row, or taken from another source.",
        Fix = $"Look at the rows first on the list and correct them, or leave out those held to be wrong ({issues.Count:N0} of {issues.Target.Count:N0} looked at).",
        Verify = "Score again on a test set whose answers were checked by hand.",
    };

    private static IEnumerable<string> Listed(LabelIssues issues, int[] rows) => issues.Ranked.Take(Math.Min(Shown, issues.Count))
        .Select(i => $"row {rows[i] + 1}: {issues.Answer(i)}, rather {issues.Suggestion(i)}");
}
