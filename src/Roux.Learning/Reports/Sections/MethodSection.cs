using Roux.Learning.AutoML;
using Roux.Learning.Learners;
using Roux.Learning.Reports.Charts;

namespace Roux.Learning.Reports.Sections;

/// <summary>How the figures came about: splits, budget, time; and what kind of model the winner is.</summary>
internal static class MethodSection
{
    public static ReportSection Make(ReportContext context) => new("method", "Method", "How it was done", Markup.Of($"""
        <ol>{Steps(context).Select(step => Markup.Of($"<li>{step}</li>"))}</ol>
        <div class="pair"><div>{Cards(context)}</div><div>{Phases(context)}</div></div>
        {Notes(context)}
        """));

    private static IEnumerable<string> Steps(ReportContext context)
    {
        var (result, options) = (context.Result, context.Result.Options);
        var rows = result.Rows;
        var unlabelled = rows.Total - rows.Labelled;
        var split = options.GroupColumn is { } group ? $", whole groups of “{Figures.Cut(group, Words.LongName)}” at a time"
            : options.TimeColumn is { } time ? $", the latest by “{Figures.Cut(time, Words.LongName)}”"
            : "";
        yield return options.TestPath is { } test
            ? $"{Words.Many(rows.Development, "row")} with an answer were used for development; the {Words.Many(rows.Test, "row")} of {Path.GetFileName(test)} were kept for the final score.{Missing(unlabelled)}"
            : $"Of {Words.Many(rows.Labelled, "row")} with an answer, {Figures.Count(rows.Test)} were set aside first for the final score{split}; {Figures.Count(rows.Development)} were left for development.{Missing(unlabelled)}";
        yield return $"Every candidate was scored on the same {Words.Many(rows.Folds, "split")} of {(rows.Searched < rows.Development ? $"a sample of {Figures.Count(rows.Searched)}" : $"these {Figures.Count(rows.Development)}")} rows into training and held-out parts{Kind(options)}. Everything that is learned, features included, was learned from the training part alone.";
        yield return $"Baselines came first, then every family with default settings, then the best two were tuned by Bayesian optimisation{(options.Ensemble ? ", then an ensemble of what had been found was tried" : "")}. {Words.Many(result.Candidates.Count, "candidate was", "candidates were")} scored within {(options.Trials is { } trials ? $"a budget of {Words.Many(trials, "trial")}" : $"a budget of {Figures.Seconds(options.TimeBudget.TotalSeconds)}")}; it took {Figures.Seconds(result.Seconds)}.";
        yield return $"{result.Winner.Name}, {(options.PreferSimple ? "the simplest that is not significantly worse than the best" : "the best by cross-validation")}, was fitted again on all development rows and scored once on the final rows. Nothing was chosen by that score.";
        yield return $"All randomness comes from the seed {options.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)}. Intervals of cross-validated figures: {result.CrossValidated.Method}; of the final figure: {context.Final.Method}.";
    }

    private static string Missing(int unlabelled) => unlabelled <= 0 ? "" : $" {Words.Many(unlabelled, "row")} without an answer {(unlabelled == 1 ? "was" : "were")} left out.";

    private static string Kind(DevelopOptions options) => options.GroupColumn is not null ? " that keep groups together"
        : options.TimeColumn is not null ? " that train on the past and test on the future" : "";

    private static Markup Phases(ReportContext context)
    {
        var phases = context.Result.Phases;
        if (phases.Count == 0)
        {
            return Markup.Empty;
        }

        var most = Math.Max(phases.Max(phase => phase.Seconds), 1e-9);
        var table = new HtmlTable("Time per phase", new TableColumn("Phase"), new TableColumn("Time", true), new TableColumn("Share") { Style = "bar" }) { Style = "full bars", HideCaption = true };
        foreach (var (phase, seconds) in phases)
        {
            table.Add([phase, Figures.Seconds(seconds), Bar.Draw(seconds / most)]);
        }

        return Markup.Of($"<h3>Where the time went</h3>{table.Finish()}");
    }

    private static Markup Cards(ReportContext context)
    {
        var winner = context.Result.Winner;
        var cards = winner.Members.Count == 0
            ? new[] { ReportContext.Card(winner) }.OfType<LearnerCard>()
            : winner.Members.Select(member => context.Result.Candidates.FirstOrDefault(candidate => candidate.Name == member.Name)).OfType<CandidateResult>().Select(ReportContext.Card).OfType<LearnerCard>();
        return Markup.Concat(cards.DistinctBy(card => card.Name).Select(Write));
    }

    private static Markup Write(LearnerCard card) => Markup.Of($"""
        <h3>About {card.Name}</h3>
        <p>Family: {card.Family}. {(card.Interpretability switch
        {
            Interpretability.Readable => "The whole model can be read.",
            Interpretability.Additive => "The part of each feature can be read off the model.",
            _ => "It can be understood only from outside, by importance and examples.",
        })}</p>
        {List("It assumes that", card.Assumptions)}{List("Strengths", card.Strengths)}{List("Weaknesses", card.Weaknesses)}
        """);

    private static Markup List(string title, IReadOnlyList<string> items) => items.Count == 0 ? Markup.Empty
        : Markup.Of($"<h4>{title}</h4><ul>{items.Select(item => Markup.Of($"<li>{item}</li>"))}</ul>\n");

    private static Markup Notes(ReportContext context)
    {
        var notes = context.Result.Notes;
        return notes.Count == 0 ? Markup.Empty : Markup.Of($"""
            <h3>Remarks</h3>
            <ul>{notes.Take(50).Select(note => Markup.Of($"<li>{Figures.Cut(note, 500)}</li>"))}{(notes.Count > 50 ? Markup.Of($"<li>and {Figures.Count(notes.Count - 50)} more</li>") : Markup.Empty)}</ul>

            """);
    }
}
