using System.Security.Cryptography;
using System.Text;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>The run of a study: begun here, taken up from a process that is gone, or that of a process that this one joins.</summary>
internal sealed class StudyRun : IDisposable
{
    private StudyRun(string id, Run? run, Experiment experiment, bool isResumed) => (Id, Run, Experiment, IsResumed) = (id, run, experiment, isResumed);

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The run, open; <c>null</c> where another process has it open.</summary>
    public Run? Run { get; }

    /// <summary>Its experiment.</summary>
    public Experiment Experiment { get; }

    /// <summary>Whether another process began it.</summary>
    public bool IsResumed { get; }

    /// <summary>Begins a study's run, or takes up or joins the latest unfinished one of the same name and key.</summary>
    /// <param name="tracker">The store.</param>
    /// <param name="arguments">What was asked for.</param>
    /// <param name="space">The space.</param>
    /// <param name="goal">What makes two studies the same, besides the space: metric, direction, command.</param>
    /// <param name="settings">Params of the run.</param>
    /// <exception cref="UsageException">There is none to resume, or it is being worked on.</exception>
    public static StudyRun Open(Tracker tracker, TuneArguments arguments, SearchSpace space, IReadOnlyList<string> goal, IReadOnlyDictionary<string, object> settings)
    {
        var json = SpaceJson.Write(space).ToJsonString();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', [json, .. goal]))))[..16];
        var (experiment, name) = (tracker.Experiment(arguments.Get(TuneOptions.Experiment)!), arguments.Get(TuneOptions.Name)!);
        var (resume, join) = (arguments.Get(TuneOptions.Resume), arguments.Get(TuneOptions.Join));

        // Of processes that begin at the same moment one begins the study.
        using var held = join ? new TrialLog(Path.Combine(StudyTags.FolderOf(tracker), key)).Lock() : null;
        if (resume || join)
        {
            var unfinished = tracker.SearchRuns(new RunQuery
            {
                Experiments = [experiment.Name], Filter = $"tags.`{StudyTags.Key}` = '{key}' AND attributes.run_name = '{name.Replace("'", "''", StringComparison.Ordinal)}' AND attributes.status != 'FINISHED'", OrderBy = ["attributes.start_time DESC"], MaxResults = 1,
            });
            if (unfinished is [var found])
            {
                return found.Status == RunStatus.Running
                    ? join ? new StudyRun(found.Id, null, experiment, isResumed: true) : throw new UsageException($"--resume: study '{name}' ({found.Id[..8]}) is being worked on; work beside it with --join")
                    : new StudyRun(found.Id, tracker.Resume(found.Id), experiment, isResumed: true);
            }

            if (More(tracker, experiment, key, name) is { } more)
            {
                return new StudyRun(more.Id, tracker.Resume(more.Id, evenFinished: true), experiment, isResumed: true);
            }

            if (!join)
            {
                throw new UsageException($"--resume: no unfinished study '{name}' of this space, metric and command in experiment '{experiment.Name}'; run without --resume, or see 'roux runs'");
            }
        }

        var run = experiment.StartRun(name);
        run.Tag(StudyTags.Key, key).Tag("roux.verb", "tune");
        run.LogParams(settings);
        StoredSpace.Write(run, json);
        run.Flush();
        return new StudyRun(run.Id, run, experiment, isResumed: false);
    }

    /// <summary>The latest study of a name and key, where it has ended and more was asked of it since.</summary>
    private static RunRecord? More(Tracker tracker, Experiment experiment, string key, string name) => tracker.SearchRuns(new RunQuery
    {
        Experiments = [experiment.Name], Filter = $"tags.`{StudyTags.Key}` = '{key}' AND attributes.run_name = '{name.Replace("'", "''", StringComparison.Ordinal)}' AND attributes.status = 'FINISHED'", OrderBy = ["attributes.start_time DESC"], MaxResults = 1,
    }) is [var found] && StudyRequest.Of(found.Tags).Any(request => request.Kind is StudyRequestKind.Add or StudyRequestKind.Enqueue && StudyRequest.OutcomeOf(found.Tags, request.Id) is null) ? found : null;

    public void Dispose() => Run?.Dispose();
}
