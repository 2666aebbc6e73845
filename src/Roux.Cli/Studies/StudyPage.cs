using System.Globalization;
using Roux.Cli.Printing;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What came of a study, for people.</summary>
internal static class StudyPage
{
    private const int MostShown = 30;

    /// <summary>Prints it.</summary>
    public static void Write(StudyOutcome outcome)
    {
        var (page, study, trials) = (new Page(), outcome.Study, outcome.Study.Trials);
        page.Line(EndOf(outcome));
        if (outcome.Front.Count == 0)
        {
            page.Line(trials.Any(trial => trial.State == TrialState.Complete) ? "Every trial breaks a limit." : $"No trial gave a value. The last one: {(trials.Count > 0 ? trials[^1].Error : null) ?? "none"}");
        }
        else if (outcome.Best is not { } best)
        {
            Front(page, outcome);
        }
        else
        {
            page.Line();
            page.Line(string.Create(CultureInfo.InvariantCulture, $"Best      {outcome.Metric} {best.Value:G6} in trial {best.Number}"));
            foreach (var (_, value, meaning) in outcome.Figures.Where(figure => figure.Meaning.Length > 0))
            {
                page.Line(string.Create(CultureInfo.InvariantCulture, $"          {value:G6} {meaning}"));
            }

            if (outcome.Champion is { } champion)
            {
                page.Line(string.Create(CultureInfo.InvariantCulture, $"Champion  {champion.Value:G6} ({champion.Name}): {(outcome.IsImprovement ? $"beaten by {outcome.Gain:G4}" : "not beaten")}"));
            }

            Table(page, study, best);
            PopulationRecord.Write(page, study);
        }

        foreach (var finding in outcome.Findings.Where(finding => finding.Severity >= Severity.Low))
        {
            page.Hanging($"{finding.Severity.ToString().ToLowerInvariant(),-8}  ", $"{finding.Message}. {finding.Fix}");
        }

        page.Line();
        page.Line($"Run       {outcome.RunId}");
        page.Line($"Next      roux tune show {outcome.RunId[..8]} · roux runs --all --experiment {outcome.Experiment}");
    }

    /// <summary>Why it ended, with counts.</summary>
    public static string EndOf(StudyOutcome outcome)
    {
        var counts = string.Join(", ", outcome.Study.Trials.GroupBy(trial => trial.IsLost ? "lost" : trial.State.ToString().ToLowerInvariant()).Select(group => $"{group.Count()} {group.Key}"));
        return outcome.End switch
        {
            RunEnd.Target => $"The target is reached ({counts}).",
            RunEnd.Patience => $"No improvement for a while ({counts}).",
            RunEnd.Regret => $"There is little left to win ({counts}).",
            RunEnd.Timeout => $"The time is up ({counts}).",
            RunEnd.Cancelled => $"Stopped, as asked ({counts}); --resume goes on.",
            _ => $"All trials are done ({counts}).",
        };
    }

    private static void Table(Page page, Study study, Trial best)
    {
        var variance = study.Importance().ToDictionary(pair => pair.Parameter, pair => pair.Importance);
        var among = study.Importance(0, ImportanceMethod.Best).ToDictionary(pair => pair.Parameter, pair => pair.Importance);
        var table = page.Table().Column("parameter", least: 12).Column("value", right: true, least: 12).Column("importance", right: true).Column("for the best", right: true);
        foreach (var (name, value) in best.Configuration.OrderByDescending(pair => variance.GetValueOrDefault(pair.Key)))
        {
            table.Row([name, value is double number ? number.ToString("G6", CultureInfo.InvariantCulture) : Configuration.Format(value), Share(variance, name), Share(among, name)]);
        }

        page.Write(table);
    }

    private static void Front(Page page, StudyOutcome outcome)
    {
        page.Line();
        page.Line($"{outcome.Front.Count} {(outcome.Front.Count == 1 ? "trial" : "trials")} that no other beats in {outcome.Metrics}:");
        var table = page.Table().Column("trial", right: true);
        foreach (var goal in outcome.Goals)
        {
            table.Column(goal.Metric, right: true);
        }

        table.Column("settings", least: 20);
        foreach (var trial in outcome.Front.OrderBy(trial => trial.Values[0]).Take(MostShown))
        {
            table.Row([trial.Number.ToString(CultureInfo.InvariantCulture), .. trial.Values.Select(value => value.ToString("G5", CultureInfo.InvariantCulture)), trial.Configuration.ToString()]);
        }

        page.Write(table);
        var importance = page.Table().Column("importance for", least: 12);
        foreach (var goal in outcome.Goals)
        {
            importance.Column(goal.Metric, right: true);
        }

        var shares = outcome.Goals.Select((_, i) => outcome.Study.Importance(i).ToDictionary(pair => pair.Parameter, pair => pair.Importance)).ToArray();
        if (shares.All(of => of.Count > 0))
        {
            page.Line();
            foreach (var name in shares[0].Keys)
            {
                importance.Row([name, .. shares.Select(of => Share(of, name))]);
            }

            page.Write(importance);
        }
    }

    private static string Share(Dictionary<string, double> shares, string name) => shares.TryGetValue(name, out var share) ? share.ToString("0%", CultureInfo.InvariantCulture) : "";
}
