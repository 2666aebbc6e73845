using Roux.Debugging.Checks;
using Roux.Debugging.Findings;
using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Reports.Studies;
using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tracking.Capture;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>Carries a study out: begins, resumes or joins it, runs its trials as runs, and records what came of it.</summary>
internal static class StudySession
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it.</summary>
    public static async Task<StudyOutcome> RunAsync(StudyPlan plan, TuneArguments arguments, Tracker tracker, CancellationToken cancellation)
    {
        var study = new Study(plan.Space, arguments.StudyOptions(plan));
        var enqueued = arguments.Enqueued(plan.Space);
        var champion = Champion.Find(tracker, arguments.Get(TuneOptions.Champion), plan.Goals[0].Metric);
        var (metrics, ways) = (plan.Goals.Select(goal => goal.Metric).ToArray(), plan.Goals.Select(goal => goal.Way).ToArray());
        var earlier = arguments.Get(TuneOptions.WarmStart)!.Select(source => WarmStart.Find(tracker, study.Space, source, metrics)).ToList();
        using var run = StudyRun.Open(tracker, arguments, plan.Space, [.. metrics, .. ways, .. plan.Limits.Select(limit => limit.ToString()), .. study.Schedule is { } set ? [ScheduleTag.Write(set)] : Array.Empty<string>(), .. PopulationRecord.Key(study), .. plan.Subject], new Dictionary<string, object>(plan.Settings)
        {
            ["metric"] = string.Join(", ", metrics), ["direction"] = string.Join(", ", ways), ["sampler"] = arguments.Get(TuneOptions.SamplerName)!, ["pruner"] = arguments.PrunerName(plan), ["seed"] = arguments.Seed,
        });
        if (study.Schedule is { } schedule)
        {
            run.Run?.LogParams(new Dictionary<string, object> { ["schedule"] = schedule.Name, ["rungs"] = string.Join(' ', schedule.Rungs) });
            run.Run?.Tag(ScheduleTag.Name, ScheduleTag.Write(schedule));
        }

        if (plan.Limits.Count > 0)
        {
            run.Run?.LogParams(new Dictionary<string, object> { ["limits"] = string.Join(", ", plan.Limits) });
        }

        run.Run?.Tag(Learning.AutoML.Development.MetricTag, metrics[0]).Tag(StudyTags.Direction, string.Join(',', ways));
        if (plan.Options.Trials is { } wanted)
        {
            run.Run?.Tag(StudyTags.Wanted, wanted.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (metrics.Length > 1)
        {
            run.Run?.Tag(StudyTags.Metrics, new System.Text.Json.Nodes.JsonArray([.. metrics.Select(metric => (System.Text.Json.Nodes.JsonNode)metric)]).ToJsonString());
        }

        using var capture = run.Run is { } open ? RunCapture.Begin(open, new CaptureOptions { Output = false, Inputs = plan.Inputs, Profile = Learning.Data.CompactProfile.OfFile }) : null;
        foreach (var found in earlier)
        {
            found.Tell(study, run.Id);
        }

        var folder = Path.Combine(StudyTags.FolderOf(tracker), run.Id);
        var control = new StudyControl();
        using var journal = new StudyJournal(study, folder, new TrialRuns(tracker, run.Experiment, run.Id), control, TimeProvider.System) { HasTrials = plan.Options.Trials is not null };
        if (run.IsResumed)
        {
            Console.Error.WriteLine($"roux: {study.Trials.Count} trials taken up from {(run.Run is null ? "the processes that work on the study" : "an earlier process")}");
        }

        foreach (var configuration in study.Trials.Count == 0 ? enqueued : [])
        {
            study.Enqueue(configuration);
        }

        var progress = new TuneProgress(study, metrics, plan.Options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listener = new StudyListener(tracker, run, journal, control, stop);
        RunEnd end;
        try
        {
            listener.Start();
            end = await SearchAsync(study, plan, new StudyPlace(tracker, run.Id, folder, journal, study.Schedule), progress, plan.Options with { Journal = journal, Control = control }, listener, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        progress.Finish();
        var outcome = new StudyOutcome(study, plan.Goals, run.Id, run.Experiment.Name, end) { Champion = champion, LeastGain = arguments.Get(TuneOptions.LeastGain) };
        outcome = end == RunEnd.Cancelled || outcome.Front.Count == 0 ? outcome : await plan.Finish(outcome, cancellation).ConfigureAwait(false);
        outcome = outcome with { Findings = Look(outcome) };
        Conclude(tracker, run, journal, outcome, capture);
        return outcome;
    }

    private static IReadOnlyList<Finding> Look(StudyOutcome outcome) => outcome.Study.Directions is not [var direction] ? []
        : FindingList.Of(CheckRunner.Run(StudyChecks.All, new StudySubject(outcome.Study.Space, outcome.Study.Trials, direction, outcome.Metric), new CheckContext()), CheckCatalog.All);

    private static async Task<RunEnd> SearchAsync(Study study, StudyPlan plan, StudyPlace place, TuneProgress progress, RunOptions options, StudyListener listener, CancellationToken cancellation)
    {
        while (true)
        {
            var added = options.Control!.Added;
            var end = await StudyRunner.RunAsync(study, trial => TryAsync(trial, plan, place, progress), options, TimeProvider.System, cancellation).ConfigureAwait(false);

            // Trials of other processes may still fail to come back, and then are tried here.
            while (end == RunEnd.Trials && place.Journal.WaitsForOthers())
            {
                await Task.Delay(Pause, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
                if (cancellation.IsCancellationRequested)
                {
                    return RunEnd.Cancelled;
                }
            }

            // Trials may have been asked for while the last ones ended.
            listener.Hear();
            if (end != RunEnd.Trials || !place.Journal.HasLost && !study.MayResume && options.Control.Added <= added)
            {
                return end;
            }
        }
    }

    private static async Task<IReadOnlyList<double>> TryAsync(RunningTrial trial, StudyPlan plan, StudyPlace place, TuneProgress progress)
    {
        try
        {
            var values = await plan.Try(place, trial, place.Journal.Start(trial)).ConfigureAwait(false);
            if (trial.Resource is { } resource && resource < place.Schedule?.MaxResource)
            {
                progress.Ended(trial, null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{plan.Goals[0].Metric}={values[0]:G5} after {resource} steps"));
            }
            else
            {
                progress.Ended(trial, values, null);
            }

            return values;
        }
        catch (TrialPrunedException)
        {
            progress.Ended(trial, null, "pruned");
            throw;
        }
        catch (Exception e) when (e is TrialFailedException or OperationCanceledException or LearnerException or DataException)
        {
            progress.Ended(trial, null, e is OperationCanceledException ? "took too long, or the study is over" : e.Message);
            throw;
        }
    }

    /// <summary>Records what came of the study in its run, unless other processes still work on it.</summary>
    private static void Conclude(Tracker tracker, StudyRun run, StudyJournal journal, StudyOutcome outcome, RunCapture? capture)
    {
        // Who begins a study ends it, where that one lives; else the last one does.
        if (run.Run is null && (journal.HasOthers || tracker.GetRun(run.Id).Status == RunStatus.Finished))
        {
            return;
        }

        using var taken = run.Run is null ? tracker.Resume(run.Id) : null;
        var open = run.Run ?? taken!;
        StudyRecord.Write(open, outcome);
        open.ForgetFindings();
        foreach (var finding in outcome.Findings)
        {
            open.LogFinding(finding);
        }

        StudyRecord.Insight(new StudyView(outcome.Study, [.. outcome.Goals.Select(goal => goal.Metric)]) { Name = open.Name, RunId = run.Id, Times = journal.Times, Remarks = outcome.Remarks }, (path, text) => open.LogText(path, text));
        open.LogBytes("study.jsonl", File.ReadAllBytes(journal.File));
        capture?.Dispose();
        open.Finish(outcome.End == RunEnd.Cancelled ? RunStatus.Killed : RunStatus.Finished);
    }
}
