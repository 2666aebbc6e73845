using Roux.Tracking;
using Roux.Tracking.Capture;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>A study whose trials are runs of a program.</summary>
internal static class ProgramStudy
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it.</summary>
    public static async Task<StudyOutcome> RunAsync(TuneArguments arguments, Tracker tracker, CancellationToken cancellation)
    {
        var space = arguments.Space();
        var words = arguments.Command is [_, ..] given ? given : throw new UsageException("tune: no program; name it after --, such as: roux tune --space space.yaml --metric loss -- python train.py --lr {lr}");
        var template = new CommandTemplate(words, space);
        if (ProgramSearch.Find(words[0], Environment.GetEnvironmentVariable("PATH")) is null)
        {
            throw new UsageException($"'{words[0]}': no such program; check the name, or write ./{words[0]} for one in this folder");
        }

        var metric = arguments.Get(TuneOptions.Metric) ?? throw new UsageException("tune: which metric? Name what the program tells with --metric, such as --metric loss");
        var (places, sources) = (arguments.Places(), arguments.Sources);
        var options = arguments.RunOptions(places, isData: false);
        var study = new Study(space, arguments.StudyOptions(space, options, arguments.Direction));
        var enqueued = arguments.Enqueued(space);
        var champion = Champion.Find(tracker, arguments.Get(TuneOptions.Champion), metric);
        using var run = StudyRun.Open(tracker, arguments, space, [metric, arguments.Get(TuneOptions.Goal)!, .. study.Schedule is { } set ? [ScheduleTag.Write(set)] : Array.Empty<string>(), .. words], new Dictionary<string, object>
        {
            ["metric"] = metric, ["direction"] = arguments.Get(TuneOptions.Goal)!, ["sampler"] = arguments.Get(TuneOptions.SamplerName)!, ["pruner"] = arguments.Get(TuneOptions.PrunerName)!,
            ["seed"] = arguments.Seed, ["command"] = string.Join(' ', words),
        });
        if (study.Schedule is { } schedule)
        {
            run.Run?.LogParams(new Dictionary<string, object> { ["schedule"] = schedule.Name, ["rungs"] = string.Join(' ', schedule.Rungs) });
            run.Run?.Tag(ScheduleTag.Name, ScheduleTag.Write(schedule));
        }

        run.Run?.Tag(Learning.AutoML.Development.MetricTag, metric).Tag(StudyReader.DirectionTag, arguments.Get(TuneOptions.Goal)!);
        using var capture = run.Run is { } open ? RunCapture.Begin(open, new CaptureOptions { Output = false, Inputs = Inputs(arguments) }) : null;
        foreach (var wanted in arguments.Get(TuneOptions.WarmStart)!)
        {
            WarmStart.Apply(tracker, study, wanted, metric, run.Id);
        }

        using var journal = new StudyJournal(study, Path.Combine(StudyRun.FolderOf(tracker), run.Id), new TrialRuns(tracker, run.Experiment, run.Id), TimeProvider.System);
        if (run.IsResumed)
        {
            Console.Error.WriteLine($"roux: {study.Trials.Count} trials taken up from {(run.Run is null ? "the processes that work on the study" : "an earlier process")}");
        }

        foreach (var configuration in study.Trials.Count == 0 ? enqueued : [])
        {
            study.Enqueue(configuration);
        }

        var program = new TrialProgram
        {
            Template = template, Metric = metric, Sources = sources, Folder = Path.Combine(StudyRun.FolderOf(tracker), run.Id), OwnFolder = arguments.Get(TuneOptions.OwnFolder),
            Tracker = tracker, StudyRun = run.Id, Journal = journal, Places = places, Schedule = study.Schedule,
        };
        var progress = new TuneProgress(study, metric, options);
        var end = await SearchAsync(study, program, journal, progress, options with { Journal = journal }, cancellation).ConfigureAwait(false);
        progress.Finish();
        var outcome = new StudyOutcome(study, metric, run.Id, arguments.Get(TuneOptions.Experiment)!, end) { Champion = champion, LeastGain = arguments.Get(TuneOptions.LeastGain) };
        Conclude(tracker, run, journal, outcome, capture);
        return outcome;
    }

    private static IReadOnlyList<string> Inputs(TuneArguments arguments) => [.. new[] { arguments.Get(TuneOptions.Config), arguments.Get(TuneOptions.Space) }.OfType<string>().Where(File.Exists)];

    private static async Task<RunEnd> SearchAsync(Study study, TrialProgram program, StudyJournal journal, TuneProgress progress, RunOptions options, CancellationToken cancellation)
    {
        while (true)
        {
            var end = await StudyRunner.RunAsync(study, trial => TryAsync(trial, program, journal, progress), options, TimeProvider.System, cancellation).ConfigureAwait(false);

            // Trials of other processes may still fail to come back, and then are tried here.
            while (end == RunEnd.Trials && journal.WaitsForOthers())
            {
                await Task.Delay(Pause, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
                if (cancellation.IsCancellationRequested)
                {
                    return RunEnd.Cancelled;
                }
            }

            if (end != RunEnd.Trials || !journal.HasLost && !study.MayResume)
            {
                return end;
            }
        }
    }

    private static async Task<IReadOnlyList<double>> TryAsync(RunningTrial trial, TrialProgram program, StudyJournal journal, TuneProgress progress)
    {
        try
        {
            var value = await program.RunAsync(trial, journal.Start(trial)).ConfigureAwait(false);
            if (trial.Resource is { } resource && resource < program.Schedule?.MaxResource)
            {
                progress.Ended(trial, null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{program.Metric}={value:G5} after {resource} steps"));
            }
            else
            {
                progress.Ended(trial, value, null);
            }

            return [value];
        }
        catch (TrialPrunedException)
        {
            progress.Ended(trial, null, "pruned");
            throw;
        }
        catch (Exception e) when (e is TrialFailedException or OperationCanceledException)
        {
            progress.Ended(trial, null, e is TrialFailedException ? e.Message : "took too long, or the study is over");
            throw;
        }
    }

    /// <summary>Records what came of the study in its run, unless other processes still work on it.</summary>
    private static void Conclude(Tracker tracker, StudyRun run, StudyJournal journal, StudyOutcome outcome, RunCapture? capture)
    {
        if (run.Run is null && journal.HasOthers)
        {
            return;
        }

        using var taken = run.Run is null ? tracker.Resume(run.Id) : null;
        var open = run.Run ?? taken!;
        StudyRecord.Write(open, outcome);
        open.LogBytes("study.jsonl", File.ReadAllBytes(journal.File));
        capture?.Dispose();
        open.Finish(outcome.End == RunEnd.Cancelled ? RunStatus.Killed : RunStatus.Finished);
    }
}
