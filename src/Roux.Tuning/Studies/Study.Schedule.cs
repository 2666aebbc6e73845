using Roux.Tuning.Numerics;

namespace Roux.Tuning;

/// <summary>What a trial had better do after a report.</summary>
public enum Advice
{
    /// <summary>Go on.</summary>
    GoOn,

    /// <summary>End now, for good: then call <see cref="Study.Prune"/>.</summary>
    Prune,

    /// <summary>Keep a checkpoint and end for now: then call <see cref="Study.Pause"/>.</summary>
    Pause,
}

/// <summary>Trials that pause at rungs and go on when they are promoted.</summary>
public sealed partial class Study
{
    private RungModel? rungModel;

    /// <summary>How far trials are trained; <c>null</c> where each is trained to its end.</summary>
    public Schedule? Schedule => options.Schedule;

    /// <summary>Steps that all trials have reported, for a budget of them.</summary>
    public long Steps
    {
        get
        {
            lock (gate)
            {
                return trials.Sum(trial => Used(trial.Number));
            }
        }
    }

    /// <summary>Reports a value on the way and says what to do next.</summary>
    /// <param name="trial">Number of a running trial.</param>
    /// <param name="step">From 0 up, such as an epoch: a report of step s says that s + 1 steps are done.</param>
    /// <param name="value">The objective so far; NaN counts as the worst there is.</param>
    /// <exception cref="ArgumentException">No such trial, told before, or the step is negative.</exception>
    public Advice Advise(int trial, long step, double value)
    {
        lock (gate)
        {
            return Report(trial, step, value) ? Advice.Prune
                : Schedule is { } schedule && trials[trial].Resource is { } resource && resource < schedule.MaxResource && Used(trial) >= resource ? Advice.Pause : Advice.GoOn;
        }
    }

    /// <summary>Ends a trial for now: it may be handed out again, to go on from its checkpoint. Its last report stands for its value.</summary>
    /// <param name="trial">Number of a running trial that has reported a value.</param>
    /// <param name="checkpoint">Where its state is kept, to be handed out with it; <c>null</c> to leave what was given before.</param>
    /// <exception cref="ArgumentException">No such trial, not running, or nothing was reported.</exception>
    /// <exception cref="InvalidOperationException">The study has no schedule, so that nothing would ever go on.</exception>
    public Trial Pause(int trial, string? checkpoint = null)
    {
        lock (gate)
        {
            var running = Running(trial);
            return Schedule is null ? throw new InvalidOperationException($"trial {trial} cannot pause: the study has no schedule that would let it go on; prune it")
                : running.Reports.Count == 0 ? throw new ArgumentException($"trial {trial} has reported no value to pause with", nameof(trial))
                : Paused(running with { Checkpoint = checkpoint ?? running.Checkpoint });
        }
    }

    /// <summary>A paused trial that goes on now, running; <c>null</c> where none has been promoted, or the study has no schedule.</summary>
    public Trial? Resume()
    {
        lock (gate)
        {
            return Schedule?.Resume(Climbers()) is { } next ? GoOn(next.Number, next.Resource) : null;
        }
    }

    /// <summary>The population that is trained; <c>null</c> where the sampler is asked.</summary>
    public Population? Population { get; }

    /// <summary>Whether there is a trial to go on with where no new configuration is wanted: one that paused, or a member of a population.</summary>
    public bool MayResume
    {
        get
        {
            lock (gate)
            {
                return Population is { } population ? population.MayAsk : Schedule?.Resume(Climbers()) is not null;
            }
        }
    }

    /// <summary>Takes in that another process working on the same study went on with a paused trial: it runs, and will be told here too.</summary>
    /// <param name="trial">Number of a paused trial.</param>
    /// <param name="resource">Steps that it is trained in all.</param>
    /// <exception cref="ArgumentException">No such trial, or not paused.</exception>
    public Trial TakeUp(int trial, long resource)
    {
        lock (gate)
        {
            return trial >= 0 && trial < trials.Count && trials[trial].State == TrialState.Paused && resource >= 1 ? GoOn(trial, resource)
                : throw new ArgumentException($"trial {trial} is not one that paused, to be trained {resource} steps", nameof(trial));
        }
    }

    /// <summary>The next segment of the population as a trial; what another process began is the same, for decisions follow from what was told.</summary>
    private Trial BeginSegment(Configuration? foreign)
    {
        var segment = Population!.Ask() ?? throw new InvalidOperationException("every member of the population is being trained, or done");
        if (foreign is not null && !space.Encode(foreign).AsSpan().SequenceEqual(space.Encode(segment.Configuration)))
        {
            throw new ArgumentException($"trial {segment.Number}: the population goes on with {segment.Configuration}, not {foreign}; was it begun with other options?", nameof(foreign));
        }

        var trial = new Trial { Number = segment.Number, Configuration = segment.Configuration, Resource = segment.To, Segment = segment };
        trials.Add(trial);
        history.Asked(trial.Number, space.Encode(trial.Configuration));
        return trial;
    }

    private Trial GoOn(int number, long resource)
    {
        var trial = trials[number] with { State = TrialState.Running, Resource = resource, Values = [], IsResumed = true };
        Keep(trial);
        history.Asked(number, space.Encode(trial.Configuration));
        return trial;
    }

    /// <summary>
    /// A trial of a study with a schedule is told the value it has at its resource: that is a report, and below the last rung a pause.
    /// <c>null</c> where the trial is to be completed.
    /// </summary>
    private Trial? AtRung(int trial, double value, string? checkpoint)
    {
        if (Schedule is not { } schedule || trials[trial].Resource is not { } resource)
        {
            return null;
        }

        if (Used(trial) < resource)
        {
            Report(trial, resource - 1, value);
        }

        return Used(trial) < schedule.MaxResource ? Paused(trials[trial] with { Checkpoint = checkpoint ?? trials[trial].Checkpoint }) : null;
    }

    /// <summary>A trial that was lost on its way waits to be handed out again.</summary>
    private Trial Paused(Trial trial)
    {
        double[] last = trial.Reports.Count > 0 && double.IsFinite(trial.Reports[^1].Value) ? [trial.Reports[^1].Value] : [];
        var told = trial with { State = TrialState.Paused, Values = last };
        Keep(told);
        history.Told(trial.Number, last.Length == 0 ? null : [Expected(told)], 0, mayGoOn: true);
        return told;
    }

    private double[] SuggestPoint(Rng random) => Schedule is { } schedule && Directions.Count == 1
        ? (rungModel ??= new RungModel(schedule)).Suggest(sampler, history, Climbers(), number => space.Encode(trials[number].Configuration), random)
        : sampler.Suggest(history, random);

    private Climber[] Climbers() =>
        [.. trials.Select(trial => new Climber(trial.Number, trial.State, trial.Resource ?? (Schedule?.MaxResource ?? 0), curves.Find(trial.Number)))];

    private long Used(int trial) => curves.Find(trial) is { } curve ? curve.LastStep + 1 : 0;
}
