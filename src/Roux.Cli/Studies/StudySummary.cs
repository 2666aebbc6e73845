using System.Globalization;
using System.Text;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What came of a study as Markdown, for the page of a pipeline.</summary>
internal static class StudySummary
{
    private const int MostTrials = 10;

    /// <summary>The variable by which GitHub Actions names the file of a job's summary.</summary>
    public const string GithubVariable = "GITHUB_STEP_SUMMARY";

    /// <summary>Writes it; nothing from programs or settings is taken for Markdown or HTML.</summary>
    public static string Of(StudyOutcome outcome)
    {
        var (study, text) = (outcome.Study, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"## Tuning of {Safe(outcome.Metrics)}\n\n{Safe(StudyPage.EndOf(outcome))}\n\n");
        if (outcome.Goals.Count > 1 && outcome.Front.Count > 0)
        {
            return Front(outcome, text);
        }

        if (outcome.Best is not { } best)
        {
            return text.Append(CultureInfo.InvariantCulture, $"**No trial gave a value.** The last one: {Safe((study.Trials is [.., var last] ? last.Error : null) ?? "none")}\n").ToString();
        }

        if (outcome.Champion is { } champion)
        {
            text.Append(CultureInfo.InvariantCulture, $"**{(outcome.IsImprovement ? "Better than the champion" : "The champion is not beaten")}**: {outcome.Honest ?? best.Value:G6} against {champion.Value:G6} ({Safe(champion.Name)}), ");
            text.Append(CultureInfo.InvariantCulture, $"a gain of {outcome.Gain:G4}{(outcome.LeastGain > 0 ? $" where {outcome.LeastGain:G4} is wanted" : "")}.\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Best: **{Safe(outcome.Metric)} {best.Value:G6}** in trial {best.Number} of run `{outcome.RunId}`.\n");
        foreach (var remark in outcome.Remarks)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Safe(remark)}\n");
        }

        var importance = study.Importance().ToDictionary(pair => pair.Parameter, pair => pair.Importance);
        text.Append("\n| parameter | best | importance |\n|---|---:|---:|\n");
        foreach (var (name, value) in best.Configuration.OrderByDescending(pair => importance.GetValueOrDefault(pair.Key)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Safe(name)} | {Safe(Value(value))} | {(importance.TryGetValue(name, out var share) ? share.ToString("0%", CultureInfo.InvariantCulture) : "")} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>The best trials</summary>\n\n| trial | {Safe(outcome.Metric)} | settings |\n|---:|---:|---|\n");
        var sign = study.Directions[0] == Direction.Minimize ? 1 : -1;
        foreach (var trial in study.Trials.Where(trial => trial.State == TrialState.Complete).OrderBy(trial => sign * trial.Value).Take(MostTrials))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {trial.Number} | {trial.Value:G6} | {Safe(string.Join(", ", trial.Configuration.Select(pair => $"{pair.Key}={Value(pair.Value)}")))} |\n");
        }

        return text.Append("\n</details>\n").ToString();
    }

    private static string Front(StudyOutcome outcome, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{outcome.Front.Count} trials of run `{outcome.RunId}` are beaten by none in all goals.\n\n| trial | {string.Join(" | ", outcome.Goals.Select(goal => Safe(goal.Metric)))} | settings |\n|---:|{string.Concat(outcome.Goals.Select(_ => "---:|"))}---|\n");
        foreach (var trial in outcome.Front.OrderBy(trial => trial.Values[0]).Take(MostTrials))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {trial.Number} | {string.Join(" | ", trial.Values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture)))} | {Safe(string.Join(", ", trial.Configuration.Select(pair => $"{pair.Key}={Value(pair.Value)}")))} |\n");
        }

        return text.ToString();
    }

    /// <summary>Appends it to the file that was named and to that of the pipeline.</summary>
    /// <exception cref="UsageException">A file cannot be written.</exception>
    public static void Append(string summary, string? file)
    {
        foreach (var path in new[] { file, Environment.GetEnvironmentVariable(GithubVariable) }.Where(path => !string.IsNullOrWhiteSpace(path)).Distinct())
        {
            try
            {
                File.AppendAllText(path!, summary + "\n");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"the summary cannot be written: {e.Message}");
            }
        }
    }

    private static string Value(object value) => value is double number ? number.ToString("G6", CultureInfo.InvariantCulture) : Configuration.Format(value);

    private static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in Terminal.OneLine(text))
        {
            safe.Append(c switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '\\' or '`' or '*' or '_' or '|' or '[' or ']' or '#' or '~' or '!' or '@' => $"\\{c}", _ => c.ToString() });
        }

        return safe.ToString();
    }
}
