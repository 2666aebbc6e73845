using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A study as one run with a child run a trial; what an earlier process of the same study left is found again.</summary>
internal sealed class StudyJournal : IDisposable
{
    private const string KeyTag = "roux.study.key";
    private const string TrialTag = "roux.trial";
    private const string StateTag = "roux.trial.state";
    private readonly Tracker tracker;
    private readonly string metric;

    private StudyJournal(Tracker tracker, Run run, string metric, bool isResumed) => (this.tracker, Run, this.metric, IsResumed) = (tracker, run, metric, isResumed);

    /// <summary>The study's own run.</summary>
    public Run Run { get; }

    /// <summary>Whether an earlier process began it.</summary>
    public bool IsResumed { get; }

    /// <summary>Begins a study's run, or takes up the latest unfinished one of the same space, command and goal.</summary>
    /// <exception cref="UsageException">There is none to resume.</exception>
    public static StudyJournal Open(Tracker tracker, string name, SearchSpace space, string metric, IReadOnlyList<string> command, IReadOnlyDictionary<string, object> settings, bool resume)
    {
        var json = SpaceJson.Write(space).ToJsonString();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', [json, metric, .. command]))))[..16];
        var experiment = tracker.Experiment(name);
        if (resume)
        {
            var unfinished = tracker.SearchRuns(new RunQuery
            {
                Experiments = [experiment.Name], Filter = $"tags.`{KeyTag}` = '{key}' AND attributes.status != 'FINISHED'", OrderBy = ["attributes.start_time DESC"], MaxResults = 1,
            });
            return unfinished.Count == 1
                ? new StudyJournal(tracker, tracker.Resume(unfinished[0].Id), metric, isResumed: true)
                : throw new UsageException($"--resume: no unfinished study of this space, metric and command in experiment '{name}'; run without --resume, or see 'roux runs'");
        }

        var run = experiment.StartRun("tune");
        run.Tag(KeyTag, key).Tag("roux.verb", "tune").Tag(Learning.AutoML.Development.MetricTag, metric);
        run.LogParams(settings);
        run.LogText("space.json", json);
        run.Flush();
        return new StudyJournal(tracker, run, metric, isResumed: false);
    }

    /// <summary>The run of a trial, in the store before its program starts.</summary>
    public Run Start(RunningTrial trial)
    {
        var run = Run.StartChild($"trial-{trial.Number.ToString(CultureInfo.InvariantCulture)}");
        run.Tag(TrialTag, new JsonObject { ["number"] = trial.Number, ["params"] = trial.Configuration.ToJson() }.ToJsonString());
        run.LogParams(trial.Configuration);
        run.Flush();
        return run;
    }

    /// <summary>Ends the run of a trial; once this returns its end survives a crash.</summary>
    public static void End(Run run, TrialState state, double? value, string? error)
    {
        run.Tag(StateTag, state.ToString().ToLowerInvariant());
        if (value is { } told)
        {
            run.LogMetric("objective", told);
        }

        if (state == TrialState.Failed)
        {
            run.Fail(new TrialFailedException(error ?? "failed"));
        }
        else
        {
            run.Finish(state == TrialState.Complete ? RunStatus.Finished : RunStatus.Killed);
        }

        run.Flush();
    }

    /// <summary>The trials of earlier processes; one that was lost between two others counts as failed.</summary>
    public IEnumerable<Trial> Trials()
    {
        var found = new SortedDictionary<int, (RunRecord Run, Configuration Configuration)>();
        foreach (var child in tracker.SearchRuns(new RunQuery { Filter = $"attributes.parent_run_id = '{Run.Id}'", MaxResults = 50_000 }))
        {
            if (child.Tags.TryGetValue(TrialTag, out var text) && JsonNode.Parse(text) is JsonObject json)
            {
                found[json["number"]!.GetValue<int>()] = (child, Configuration.FromJson(json["params"]!.AsObject()));
            }
        }

        var next = 0;
        foreach (var (number, (child, configuration)) in found)
        {
            for (; next < number; next++)
            {
                yield return new Trial { Number = next, Configuration = configuration, State = TrialState.Failed, Error = "lost when the process ended" };
            }

            next = number + 1;
            var reports = tracker.GetMetric(child.Id, metric).Select(point => (point.Step, point.Value)).ToArray();
            var trial = new Trial { Number = number, Configuration = configuration, Reports = reports };
            yield return child.Tags.GetValueOrDefault(StateTag) switch
            {
                "complete" when child.Metric("objective") is { } value => trial with { State = TrialState.Complete, Values = [value] },
                "pruned" => trial with { State = TrialState.Pruned, Values = reports.Length > 0 && double.IsFinite(reports[^1].Value) ? [reports[^1].Value] : [] },
                "failed" => trial with { State = TrialState.Failed, Error = child.Error },
                _ => trial,
            };
        }
    }

    public void Dispose() => Run.Dispose();
}
