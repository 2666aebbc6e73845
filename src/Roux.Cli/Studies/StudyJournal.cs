using System.Text.Json.Nodes;
using Roux.Learning.Studies;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>
/// The trials of a study, kept so that nothing told is lost and shared among the processes that work on it: every ask, report and end is a line of
/// a <see cref="TrialLog"/>, and every trial is a run under the study's. The log has the last word: a run that says less is brought up to it.
/// </summary>
internal sealed class StudyJournal : ITrialJournal, IDisposable
{
    private static readonly TimeSpan MostDelay = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Study study;
    private readonly TrialLog log;
    private readonly StudyWorkers workers;
    private readonly TrialRuns runs;
    private readonly TrialReplay replay;
    private readonly TimeProvider time;
    private readonly StudyControl control;
    private int stopsTaken;
    private bool hasHeard;
    private readonly List<JsonObject> waiting = [];
    private long flushed;

    /// <param name="study">A study that nothing was asked of yet.</param>
    /// <param name="folder">Where the log lies.</param>
    /// <param name="runs">The runs of its trials.</param>
    /// <param name="control">Is told how many trials were added.</param>
    /// <param name="time">The clock.</param>
    public StudyJournal(Study study, string folder, TrialRuns runs, StudyControl control, TimeProvider time)
    {
        this.control = control;
        (this.study, this.runs, this.time) = (study, runs, time);
        log = new TrialLog(folder);
        replay = new TrialReplay(study);
        using (log.Lock())
        {
            // Under the lock, so that nobody takes the file of a process that begins for that of one that is gone.
            workers = new StudyWorkers(folder, time);
            Sync();
            Reap();

            // What was stopped before is none of this process's.
            stopsTaken = replay.Stops.Count;
        }

        runs.Repair(study.Trials);
    }

    /// <summary>The file with all that happened.</summary>
    public string File => log.File;

    /// <summary>When trials began and ended, in milliseconds since 1970.</summary>
    public IReadOnlyDictionary<int, (long Begin, long? End)> Times
    {
        get
        {
            lock (gate)
            {
                return new Dictionary<int, (long Begin, long? End)>(replay.Times);
            }
        }
    }

    /// <summary>Whether other processes work on the study now.</summary>
    public bool HasOthers
    {
        get
        {
            lock (gate)
            {
                using var held = log.Lock();
                return workers.HasOthers;
            }
        }
    }

    /// <summary>Whether there are trials whose process went away, and that nobody has taken up yet.</summary>
    public bool HasLost
    {
        get
        {
            lock (gate)
            {
                return replay.Lost.Count > 0;
            }
        }
    }

    /// <summary>Whether trials of other processes are still replay.Running.</summary>
    public bool WaitsForOthers()
    {
        lock (gate)
        {
            using var held = log.Lock();
            Sync();
            Reap();
            return replay.Running.Count > 0;
        }
    }

    /// <summary>The run of a trial, in the store before it is tried.</summary>
    public Tracking.Run Start(RunningTrial trial) => runs.Start(trial);

    /// <inheritdoc/>
    public Trial? Ask(Study study, Func<bool> mayAsk)
    {
        ArgumentNullException.ThrowIfNull(mayAsk);
        lock (gate)
        {
            using var held = log.Lock();
            Sync();
            Reap();
            var isWanted = mayAsk();
            var queued = isWanted && replay.Queue.Count > 0 ? replay.Queue[0] : default;
            int? again = isWanted && queued.Id is null && study.Population is null && replay.Lost.Count > 0 ? replay.Lost.Keys.First() : null;
            if ((queued.Id is not null ? study.Adopt(queued.Settings) : again is { } lost ? study.Adopt(replay.Lost[lost]) : isWanted ? study.Ask() : study.Resume()) is not { } trial)
            {
                return null;
            }

            var line = Line(trial.IsResumed ? "resume" : "ask", trial.Number);
            line["worker"] = workers.Name;
            if (trial.IsResumed)
            {
                line["resource"] = trial.Resource;
            }
            else
            {
                line["params"] = trial.Configuration.ToJson();
            }

            if (queued.Id is not null)
            {
                replay.Queue.RemoveAt(0);
                line["queued"] = queued.Id;
            }

            if (again is { } number)
            {
                replay.Lost.Remove(number);
                line["again"] = number;
            }

            if (trial.IsResumed)
            {
                replay.WentOn(trial.Number, workers.Name, Now);
            }
            else
            {
                replay.Began(trial.Number, workers.Name, Now);
            }

            waiting.Add(line);
            Flush();
            return trial;
        }
    }

    /// <summary>Keeps a value on the way, for other processes to judge their trials by; half a second of them may be lost with the process, and the trial with them.</summary>
    public void Reported(int trial, long step, double value)
    {
        lock (gate)
        {
            var line = Line("report", trial);
            line["step"] = step;
            line["value"] = value;
            waiting.Add(line);
            if (time.GetElapsedTime(flushed) > MostDelay)
            {
                using var held = log.Lock();
                Sync();
                Flush();
            }
        }
    }

    /// <summary>Whether the study is to end with a number of trials, to which others can be added.</summary>
    public bool HasTrials { get; init; } = true;

    /// <summary>
    /// Takes in what was asked of the study in the store, and what other processes took in: each request is carried out once for all of them.
    /// </summary>
    /// <param name="tags">Tags of the study's run.</param>
    /// <returns>Requests whose tags say nothing yet of how they went, and how they did.</returns>
    public IReadOnlyList<(StudyRequest Request, string Outcome)> Hear(IReadOnlyDictionary<string, string> tags)
    {
        lock (gate)
        {
            using var held = log.Lock();
            Sync();
            var open = StudyRequest.Of(tags).Where(request => StudyRequest.OutcomeOf(tags, request.Id) is null).ToList();
            foreach (var request in open.Where(request => !replay.Heard.ContainsKey(request.Id)))
            {
                var outcome = Refusal(request) ?? StudyRequest.Done;
                var line = Line("request", -1);
                foreach (var (name, value) in request.ToJson())
                {
                    line[name] = value?.DeepClone();
                }

                (line["id"], line["outcome"]) = (request.Id, outcome);
                waiting.Add(line);
                replay.Hear(request, outcome);
            }

            hasHeard = true;
            control.Added = replay.Added;
            Flush();
            return [.. open.Select(request => (request, replay.Heard[request.Id]))];
        }
    }

    /// <summary>What is to be ended: the study or trials, each told once.</summary>
    public IReadOnlyList<StudyRequest> TakeStops()
    {
        lock (gate)
        {
            StudyRequest[] taken = [.. replay.Stops.Skip(stopsTaken)];
            stopsTaken = replay.Stops.Count;
            return taken;
        }
    }

    // Why something cannot be done; the lock is held.
    private string? Refusal(StudyRequest request)
    {
        switch (request.Kind)
        {
            case StudyRequestKind.Stop:
                return hasHeard || workers.HasOthers ? null : "nobody worked on the study when it was asked to stop";
            case StudyRequestKind.StopTrial:
                return request.Trial is { } trial && replay.Running.ContainsKey(trial) ? null : $"trial {request.Trial} is not running";
            case var _ when study.Population is not null:
                return "a population has as many members as it was begun with";
            case StudyRequestKind.Add:
                return HasTrials ? null : "the study has no number of trials; it ends with its time";
            default:
                try
                {
                    study.Space.Check(request.Settings ?? Configuration.Empty);
                    return null;
                }
                catch (ArgumentException e)
                {
                    return e.Message.Split(" (Parameter")[0];
                }
        }
    }

    /// <inheritdoc/>
    public void Ended(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        lock (gate)
        {
            using var held = log.Lock();
            Sync();
            waiting.Add(End(trial));
            replay.Ended(trial, Now);
            Flush();
        }

        runs.End(trial);
    }

    public void Dispose() => workers.Dispose();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private JsonObject Line(string op, int trial) => new() { ["op"] = op, ["trial"] = trial, ["time"] = Now };

    private JsonObject End(Trial trial)
    {
        var line = Line("end", trial.Number);
        line["state"] = trial.IsLost || trial.State == TrialState.Paused && !IsAtRung(trial) ? "lost" : trial.State.ToString().ToLowerInvariant();
        if (trial.Values.Count > 0)
        {
            line["values"] = new JsonArray([.. trial.Values.Select(value => (JsonNode)JsonValue.Create(value))]);
        }

        if (trial.Constraints.Count > 0)
        {
            line["constraints"] = new JsonArray([.. trial.Constraints.Select(value => (JsonNode)JsonValue.Create(value))]);
        }

        if (trial.Error is { } error)
        {
            line["error"] = error.Length > 2000 ? error[..2000] : error;
        }

        return line;
    }

    /// <summary>Whether a trial paused where it was to, and was not cut off on its way.</summary>
    private static bool IsAtRung(Trial trial) => trial.Reports.Count > 0 && trial.Reports.Max(report => report.Step) + 1 >= trial.Resource;

    private void Flush()
    {
        log.Append(waiting);
        waiting.Clear();
        flushed = time.GetTimestamp();
    }

    /// <summary>Ends the trials of processes that are gone, here and for all; they are given out again. The lock is held.</summary>
    private void Reap()
    {
        foreach (var (number, _) in replay.Running.Where(pair => !workers.IsAlive(pair.Value)).OrderBy(pair => pair.Key).ToList())
        {
            var lost = study.Lose(number, again: false);
            waiting.Add(End(lost));
            replay.Ended(lost, Now);
        }

        Flush();
    }

    /// <summary>Takes in what other processes wrote. The lock is held.</summary>
    private void Sync()
    {
        foreach (var line in log.Read())
        {
            try
            {
                replay.Apply(line);
            }
            catch (FormatException e)
            {
                throw new UsageException($"{log.File}: {e.Message}");
            }
        }

        control.Added = replay.Added;
    }
}
