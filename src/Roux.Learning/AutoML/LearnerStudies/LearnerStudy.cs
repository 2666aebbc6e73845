using System.Collections.Concurrent;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Learning.AutoML;

/// <summary>
/// One learner's settings on one table, as an objective: cross-validation with folds in order, so that a hopeless configuration can be given up
/// after a few of them. All rows with an answer are searched over.
/// </summary>
public sealed class LearnerStudy
{
    private readonly DevelopInputs inputs;
    private readonly SplitPlan plan;
    private readonly CrossValidator validator;
    private readonly DevelopOptions options;
    private readonly ConcurrentDictionary<int, CandidateResult> results = [];

    private LearnerStudy(DevelopOptions options, DevelopInputs inputs, SplitPlan plan, Learner learner, Metric metric)
    {
        (this.options, this.inputs, this.plan, Learner, Metric) = (options, inputs, plan, learner, metric);

        // One thread: folds one after another, for the pruner to judge between them; trials are what runs side by side.
        validator = new CrossValidator(plan.Table, inputs.FeatureColumns, plan.Target, plan.Folds, metric, options.Seed, threads: 1);
        var parameters = learner.Space(inputs.Task).Parameters;
        Space = new SearchSpace(TargetScale.IsSkewed(plan.Target) ? [.. parameters, new CategoricalParameter(Candidate.TargetTransformKey, ["none", "log1p"])] : parameters);
    }

    /// <summary>What is tuned.</summary>
    public Learner Learner { get; }

    /// <summary>What counts: the mean over the folds.</summary>
    public Metric Metric { get; }

    /// <summary>The learner's own description of its settings, and the transformation of a skewed target.</summary>
    public SearchSpace Space { get; }

    /// <summary>Rows searched over.</summary>
    public int Rows => plan.Table.RowCount;

    /// <summary>Held-out parts of the cross-validation.</summary>
    public int Folds => plan.Folds.Count;

    /// <summary>Which way the metric is better.</summary>
    public Direction Direction => Metric.HigherIsBetter ? Direction.Maximize : Direction.Minimize;

    /// <summary>Reads the data and lays the folds.</summary>
    /// <param name="options">Data, target, roles, folds, metric, seed.</param>
    /// <param name="learner">Name of the learner.</param>
    /// <param name="note">Takes remarks about the data.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="DataException">The data cannot be read, or there is no such column, learner or metric.</exception>
    public static LearnerStudy Open(DevelopOptions options, string learner, Action<string> note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inputs = DevelopInputs.ReadLabelled(options, note, cancellation);
        var plan = SplitPlan.Of(inputs, options, note);
        string[] tunable = [.. LearnerCatalog.For(inputs.Task).Where(other => other.Space(inputs.Task).Parameters.Count > 0).Select(other => other.Card.Name)];
        var found = tunable.Contains(learner) ? LearnerCatalog.Find(learner)!
            : throw new DataException(LearnerCatalog.Find(learner) is { } other && other.Supports(inputs.Task) ? $"--learner '{learner}': it has no settings to tune; learners: {string.Join(", ", tunable)}"
                : NearestName.Message("--learner", learner, "learner", tunable));
        if (found.Unsuitable(inputs.Task, plan.Table.RowCount, inputs.FeatureColumns.Count) is { } reason)
        {
            note($"{learner}: {reason}");
        }

        return new LearnerStudy(options, inputs, plan, found, Development.HeadlineMetric(options, inputs.Task));
    }

    /// <summary>Tries a configuration.</summary>
    /// <param name="trial">The trial; it hears of every fold.</param>
    /// <returns>The mean over all folds, their scores, and seconds that a fold took to fit.</returns>
    /// <exception cref="TrialPrunedException">It was given up between two folds.</exception>
    /// <exception cref="LearnerException">The learner failed; the message says why.</exception>
    public (double Mean, IReadOnlyList<double> Scores, double FitSeconds) Try(RunningTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        TrialPrunedException? pruned = null;
        var result = validator.Score(CandidateOf(trial.Configuration), scores =>
        {
            try
            {
                trial.Report(scores.Count - 1, scores[^1]);
                return null;
            }
            catch (TrialPrunedException e)
            {
                pruned = e;
                return "pruned";
            }
        }, null, trial.Cancellation);
        trial.Cancellation.ThrowIfCancellationRequested();
        if (pruned is not null)
        {
            throw pruned;
        }

        if (!result.IsComplete || !double.IsFinite(result.Mean))
        {
            throw new LearnerException(result.Stopped ?? $"its {Metric.Name} is not finite");
        }

        results[trial.Number] = result;
        return (result.Mean, result.Scores, result.FitSeconds);
    }

    /// <summary>The mean over the folds with the learner's usual settings; NaN where they fail.</summary>
    public double Default(CancellationToken cancellation) => validator.Score(CandidateOf(Learner.Portfolio(inputs.Task)[0]), _ => null, null, cancellation) is { IsComplete: true } result ? result.Mean : double.NaN;

    /// <summary>
    /// What the winner of a study is worth on new rows: its score corrected for having been chosen as the best of many, by the bootstrap
    /// (Tsamardinos, Greasidou and Borboudakis 2018). Trials of earlier processes are scored again, for their predictions are needed.
    /// </summary>
    /// <param name="study">The study, with its trials.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns><c>null</c> with fewer than two complete trials.</returns>
    public CorrectedScore? Correct(Study study, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        var best = study.Trials.Where(trial => trial.State == TrialState.Complete).OrderBy(trial => Metric.HigherIsBetter ? -trial.Value : trial.Value).Take(CorrectedScore.MostConfigurations).ToArray();
        var parts = best.Select(trial => results.TryGetValue(trial.Number, out var known) ? known : validator.Score(CandidateOf(trial.Configuration), _ => null, null, cancellation))
            .Select(result => OutOfFold.Of(result, plan)).OfType<OutOfFold>().ToArray();
        return parts.Length < 2 || parts.Any(part => !part.Rows.AsSpan().SequenceEqual(parts[0].Rows)) ? null
            : CorrectedScore.Of(parts[0].Target, [.. parts.Select(part => part.Predictions)], Metric, Seeds.Derive(options.Seed, "bbc"), cancellation);
    }

    /// <summary>
    /// Tunes anew on the training part of each of some outer folds and scores the winner on the rest: an estimate without optimism, for as many
    /// times the work (Varma and Simon 2006; Cawley and Talbot 2010).
    /// </summary>
    /// <param name="outer">Outer folds, at least 2.</param>
    /// <param name="trials">Trials in each.</param>
    /// <param name="search">How to search; its sampler serves one study, so one is made for each.</param>
    /// <param name="told">Hears of each outer fold: its number and score.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>The score of each outer fold.</returns>
    public async Task<IReadOnlyList<double>> NestedAsync(int outer, int trials, Func<StudyOptions> search, Action<int, double> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(told);
        var rounds = SplitPlan.Of(inputs with { Development = plan.Table, DevelopmentTarget = plan.Target }, options with { Folds = outer }, _ => { }).Folds;
        var scores = new List<double>();
        foreach (var (round, number) in rounds.Select((fold, i) => (fold, i)))
        {
            var part = inputs with { Development = plan.Table.Take(round.Train), DevelopmentTarget = plan.Target.Take(round.Train) };
            var inner = new LearnerStudy(options, part, SplitPlan.Of(part, options, _ => { }), Learner, Metric);
            var study = new Study(inner.Space, search());
            await StudyRunner.RunAsync(study, trial => Task.FromResult<IReadOnlyList<double>>([inner.Try(trial).Mean]), new RunOptions { Trials = trials }, TimeProvider.System, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            var winner = study.Best?.Configuration ?? Learner.Portfolio(inputs.Task)[0];
            var final = new CrossValidator(plan.Table, inputs.FeatureColumns, plan.Target, [round], Metric, options.Seed, threads: 1).Score(CandidateOf(winner), _ => null, null, cancellation);
            scores.Add(final.Mean);
            told(number, final.Mean);
        }

        return scores;
    }

    private Candidate CandidateOf(Configuration configuration) => new(Learner.Card.Name, Learner, configuration);
}
