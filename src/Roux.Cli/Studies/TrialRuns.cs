using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A run for every trial, under the run of the study.</summary>
/// <param name="tracker">The store.</param>
/// <param name="experiment">The study's experiment.</param>
/// <param name="studyRun">Id of the study's run.</param>
internal sealed class TrialRuns(Tracker tracker, Experiment experiment, string studyRun)
{
    /// <summary>Tag of a trial's run: the metric that its program tells.</summary>
    public const string MetricTag = "roux.trial.metric";

    private readonly ConcurrentDictionary<int, Run> open = new();

    /// <summary>The settings of a trial; null for a run that is none, or whose tag is damaged.</summary>
    public static Configuration? SettingsOf(RunRecord run)
    {
        try
        {
            return run.Tags.TryGetValue(StudyTags.Trial, out var text) && JsonNode.Parse(text)?["params"] is JsonObject settings ? Configuration.FromJson(settings) : null;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The run of a trial, in the store before its program starts.</summary>
    public Run Start(RunningTrial trial)
    {
        if (trial.IsResumed && Earlier(trial.Number) is { } earlier)
        {
            return open[trial.Number] = tracker.Resume(earlier);
        }

        var run = experiment.StartRunUnder(studyRun, $"trial-{trial.Number.ToString(CultureInfo.InvariantCulture)}", new Dictionary<string, string>
        {
            [StudyTags.Trial] = new JsonObject { ["number"] = trial.Number, ["params"] = trial.Configuration.ToJson() }.ToJsonString(), ["roux.captured_by"] = studyRun,
        });
        run.LogParams(trial.Configuration);
        if (trial.Segment is { } segment)
        {
            run.Tag("roux.population.segment", new JsonObject { ["member"] = segment.Member, ["parent"] = segment.Parent, ["copy"] = segment.IsCopy, ["from"] = segment.From, ["to"] = segment.To }.ToJsonString());
        }

        run.Flush();
        open[trial.Number] = run;
        return run;
    }

    /// <summary>The run of an earlier turn of a trial.</summary>
    private string? Earlier(int trial) => tracker.SearchRuns(new RunQuery
    {
        Filter = $"attributes.parent_run_id = '{studyRun}' AND attributes.run_name = 'trial-{trial.ToString(CultureInfo.InvariantCulture)}'", MaxResults = 1,
    }) is [var found, ..] ? found.Id : null;

    /// <summary>Ends the run of a trial that was told.</summary>
    public void End(Trial trial)
    {
        if (open.TryRemove(trial.Number, out var run))
        {
            using (run)
            {
                End(run, trial);
            }
        }
    }

    /// <summary>Ends the runs whose trial was told, and whose process went away before it could say so in the store.</summary>
    public void Repair(IReadOnlyList<Trial> trials)
    {
        var left = tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{studyRun}' AND attributes.status != 'FINISHED'", MaxResults = 50_000 });
        foreach (var record in left.Where(record => !record.Tags.ContainsKey(StudyTags.State) && record.Tags.ContainsKey(StudyTags.Trial)))
        {
            if (JsonNode.Parse(record.Tags[StudyTags.Trial])?["number"]?.GetValue<int>() is { } number && number < trials.Count && trials[number] is { State: not TrialState.Running } trial)
            {
                using var run = tracker.Resume(record.Id);
                End(run, trial);
            }
        }
    }

    private static void End(Run run, Trial trial)
    {
        run.Tag(StudyTags.State, trial.IsLost ? "lost" : trial.State.ToString().ToLowerInvariant());
        if (trial is { State: TrialState.Complete, Values: [var value] })
        {
            run.LogMetric(StudyTags.Objective, value);
        }

        switch (trial.State)
        {
            case TrialState.Failed when !trial.IsLost:
                run.Fail(new TrialFailedException(trial.Error ?? "failed"));
                break;
            case TrialState.Complete:
                run.Finish();
                break;
            default:
                run.Finish(RunStatus.Killed);
                break;
        }

        run.Flush();
    }
}
