using System.Text.Json.Nodes;
using Roux.Learning.Reports.Studies;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What a study's run says of how it went.</summary>
internal static class StudyRecord
{
    /// <summary>Writes tags, metrics and artifacts.</summary>
    public static void Write(Run run, StudyOutcome outcome)
    {
        var study = outcome.Study;
        run.Tag(StudyTags.End, outcome.End.ToString().ToLowerInvariant());
        if (outcome.Best is { } best)
        {
            run.LogMetric("best", best.Value);
            run.Tag("roux.study.best", best.Configuration.ToJson().ToJsonString());
        }
        else if (outcome.Front.Count > 0)
        {
            run.LogMetric("front_size", outcome.Front.Count);
            run.LogText("front.json", Front(outcome).ToJsonString(CommonOptions.JsonStyle));
        }

        foreach (var (parameter, importance) in study.Importance())
        {
            run.LogMetric($"importance/{parameter}", importance);
        }

        foreach (var (parameter, importance) in study.Importance(0, ImportanceMethod.Best))
        {
            run.LogMetric($"importance_best/{parameter}", importance);
        }

        foreach (var (name, value, _) in outcome.Figures)
        {
            run.LogMetric(name, value);
        }

        if (outcome.Remarks.Count > 0)
        {
            run.Tag(StudyTags.Remarks, string.Join(' ', outcome.Remarks));
        }

        if (PopulationRecord.Schedule(study) is { } schedule)
        {
            run.LogText("schedule.json", schedule.ToJsonString());
        }

        if (outcome.Champion is { } champion)
        {
            run.LogMetric("champion", champion.Value);
            run.Tag("roux.study.champion", champion.Name).Tag("roux.study.improved", outcome.IsImprovement ? "true" : "false");
        }
    }

    /// <summary>Writes the report, and each chart as a picture and as numbers.</summary>
    /// <param name="view">The study.</param>
    /// <param name="write">Takes the path of a file and its text.</param>
    public static void Insight(StudyView view, Action<string, string> write)
    {
        var plots = StudyPlots.All(view);
        foreach (var (name, plot) in plots)
        {
            write($"plots/{name}.svg", plot.Svg);
            write($"plots/{name}.json", plot.Numbers.ToJsonString(CommonOptions.JsonStyle));
        }

        write("report.html", StudyReport.Html(view, plots));
    }

    private static JsonArray Front(StudyOutcome outcome) => new([.. outcome.Front.Select(trial => new JsonObject
    {
        ["trial"] = trial.Number,
        ["params"] = trial.Configuration.ToJson(),
        ["values"] = new JsonObject(outcome.Goals.Select((goal, i) => KeyValuePair.Create<string, JsonNode?>(goal.Metric, trial.Values[i]))),
    })]);

    /// <summary>The outcome as JSON.</summary>
    public static JsonObject Json(StudyOutcome outcome)
    {
        var (study, trials) = (outcome.Study, outcome.Study.Trials);
        var json = new JsonObject
        {
            ["run_id"] = outcome.RunId,
            ["metric"] = outcome.Metric,
            ["metrics"] = new JsonArray([.. outcome.Goals.Select(goal => (JsonNode)goal.Metric)]),
            ["directions"] = new JsonArray([.. outcome.Goals.Select(goal => (JsonNode)goal.Way)]),
            ["end"] = outcome.End.ToString().ToLowerInvariant(),
            ["best"] = outcome.Best is { } best ? new JsonObject { ["trial"] = best.Number, ["params"] = best.Configuration.ToJson(), ["value"] = best.Value } : null,
            ["trials"] = trials.Count,
            ["complete"] = trials.Count(trial => trial.State == TrialState.Complete),
            ["paused"] = trials.Count(trial => trial.State == TrialState.Paused),
            ["pruned"] = trials.Count(trial => trial.State == TrialState.Pruned),
            ["failed"] = trials.Count(trial => trial is { State: TrialState.Failed, IsLost: false }),
            ["lost"] = trials.Count(trial => trial.IsLost),
            ["importance"] = new JsonObject(study.Importance().Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Parameter, pair.Importance))),
            ["importance_best"] = new JsonObject(study.Importance(0, ImportanceMethod.Best).Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Parameter, pair.Importance))),
            ["findings"] = new JsonArray([.. outcome.Findings.Select(finding => finding.ToJson())]),
            ["regret_bound"] = outcome.Goals.Count == 1 ? study.Regret() : null,
        };
        if (outcome.Goals.Count > 1)
        {
            json["front"] = Front(outcome);
        }

        foreach (var (name, value, _) in outcome.Figures)
        {
            json[name] = value;
        }

        if (PopulationRecord.Schedule(study) is { } schedule)
        {
            json["schedule"] = schedule;
        }

        if (outcome.Champion is { } champion)
        {
            json["champion"] = new JsonObject { ["name"] = champion.Name, ["value"] = champion.Value, ["gain"] = outcome.Gain, ["improved"] = outcome.IsImprovement };
        }

        return json;
    }
}
