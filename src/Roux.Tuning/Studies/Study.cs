using Roux.Tuning.Numerics;
using Roux.Tuning.Surrogates;

namespace Roux.Tuning;

/// <summary>
/// A search for the best configuration: ask for one, try it, tell how it did. Safe to use from many threads; a seed, and the same
/// order of asking and telling, give the same trials.
/// <code>
/// var study = new Study(new SearchSpace(new FloatParameter("x", -5, 5)));
/// for (var i = 0; i &lt; 50; i++)
/// {
///     var trial = study.Ask();
///     study.Tell(trial.Number, Math.Pow(trial.Configuration.Float("x", 0) - 2, 2));
/// }
/// </code>
/// </summary>
public sealed partial class Study
{
    private const int ConstraintTries = 1_000;
    private const int MostMoves = 200;

    private readonly Lock gate = new();
    private readonly StudyOptions options;
    private readonly UnitSpace space;
    private readonly History history;
    private readonly Sampler sampler;
    private readonly List<Trial> trials = [];
    private readonly CurveSet curves = new();
    private readonly Queue<Configuration> enqueued = new();
    private readonly List<int> withCurve = [];
    private Trial? best;
    private int lost;
    private int sinceBest;

    /// <summary>A study over a space.</summary>
    /// <exception cref="ArgumentException">No objective is given.</exception>
    public Study(SearchSpace searchSpace, StudyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(searchSpace);
        this.options = options ?? new StudyOptions();
        if (this.options.Directions.Count == 0)
        {
            throw new ArgumentException("a study needs at least one objective", nameof(options));
        }

        if (this.options.Schedule is not null && this.options.Directions.Count > 1)
        {
            throw new ArgumentException("a schedule of resources needs a study with one objective", nameof(options));
        }

        if (this.options.Population is { } population)
        {
            Population = this.options.Schedule is null && this.options.Directions.Count == 1 ? new Population(searchSpace, population with { Direction = this.options.Directions[0], Seed = this.options.Seed })
                : throw new ArgumentException("a population is trained towards one objective, and without a schedule", nameof(options));
        }

        space = new UnitSpace(searchSpace);
        history = new History(space, this.options.Directions.Count) { Budget = this.options.Trials, Seed = this.options.Seed };
        sampler = this.options.Sampler ?? new AutoSampler();
    }

    /// <summary>The hyperparameters and their ranges.</summary>
    public SearchSpace Space => space.Space;

    /// <summary>Which way each objective is better.</summary>
    public IReadOnlyList<Direction> Directions => options.Directions;

    /// <summary>Every trial so far, by number.</summary>
    public IReadOnlyList<Trial> Trials
    {
        get
        {
            lock (gate)
            {
                return [.. trials];
            }
        }
    }

    /// <summary>The complete trial with the best value, the earliest of equals; of a study with constraints the best that violates none. <c>null</c> before there is one.</summary>
    /// <exception cref="InvalidOperationException">The study has several objectives: see <see cref="ParetoFront"/>.</exception>
    public Trial? Best
    {
        get
        {
            if (Directions.Count != 1)
            {
                throw new InvalidOperationException("a study of several objectives has no single best trial; ask for the Pareto front");
            }

            lock (gate)
            {
                return best;
            }
        }
    }

    /// <summary>Trials asked for, without those that were lost with their process.</summary>
    internal int Wanted
    {
        get
        {
            lock (gate)
            {
                return trials.Count - lost;
            }
        }
    }

    /// <summary>Trials that ended since the best one did.</summary>
    internal int SinceBest
    {
        get
        {
            lock (gate)
            {
                return sinceBest;
            }
        }
    }

    /// <summary>The complete trials that no other one beats in every objective, by number.</summary>
    public IReadOnlyList<Trial> ParetoFront
    {
        get
        {
            lock (gate)
            {
                var complete = trials.Where(trial => trial.State == TrialState.Complete && Violation(trial.Constraints) == 0).ToArray();
                var front = Pareto.Front([.. complete.Select(trial => Minimised(trial.Values))]);
                return [.. front.Select(index => complete[index])];
            }
        }
    }

    /// <summary>The volume, in the objectives' units, between the Pareto front and a point that bounds it; 0 where no trial is better than that point in every objective.</summary>
    /// <param name="reference">One value a direction, worse than what counts.</param>
    /// <exception cref="ArgumentException">Not one value a direction.</exception>
    public double Hypervolume(IReadOnlyList<double> reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference.Count != Directions.Count
            ? throw new ArgumentException($"{reference.Count} values for {Directions.Count} objectives", nameof(reference))
            : Pareto.Hypervolume([.. ParetoFront.Select(trial => Minimised(trial.Values))], Minimised(reference));
    }

    /// <summary>
    /// Takes up the trials of an earlier process of the same study, before the first is asked for. One that was running then counts as
    /// failed, and its configuration is given out again.
    /// </summary>
    /// <exception cref="InvalidOperationException">Trials were asked for already.</exception>
    /// <exception cref="ArgumentException">Numbers are not 0, 1, 2, …, or a configuration is not of this space.</exception>
    public void Restore(IEnumerable<Trial> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        lock (gate)
        {
            if (trials.Count > 0)
            {
                throw new InvalidOperationException("trials can be restored only before the first is asked for");
            }

            if (Population is not null)
            {
                throw new InvalidOperationException("a population is taken up by adopting and telling its trials in their order");
            }

            foreach (var trial in earlier.OrderBy(trial => trial.Number))
            {
                Space.Check(trial.Configuration);
                if (trial.Number != trials.Count)
                {
                    throw new ArgumentException($"trial {trial.Number} follows {trials.Count - 1}: numbers have no gaps", nameof(earlier));
                }

                Restore(trial);
            }
        }
    }

    /// <summary>
    /// Tells the sampler of results from elsewhere, such as an earlier study of a space that overlaps: parameters that this space does
    /// not have are ignored, those that are missing count as in the middle. They are no trials of this study and cannot be its best.
    /// </summary>
    /// <param name="results">Settings and their values, one a direction.</param>
    public void WarmStart(IEnumerable<(Configuration Configuration, IReadOnlyList<double> Values)> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        lock (gate)
        {
            foreach (var (configuration, values) in results)
            {
                if (values.Count == Directions.Count && values.All(double.IsFinite))
                {
                    var known = configuration.Where(pair => Space.Parameters.Any(parameter => parameter.Name == pair.Key));
                    history.Learned(space.Encode(new Configuration(known)), Minimised(values));
                }
            }
        }
    }

    /// <summary>Puts a configuration in front of what the sampler would choose: a default, or what did well elsewhere.</summary>
    /// <exception cref="ArgumentException">Not a point of the space.</exception>
    public void Enqueue(Configuration configuration)
    {
        Space.Check(configuration);
        lock (gate)
        {
            enqueued.Enqueue(configuration);
        }
    }

    /// <summary>The next trial, running: a new one, or under a schedule one that was paused and goes on.</summary>
    /// <exception cref="InvalidOperationException">The known constraint refuses everything that was drawn.</exception>
    public Trial Ask()
    {
        lock (gate)
        {
            return Population is not null ? BeginSegment(null) : Resume() ?? Begin(enqueued.TryDequeue(out var waiting) ? waiting : Suggest(trials.Count));
        }
    }

    /// <summary>Takes in a trial that another process working on the same study has asked for: it runs, and will be told here too.</summary>
    /// <param name="configuration">Its settings; its number is the next.</param>
    /// <exception cref="ArgumentException">Not a point of the space.</exception>
    public Trial Adopt(Configuration configuration)
    {
        Space.Check(configuration);
        lock (gate)
        {
            return Population is not null ? BeginSegment(configuration) : Begin(configuration);
        }
    }

    /// <summary>Reports a value on the way.</summary>
    /// <param name="trial">Number of a running trial.</param>
    /// <param name="step">From 0 up, such as an epoch.</param>
    /// <param name="value">The objective so far; NaN counts as the worst there is.</param>
    /// <param name="judge">Whether the pruner is asked.</param>
    /// <returns>Whether the trial had better end now: then call <see cref="Prune"/>.</returns>
    /// <exception cref="ArgumentException">No such trial, told before, or the step is negative.</exception>
    public bool Report(int trial, long step, double value, bool judge = true)
    {
        if (step < 0)
        {
            throw new ArgumentException($"trial {trial}: step {step}; steps count from 0", nameof(step));
        }

        lock (gate)
        {
            var running = Running(trial);
            trials[trial] = running with { Reports = ReportSeries.Of(running.Reports, step, value) };
            var curve = curves.Find(trial) ?? curves.Add(new Curve(trial));
            curve.Add(step, value, Directions[0]);
            return judge && Directions.Count == 1 && options.Pruner is { } pruner && pruner != Pruner.None && pruner.IsHopeless(curve, curves.Except(trial));
        }
    }

    /// <summary>Ends a trial early; its last report stands for its value.</summary>
    /// <exception cref="ArgumentException">No such trial, or told before.</exception>
    public Trial Prune(int trial)
    {
        lock (gate)
        {
            var running = Running(trial);
            double[] last = running.Reports.Count > 0 && double.IsFinite(running.Reports[^1].Value) && Directions.Count == 1 ? [running.Reports[^1].Value] : [];
            var told = running with { State = TrialState.Pruned, Values = last };
            Keep(told);
            Population?.Fail(trial, "pruned");
            history.Told(trial, last.Length == 0 ? null : [Expected(told)], 0);
            return told;
        }
    }

    /// <summary>Completes a trial of a study with one objective.</summary>
    /// <exception cref="ArgumentException">No such trial, told before, or the value is not finite (then tell that it failed).</exception>
    public Trial Tell(int trial, double value) => Tell(trial, [value]);

    /// <summary>Completes a trial.</summary>
    /// <param name="trial">Number of a running trial.</param>
    /// <param name="values">One a direction, finite.</param>
    /// <param name="constraints">Constraints found out with it: above 0 is violated.</param>
    /// <param name="checkpoint">Under a schedule, where its state is kept: below the last rung the trial pauses.</param>
    /// <exception cref="ArgumentException">No such trial, told before, or the values are not what the study needs.</exception>
    public Trial Tell(int trial, IReadOnlyList<double> values, IReadOnlyList<double>? constraints = null, string? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        lock (gate)
        {
            Running(trial);
            if (values.Count != Directions.Count)
            {
                throw new ArgumentException($"trial {trial}: {values.Count} values for {Directions.Count} objectives", nameof(values));
            }

            if (values.Any(value => !double.IsFinite(value)))
            {
                throw new ArgumentException($"trial {trial}: a value must be finite, not {string.Join(", ", values.Select(value => Configuration.Format(value)))}; tell that the trial failed", nameof(values));
            }

            if (AtRung(trial, values[0], checkpoint) is { } paused)
            {
                return paused;
            }

            var told = trials[trial] with { State = TrialState.Complete, Values = [.. values], Constraints = [.. constraints ?? []] };
            Keep(told);
            Population?.Tell(trial, values[0]);
            history.Told(trial, Minimised(values), Violation(told.Constraints));
            return told;
        }
    }

    /// <summary>Ends a trial without a value; the study goes on.</summary>
    /// <exception cref="ArgumentException">No such trial, or told before.</exception>
    public Trial Fail(int trial, string? error = null) => Fail(trial, error, isLost: false);

    /// <summary>Ends a trial whose process went away, or that was stopped with its study: it counts as failed, but not as one of the trials that the study was to have.</summary>
    /// <param name="trial">Number of a running trial.</param>
    /// <param name="again">Whether to give its configuration out again, before what the sampler would choose.</param>
    /// <param name="reason">Why; by default that the process went away.</param>
    /// <exception cref="ArgumentException">No such trial, or told before.</exception>
    public Trial Lose(int trial, bool again = true, string? reason = null)
    {
        lock (gate)
        {
            var told = Fail(trial, reason ?? Trial.LostError, isLost: true);
            if (again && told.State == TrialState.Failed && Population is null)
            {
                enqueued.Enqueue(told.Configuration);
            }

            return told;
        }
    }

    private Trial Fail(int trial, string? error, bool isLost)
    {
        lock (gate)
        {
            if (isLost && Schedule is not null)
            {
                return Paused(Running(trial));
            }

            var told = Running(trial) with { State = TrialState.Failed, Error = error, IsLost = isLost };
            Keep(told);
            Population?.Fail(trial, isLost ? Trial.LostError : error);
            history.Told(trial, null, 0);
            return told;
        }
    }

    private Trial Begin(Configuration configuration)
    {
        var trial = new Trial { Number = trials.Count, Configuration = configuration, Resource = Schedule?.First(trials.Count) };
        trials.Add(trial);
        history.Asked(trial.Number, space.Encode(configuration));
        return trial;
    }

    private void Restore(Trial trial)
    {
        trials.Add(trial);
        history.Asked(trial.Number, space.Encode(trial.Configuration));
        if (trial.Reports.Count > 0)
        {
            curves.Add(Curve.Of(trial, Directions[0]));
        }

        switch (trial.State)
        {
            case TrialState.Complete:
                Keep(trial);
                history.Told(trial.Number, Minimised(trial.Values), Violation(trial.Constraints));
                break;
            case TrialState.Pruned when trial.Values.Count > 0 && curves.Find(trial.Number) is not null:
                Keep(trial);
                history.Told(trial.Number, [Expected(trial)], 0);
                break;
            case TrialState.Paused or TrialState.Running when Schedule is { } schedule:
                Paused(trial with { Resource = trial.Resource ?? schedule.First(trial.Number) });
                break;
            case TrialState.Running or TrialState.Paused:
                Keep(trial with { State = TrialState.Failed, Error = Trial.LostError, IsLost = true });
                history.Told(trial.Number, null, 0);
                enqueued.Enqueue(trial.Configuration);
                break;
            default:
                Keep(trial);
                history.Told(trial.Number, null, 0);
                break;
        }
    }

    private void Keep(Trial told)
    {
        trials[told.Number] = told;
        if (curves.Find(told.Number) is { } curve)
        {
            curve.State = told.State;
            if (told.State == TrialState.Complete)
            {
                withCurve.Add(told.Number);
            }
        }

        if (told.IsLost)
        {
            lost++;
            return;
        }

        if (told.State is TrialState.Running or TrialState.Paused)
        {
            return;
        }

        var isBest = Directions.Count == 1 && told.State == TrialState.Complete && Violation(told.Constraints) == 0
            && (best is null || Minimised(told.Values)[0].CompareTo(Minimised(best.Values)[0]) is var order && (order < 0 || order == 0 && told.Number < best.Number));
        sinceBest = isBest && (best is null || told.Value != best.Value) ? 0 : sinceBest + 1;
        best = isBest ? told : best;
    }

    /// <summary>
    /// What a pruned trial would have come to, to be minimised: its last value, moved as the complete trials moved (in the middle) from
    /// the same step to their end. Of many trials the latest are looked at.
    /// </summary>
    private double Expected(Trial pruned)
    {
        var curve = curves.Find(pruned.Number)!;
        var moves = withCurve.TakeLast(MostMoves).Select(number => Minimised(trials[number].Values)[0] - curves.Find(number)!.At(curve.LastStep)).OfType<double>().Where(double.IsFinite).Order().ToArray();
        return curve.Values[^1] + (moves.Length == 0 ? 0 : moves[moves.Length / 2]);
    }

    private Configuration Suggest(int number)
    {
        var random = new Rng(options.Seed, number);
        var configuration = space.Decode(SuggestPoint(random));
        if (options.Allowed is not { } allowed || allowed(configuration))
        {
            return configuration;
        }

        for (var i = 0; i < ConstraintTries; i++)
        {
            configuration = space.Decode(space.Draw(random));
            if (allowed(configuration))
            {
                return configuration;
            }
        }

        throw new InvalidOperationException($"the known constraint refused {ConstraintTries:N0} random configurations in a row; widen the space or loosen the constraint");
    }

    private Trial Running(int number) => number < 0 || number >= trials.Count
        ? throw new ArgumentException($"trial {number}: no such trial; ask for one first", nameof(number))
        : trials[number] is { State: TrialState.Running } trial ? trial
        : throw new ArgumentException($"trial {number} was told before ({trials[number].State.ToString().ToLowerInvariant()}); a trial is told once", nameof(number));

    private double[] Minimised(IReadOnlyList<double> values) => [.. values.Select((value, index) => Directions[index] == Direction.Minimize ? value : -value)];

    private static double Violation(IReadOnlyList<double> constraints) => constraints.Sum(value => Math.Max(0, double.IsNaN(value) ? double.PositiveInfinity : value));
}
