namespace Roux.Tuning;

/// <summary>Runs a study's trials, several at a time, until it is over. A trial that fails never ends the study.</summary>
public static class StudyRunner
{
    /// <summary>
    /// Asks, tries and tells until one of the options says that it is over. Trials that run then are cancelled; a trial whose objective
    /// throws counts as failed.
    /// </summary>
    /// <param name="study">The study; others may ask and tell at the same time.</param>
    /// <param name="objective">Tries a configuration; reports through the running trial; its values are told when it returns.</param>
    /// <param name="options">How many, how long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static async Task<RunEnd> RunAsync(
        Study study, Func<RunningTrial, Task<IReadOnlyList<double>>> objective, RunOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Parallel < 1)
        {
            throw new ArgumentException($"{options.Parallel} trials at a time; at least 1", nameof(options));
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var deadline = options.Timeout is { } limit ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(over.Token, deadline.Token);
        var state = new State(study, options);
        await LoopAsync(study, objective, options, state, time, over, whole.Token).ConfigureAwait(false);
        return state.End ?? (cancellation.IsCancellationRequested ? RunEnd.Cancelled : deadline.IsCancellationRequested ? RunEnd.Timeout : RunEnd.Trials);
    }

    private static async Task LoopAsync(
        Study study, Func<RunningTrial, Task<IReadOnlyList<double>>> objective, RunOptions options, State state, TimeProvider time, CancellationTokenSource over, CancellationToken whole)
    {
        var running = new Dictionary<Task, int>();
        var slots = new SortedSet<int>(Enumerable.Range(0, options.Parallel));
        try
        {
            while (true)
            {
                var changed = options.Control?.Changed;
                while (slots.Count > 0 && !whole.IsCancellationRequested && state.End is null && state.Ask() is { } trial)
                {
                    var slot = slots.Min;
                    slots.Remove(slot);
                    running.Add(Task.Run(() => TryAsync(study, trial, slot, objective, options, state, time, whole), CancellationToken.None), slot);
                }

                if (running.Count == 0)
                {
                    return;
                }

                var done = await Task.WhenAny(changed is null || slots.Count == 0 ? running.Keys : running.Keys.Append(changed)).ConfigureAwait(false);
                if (!running.Remove(done, out var free))
                {
                    continue; // more trials are wanted than before
                }

                slots.Add(free);
                await done.ConfigureAwait(false);
                if (state.End is not null)
                {
                    await over.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch
        {
            // No trial outlives the study, whatever ended it.
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running.Keys).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task TryAsync(
        Study study, Trial trial, int slot, Func<RunningTrial, Task<IReadOnlyList<double>>> objective, RunOptions options, State state, TimeProvider time, CancellationToken whole)
    {
        using var limit = options.TrialTimeout is { } most ? new CancellationTokenSource(most, time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(whole, limit.Token);
        options.Control?.Begin(trial.Number, both);
        var running = new RunningTrial(study, trial, slot, both.Token) { Checkpoint = state.CheckpointOf(trial.Number) };
        Trial told;
        try
        {
            var values = await objective(running).ConfigureAwait(false);
            both.Token.ThrowIfCancellationRequested();
            state.Leave(trial.Number, running.Checkpoint);
            told = study.Tell(trial.Number, values, running.Constraints);
        }
        catch (TrialPrunedException)
        {
            told = study.Prune(trial.Number);
        }
        catch (TrialPausedException)
        {
            state.Leave(trial.Number, running.Checkpoint);
            told = study.Pause(trial.Number);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            told = whole.IsCancellationRequested ? study.Lose(trial.Number, again: false, "stopped: the study is over")
                : options.Control?.ReasonOf(trial.Number) is { } reason ? Stopped(study, trial.Number, reason)
                : study.Fail(trial.Number, $"took longer than {options.TrialTimeout!.Value.TotalSeconds:0.#} s");
        }
#pragma warning disable CA1031 // Whatever an objective throws fails its trial alone.
        catch (Exception e)
#pragma warning restore CA1031
        {
            told = study.Fail(trial.Number, e.Message);
            state.Retry(trial.Configuration);
        }

        options.Control?.End(trial.Number);
        state.Forget(told);
        options.Journal?.Ended(told);
        state.Ended();
    }

    private static Trial Stopped(Study study, int trial, string reason) =>
        study.Directions.Count == 1 && study.Trials[trial].Reports.Count > 0 ? study.Prune(trial) : study.Fail(trial, reason);

    private sealed class State(Study study, RunOptions options)
    {
        /// <summary>A bound takes a fit of a model, so not every trial asks for one.</summary>
        private const int EveryRegret = 5;

        private readonly Lock gate = new();
        private readonly Dictionary<Configuration, int> failures = [];
        private readonly System.Collections.Concurrent.ConcurrentDictionary<int, object> checkpoints = [];
        private int ended;

        public RunEnd? End { get; private set; }

        /// <summary>The next trial; <c>null</c> when there are as many as wanted.</summary>
        public Trial? Ask() => IsSpent ? null : options.Journal is { } journal ? journal.Ask(study, MayAsk) : MayAsk() ? study.Ask() : study.Resume();

        private bool IsSpent => options.Steps is { } most && study.Steps >= most;

        private bool MayAsk() => (options.Trials is not { } most || study.Wanted < most + (options.Control?.Added ?? 0)) && (study.Population is null || study.Population.MayAsk);

        /// <summary>What the trial left behind when it paused in this process.</summary>
        public object? CheckpointOf(int trial) => checkpoints.GetValueOrDefault(trial);

        /// <summary>Keeps it before the trial pauses: from then on another slot may take it up.</summary>
        public void Leave(int trial, object? checkpoint)
        {
            if (study.Schedule is not null && checkpoint is not null)
            {
                checkpoints[trial] = checkpoint;
            }
        }

        public void Forget(Trial told)
        {
            if (told.State != TrialState.Paused)
            {
                checkpoints.TryRemove(told.Number, out _);
            }
        }

        public void Retry(Configuration configuration)
        {
            lock (gate)
            {
                var failed = failures[configuration] = failures.GetValueOrDefault(configuration) + 1;
                if (failed <= options.Retries && study.Population is null)
                {
                    study.Enqueue(configuration);
                }
            }
        }

        public void Ended()
        {
            if (study.Directions.Count > 1)
            {
                return;
            }

            lock (gate)
            {
                var best = study.Best?.Value ?? double.NaN;
                var minimise = study.Directions[0] == Direction.Minimize;
                End ??= options.Target is { } target && (minimise ? best <= target : best >= target) ? RunEnd.Target
                    : study.SinceBest >= options.Patience ? RunEnd.Patience
                    : options.Regret is { } least && ++ended % EveryRegret == 0 && study.Regret() <= least ? RunEnd.Regret : null;
            }
        }
    }
}

/// <summary>A trial while its objective runs.</summary>
/// <param name="study">Its study.</param>
/// <param name="trial">The trial.</param>
/// <param name="slot">Which of the places for trials at the same time it has, from 0.</param>
/// <param name="cancellation">Asks the objective to stop.</param>
public sealed class RunningTrial(Study study, Trial trial, int slot, CancellationToken cancellation)
{
    /// <summary>Which of the places for trials at the same time it has, from 0: no other running trial of this process has the same.</summary>
    public int Slot => slot;

    /// <summary>Its number.</summary>
    public int Number => trial.Number;

    /// <summary>The settings to try.</summary>
    public Configuration Configuration => trial.Configuration;

    /// <summary>Asks the objective to stop: the trial took too long, or the study is over.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Constraints found out: above 0 is violated.</summary>
    public IReadOnlyList<double> Constraints { get; set; } = [];

    /// <summary>Steps to train in all, under a schedule; <c>null</c> to train to the end.</summary>
    public long? Resource => trial.Resource;

    /// <summary>Where it stands in the training of a population's member; <c>null</c> where none is trained.</summary>
    public Segment? Segment => trial.Segment;

    /// <summary>Whether it was handed out before: it paused, or its process went away.</summary>
    public bool IsResumed => trial.IsResumed;

    /// <summary>Steps that earlier turns of this trial have reported: where it goes on.</summary>
    public long Done => trial.Reports.Count == 0 ? 0 : trial.Reports.Max(report => report.Step) + 1;

    /// <summary>
    /// The state of training, for a trial that may pause: what is left here when it does is here again when it goes on in the same process. Set it
    /// before reporting. Across processes keep a file by the number of the trial.
    /// </summary>
    public object? Checkpoint { get; set; }

    /// <summary>Reports a value on the way.</summary>
    /// <exception cref="TrialPrunedException">The trial had better end now: let it through.</exception>
    /// <exception cref="TrialPausedException">The trial pauses here: let it through.</exception>
    public void Report(long step, double value)
    {
        switch (Advise(step, value))
        {
            case Advice.Prune:
                throw new TrialPrunedException($"trial {trial.Number} was pruned at step {step}");
            case Advice.Pause:
                throw new TrialPausedException($"trial {trial.Number} paused at step {step}");
        }
    }

    /// <summary>Reports a value on the way and says what to do, for who would rather not be thrown at.</summary>
    public Advice Advise(long step, double value) => study.Advise(trial.Number, step, value);
}

/// <summary>Ends a trial early.</summary>
public sealed class TrialPrunedException : Exception
{
    /// <inheritdoc/>
    public TrialPrunedException()
    {
    }

    /// <inheritdoc/>
    public TrialPrunedException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TrialPrunedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>Ends a trial for now.</summary>
public sealed class TrialPausedException : Exception
{
    /// <inheritdoc/>
    public TrialPausedException()
    {
    }

    /// <inheritdoc/>
    public TrialPausedException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public TrialPausedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
