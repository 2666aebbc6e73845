using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>Reads the parts of a run as trials: those of a study whose journal is out of reach, and those that any client logged.</summary>
/// <param name="tracker">The store.</param>
/// <param name="runId">Id of the run that they are parts of.</param>
internal sealed class ChildRuns(Tracker tracker, string runId)
{
    private const int Most = 5_000;
    private const int MostCurves = 200;
    private const int MostPoints = 200;

    private readonly Dictionary<string, IReadOnlyList<(long Step, double Value)>> curves = new(StringComparer.Ordinal);

    /// <summary>The trials of a study, from their runs.</summary>
    public StoredStudy OfStudy(RunRecord run, SearchSpace space, IReadOnlyList<Goal> goals)
    {
        var trials = new SortedDictionary<int, (Trial Trial, RunRecord Run)>();
        foreach (var child in Children().Where(child => child.Tags.ContainsKey(StudyTags.Trial)))
        {
            if (Read(child.Tags[StudyTags.Trial]) is var (number, settings))
            {
                trials[number] = (TrialOf(number, settings, child, goals), child);
            }
        }

        var study = new Study(space, new StudyOptions { Directions = [.. goals.Select(goal => goal.Direction)] });
        return Finish(new StoredStudy
        {
            Run = run, Space = space, Goals = goals, Study = study, Trials = [], Schedule = ScheduleTag.Read(run.Tags.GetValueOrDefault(ScheduleTag.Name)),
            Heard = run.Tags.Where(tag => tag.Key.StartsWith(StudyRequest.HeardPrefix, StringComparison.Ordinal)).ToDictionary(tag => tag.Key[StudyRequest.HeardPrefix.Length..], tag => tag.Value, StringComparer.Ordinal),
        }, [.. trials.Values]);
    }

    /// <summary>The parts of any run as trials for a goal.</summary>
    public StoredStudy Foreign(RunRecord run, Goal? wanted)
    {
        var parts = Children().OrderBy(child => child.Started).ToList();
        string[] metrics = [.. parts.SelectMany(child => child.Metrics.Keys).Where(key => !key.StartsWith("system/", StringComparison.Ordinal)).CountBy(key => key, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(200).Select(pair => pair.Key)];
        var goal = wanted ?? (metrics.Length == 0 ? new Goal("value", Direction.Minimize) : Goal.Of(metrics[0]));
        var space = ParamRanges.Of(parts);
        var trials = parts.Select((child, number) => (TrialOf(number, ParamRanges.SettingsOf(child, space), child, [goal]), child)).ToList();
        var study = new Study(space, new StudyOptions { Directions = [goal.Direction] });
        return Finish(new StoredStudy { Run = run, Space = space, Goals = [goal], Study = study, Trials = [], IsForeign = true, Metrics = metrics }, trials);
    }

    private static StoredStudy Finish(StoredStudy study, List<(Trial Trial, RunRecord Run)> trials)
    {
        study.Study.WarmStart(trials.Where(one => one.Trial.State == TrialState.Complete).Select(one => (one.Trial.Configuration, one.Trial.Values)));
        return study with
        {
            Trials = [.. trials.Select(one => one.Trial)],
            RunIds = trials.ToDictionary(one => one.Trial.Number, one => one.Run.Id),
            Times = trials.ToDictionary(one => one.Trial.Number, one => (one.Run.Started.ToUnixTimeMilliseconds(), one.Run.Ended?.ToUnixTimeMilliseconds())),
            Turns = [.. trials.Select(one => new TrialTurn(one.Trial.Number, one.Run.Tags.GetValueOrDefault("roux.host") ?? one.Run.User ?? "", one.Run.Started.ToUnixTimeMilliseconds(), one.Run.Ended?.ToUnixTimeMilliseconds()))],
        };
    }

    private IReadOnlyList<RunRecord> Children() => tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{runId}'", MaxResults = Most });

    private Trial TrialOf(int number, Configuration settings, RunRecord run, IReadOnlyList<Goal> goals)
    {
        double[] values = [.. goals.Select(goal => run.Metric(goal.Metric) ?? (goals.Count == 1 ? run.Metric(StudyTags.Objective) : null) ?? double.NaN)];
        var hasValues = Array.TrueForAll(values, double.IsFinite);
        var word = run.Tags.GetValueOrDefault(StudyTags.State) ?? run.Tags.GetValueOrDefault("optuna.trial.state")?.ToLowerInvariant();
        var state = word switch
        {
            "complete" when hasValues => TrialState.Complete,
            "pruned" => TrialState.Pruned,
            "paused" => TrialState.Paused,
            "failed" or "lost" => TrialState.Failed,
            _ when run.Status is RunStatus.Running or RunStatus.Scheduled => TrialState.Running,
            _ when run.Status == RunStatus.Finished && hasValues => TrialState.Complete,
            _ => TrialState.Failed,
        };
        return new Trial
        {
            Number = number, Configuration = settings, State = state, Values = hasValues && state is not (TrialState.Running or TrialState.Failed) ? values : [],
            Reports = goals.Count == 1 ? Curve(run, goals[0].Metric) : [], Error = run.Error, IsLost = word == "lost",
        };
    }

    // A curve of a run that has ended is read once.
    private IReadOnlyList<(long Step, double Value)> Curve(RunRecord run, string metric)
    {
        var key = $"{run.Id} {metric}";
        if (curves.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!run.Metrics.TryGetValue(metric, out var last) || last.Step < 1 || curves.Count >= MostCurves)
        {
            return [];
        }

        var series = tracker.GetMetricSeries(run.Id, metric);
        var every = Math.Max(1, series.Count / MostPoints);
        var curve = new List<(long Step, double Value)>();
        for (var index = 0; index < series.Count; index++)
        {
            if (index % every == 0 || index == series.Count - 1)
            {
                curve.Add((series.Steps[index], series.Values[index]));
            }
        }

        if (run.Ended is not null)
        {
            curves[key] = curve;
        }

        return curve;
    }

    private static (int Number, Configuration Settings)? Read(string tag)
    {
        try
        {
            return JsonNode.Parse(tag, null, new JsonDocumentOptions { MaxDepth = 8 }) is JsonObject json && json["number"]?.GetValue<int>() is >= 0 and var number && json["params"] is JsonObject settings ? (number, Configuration.FromJson(settings)) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
