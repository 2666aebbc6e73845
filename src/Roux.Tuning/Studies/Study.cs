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
public sealed class Study
{
    private const int ConstraintTries = 1_000;

    private readonly Lock gate = new();
    private readonly StudyOptions options;
    private readonly UnitSpace space;
    private readonly History history;
    private readonly Sampler sampler;
    private readonly List<Trial> trials = [];
    private readonly SortedDictionary<int, Curve> curves = [];
    private readonly Queue<Configuration> enqueued = new();

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
                return trials.Where(trial => trial.State == TrialState.Complete && Violation(trial.Constraints) == 0)
                    .MinBy(trial => Directions[0] == Direction.Minimize ? trial.Value : -trial.Value);
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

    /// <summary>The next trial, running.</summary>
    /// <exception cref="InvalidOperationException">The known constraint refuses everything that was drawn.</exception>
    public Trial Ask()
    {
        lock (gate)
        {
            var number = trials.Count;
            var configuration = enqueued.TryDequeue(out var waiting) ? waiting : Suggest(number);
            var trial = new Trial { Number = number, Configuration = configuration };
            trials.Add(trial);
            history.Asked(number, space.Encode(configuration));
            return trial;
        }
    }

    /// <summary>Reports a value on the way.</summary>
    /// <param name="trial">Number of a running trial.</param>
    /// <param name="step">From 0 up, such as an epoch.</param>
    /// <param name="value">The objective so far; NaN counts as the worst there is.</param>
    /// <returns>Whether the trial had better end now: then call <see cref="Prune"/>.</returns>
    /// <exception cref="ArgumentException">No such trial, told before, or the step is negative.</exception>
    public bool Report(int trial, long step, double value)
    {
        if (step < 0)
        {
            throw new ArgumentException($"trial {trial}: step {step}; steps count from 0", nameof(step));
        }

        lock (gate)
        {
            var running = Running(trial);
            var reported = running with { Reports = [.. running.Reports, (step, value)] };
            trials[trial] = reported;
            curves[trial] = Curve.Of(reported, Directions[0]);
            return Directions.Count == 1 && options.Pruner is { } pruner && pruner != Pruner.None
                && pruner.IsHopeless(curves[trial], [.. curves.Where(pair => pair.Key != trial).Select(pair => pair.Value)]);
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
    /// <exception cref="ArgumentException">No such trial, told before, or the values are not what the study needs.</exception>
    public Trial Tell(int trial, IReadOnlyList<double> values, IReadOnlyList<double>? constraints = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        lock (gate)
        {
            var running = Running(trial);
            if (values.Count != Directions.Count)
            {
                throw new ArgumentException($"trial {trial}: {values.Count} values for {Directions.Count} objectives", nameof(values));
            }

            if (values.Any(value => !double.IsFinite(value)))
            {
                throw new ArgumentException($"trial {trial}: a value must be finite, not {string.Join(", ", values.Select(value => Configuration.Format(value)))}; tell that the trial failed", nameof(values));
            }

            var told = running with { State = TrialState.Complete, Values = [.. values], Constraints = [.. constraints ?? []] };
            Keep(told);
            history.Told(trial, Minimised(values), Violation(told.Constraints));
            return told;
        }
    }

    /// <summary>Ends a trial without a value; the study goes on.</summary>
    /// <exception cref="ArgumentException">No such trial, or told before.</exception>
    public Trial Fail(int trial, string? error = null)
    {
        lock (gate)
        {
            var told = Running(trial) with { State = TrialState.Failed, Error = error };
            Keep(told);
            history.Told(trial, null, 0);
            return told;
        }
    }

    private void Restore(Trial trial)
    {
        trials.Add(trial);
        history.Asked(trial.Number, space.Encode(trial.Configuration));
        if (trial.Reports.Count > 0)
        {
            curves[trial.Number] = Curve.Of(trial, Directions[0]);
        }

        switch (trial.State)
        {
            case TrialState.Complete:
                history.Told(trial.Number, Minimised(trial.Values), Violation(trial.Constraints));
                break;
            case TrialState.Pruned when trial.Values.Count > 0 && curves.ContainsKey(trial.Number):
                history.Told(trial.Number, [Expected(trial)], 0);
                break;
            case TrialState.Running:
                Keep(trial with { State = TrialState.Failed, Error = "the process that tried it went away" });
                history.Told(trial.Number, null, 0);
                enqueued.Enqueue(trial.Configuration);
                break;
            default:
                history.Told(trial.Number, null, 0);
                break;
        }
    }

    private void Keep(Trial told)
    {
        trials[told.Number] = told;
        if (curves.TryGetValue(told.Number, out var curve))
        {
            curves[told.Number] = curve with { State = told.State };
        }
    }

    /// <summary>
    /// What a pruned trial would have come to, to be minimised: its last value, moved as the complete trials moved (in the middle) from
    /// the same step to their end.
    /// </summary>
    private double Expected(Trial pruned)
    {
        var curve = curves[pruned.Number];
        var moves = trials.Where(trial => trial.State == TrialState.Complete && curves.ContainsKey(trial.Number))
            .Select(trial => (Directions[0] == Direction.Minimize ? trial.Value : -trial.Value) - curves[trial.Number].At(curve.LastStep)).OfType<double>().Where(double.IsFinite).Order().ToArray();
        return curve.Values[^1] + (moves.Length == 0 ? 0 : moves[moves.Length / 2]);
    }

    private Configuration Suggest(int number)
    {
        var random = new Rng(options.Seed, number);
        var configuration = space.Decode(sampler.Suggest(history, random));
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

    /// <summary>
    /// Share of the objective's variance that each parameter explains by itself, as far as the complete trials show: functional ANOVA over
    /// a random forest (Hutter, Hoos and Leyton-Brown 2014), largest first. Empty before ten trials are complete.
    /// </summary>
    /// <param name="objective">Which one, from 0.</param>
    public IReadOnlyList<(string Parameter, double Importance)> Importance(int objective = 0)
    {
        lock (gate)
        {
            const int Enough = 10;
            if (history.Observations.Count < Enough)
            {
                return [];
            }

            var y = OutputScale.Apply([.. history.Observations.Select(observation => observation.Values[objective])]);
            var forest = RandomForest.Fit(space, [.. history.Observations.Select(observation => observation.Point)], y, new Rng(options.Seed, -1), 64);
            return [.. forest.MainEffects(space).Select((effect, i) => (Space.Parameters[i].Name, effect)).OrderByDescending(pair => pair.effect)];
        }
    }

    private Trial Running(int number) => number < 0 || number >= trials.Count
        ? throw new ArgumentException($"trial {number}: no such trial; ask for one first", nameof(number))
        : trials[number] is { State: TrialState.Running } trial ? trial
        : throw new ArgumentException($"trial {number} was told before ({trials[number].State.ToString().ToLowerInvariant()}); a trial is told once", nameof(number));

    private double[] Minimised(IReadOnlyList<double> values) => [.. values.Select((value, index) => Directions[index] == Direction.Minimize ? value : -value)];

    private static double Violation(IReadOnlyList<double> constraints) => constraints.Sum(value => Math.Max(0, double.IsNaN(value) ? double.PositiveInfinity : value));
}
