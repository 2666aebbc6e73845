using System.Diagnostics;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Features;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Rules;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>
/// The main job: from a table to a trusted, tracked, registered model. Profile, baselines, families in cross-validation,
/// tuning of the best within a budget, a final fit, one score on rows that no step has seen, a verdict.
/// </summary>
public sealed class Development
{
    /// <summary>The tag of a run that names its headline metric.</summary>
    public const string MetricTag = "roux.metric";

    private const double ShareOfChecks = 0.1;
    private const double LeastSeconds = 1;

    private readonly DevelopOptions options;
    private readonly Tracker tracker;
    private readonly IDevelopObserver observer;
    private readonly IModelMeter? meter;
    private readonly TimeProvider clock;
    private readonly List<string> notes = [];
    private readonly List<(string Phase, double Seconds)> phases = [];
    private readonly List<(string Name, string Reason)> skipped = [];
    private readonly Stopwatch phaseWatch = Stopwatch.StartNew();
    private string? phase;

    private Development(DevelopOptions options, Tracker tracker, IDevelopObserver observer, IModelMeter? meter, TimeProvider clock) =>
        (this.options, this.tracker, this.observer, this.meter, this.clock) = (options, tracker, observer, meter, clock);

    /// <summary>Runs the job.</summary>
    /// <param name="options">What from, and within what.</param>
    /// <param name="tracker">Where every step is recorded.</param>
    /// <param name="capture">Captures the environment of the job's run until it is disposed; may be <c>null</c>.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="meter">Measures models in a process of their own; <c>null</c> for measuring them in this one.</param>
    /// <param name="clock">The clock of the time budget.</param>
    /// <param name="stop">The first request to stop: the job ends the search and finishes with what there is.</param>
    /// <param name="finish">Makes the report of a result and returns its HTML.</param>
    /// <exception cref="DataException">The data cannot be used; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">Stopped before any candidate was scored.</exception>
    public static DevelopResult Run(DevelopOptions options, Tracker tracker, Func<Run, IDisposable?> capture, IDevelopObserver observer, IModelMeter? meter, TimeProvider clock, Func<DevelopResult, string> finish, CancellationToken stop) =>
        new Development(options, tracker, observer, meter, clock).Run(capture, finish, stop);

    private int Threads => options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

    private DevelopResult Run(Func<Run, IDisposable?> capture, Func<DevelopResult, string> finish, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        Enter("data");
        var inputs = DevelopInputs.Read(options, Note, stop);
        var journal = DevelopJournal.Open(tracker, options, inputs, capture, clock);
        try
        {
            var budget = new Budget(options.TimeBudget, options.Trials, journal.Spent + clock.GetElapsedTime(started), clock);
            var result = Develop(inputs, journal, budget, stop);
            Enter("report");
            result = result with { Seconds = budget.Elapsed.TotalSeconds, Phases = [.. phases], Notes = [.. notes] };
            result = journal.Complete(result, finish);
            return result;
        }
        catch (Exception e)
        {
            journal.Abandon(e, interrupted: stop.IsCancellationRequested);
            throw;
        }
        finally
        {
            journal.Dispose();
        }
    }

    private DevelopResult Develop(DevelopInputs inputs, DevelopJournal journal, Budget budget, CancellationToken stop)
    {
        Enter("profile");
        var profile = Profile.Of(inputs.Development, inputs.Columns, inputs.DevelopmentTarget, ct: stop);
        journal.Profile(profile);
        var ofData = OfData(inputs, budget, stop);

        var metric = HeadlineMetric(options, inputs.Task);
        journal.Uses(metric);
        var plan = SplitPlan.Of(inputs, options, Note);
        journal.Splits(plan);
        var validator = new CrossValidator(plan.Table, inputs.FeatureColumns, plan.Target, plan.Folds, metric, options.Seed, Threads);
        var existing = ExistingCompetitor.Ask(options, inputs, plan, budget, clock, Note, stop);
        var setting = new SearchSetting
        {
            Task = inputs.Task,
            Learners = inputs.Learners,
            Rules = options.RulesPath is { } rules ? RuleSet.Load(rules) : null,
            Existing = existing,
            Seed = options.Seed,
            TrainingRows = plan.Folds[0].Train.Length,
            InputColumns = inputs.FeatureColumns.Count,
            RefitFactor = (double)inputs.Development.RowCount / plan.Folds[0].Train.Length,
            TryLogTarget = TargetScale.IsSkewed(plan.Target),
            Ensemble = options.Ensemble,
        };
        var search = new Search(validator, setting, budget, new SearchReporter(this, journal), journal.Known(inputs.Learners, plan));
        search.Run(stop);

        var ranked = search.Ranked();
        var fittable = ranked.Where(result => !Search.IsFixed(result)).ToList();
        if (fittable.Count == 0)
        {
            stop.ThrowIfCancellationRequested();
            throw new DataException("no candidate could be fitted: " + string.Join("; ", search.Results.Where(result => result.Stopped is not null).Select(result => $"{result.Name}: {result.Stopped}").Distinct().Take(3)));
        }

        var board = Leaderboard.Of(ranked, metric, plan.TestTrainRatio);
        var preferred = options.PreferSimple && !Search.IsFixed(board.Simplest) ? [board.Simplest, .. fittable.Where(result => result != board.Simplest)] : fittable;

        Enter("final fit");
        var costs = new CostMeter(result => FinalFit.Fit(result, search.Results, inputs, validator, options.Seed, journal.Metadata), meter, CostMeter.Sample(inputs, options.Seed), options, Note);
        var choice = WinnerChoice.Make(preferred, options.Limits, costs, setting.RefitFactor, budget, stop);
        var (winner, pipeline) = (choice.Winner.Result, choice.Winner.Pipeline);
        Enter("calibration");
        var refinement = Refinement.Of(winner, plan, metric, options, inputs.Goal);
        Enter("test");
        var averaged = pipeline.Predict(inputs.Test, CancellationToken.None);
        pipeline = pipeline.With(refinement.Calibrator, refinement.Rule);
        var predictions = pipeline.Finish(averaged);
        refinement = refinement.Tested(inputs.TestTarget, averaged, predictions, inputs.Goal);
        var test = Evaluator.Evaluate(inputs.TestTarget, predictions, metric, options.Seed, cancellation: CancellationToken.None);
        var permutation = Explanation.Permutation(pipeline, inputs, metric, budget, options.Seed, stop);
        Enter("evidence");
        var evidence = EvidenceGathering.Gather(new EvidenceContext
        {
            Options = options,
            Inputs = inputs,
            Plan = plan,
            Metric = metric,
            Ranked = ranked,
            Board = board,
            Winner = winner,
            Pipeline = pipeline,
            Choice = choice with { Winner = choice.Winner with { Pipeline = pipeline } },
            Meter = costs,
            RefitFactor = setting.RefitFactor,
            Test = test,
            Refinement = refinement,
            TestPredictions = predictions,
            Existing = existing,
            Budget = budget,
            Threads = Threads,
            Note = Note,
            Stop = stop,
        });
        var result = new DevelopResult
        {
            Options = options,
            Data = inputs.Data,
            Task = inputs.Task,
            Classes = inputs.DevelopmentTarget.Classes,
            Metric = metric,
            Columns = inputs.Columns,
            Profile = profile,
            Rows = new RowCounts(inputs.Data.Table.RowCount, inputs.Development.RowCount + (options.TestPath is null ? inputs.Test.RowCount : 0), inputs.Development.RowCount, plan.Table.RowCount, inputs.Test.RowCount, plan.Folds.Count),
            Candidates = [.. ranked, .. search.Results.Where(result => !ranked.Contains(result))],
            Leaderboard = board.Rows,
            Skipped = [.. skipped],
            Winner = winner,
            Comparison = board.Comparison,
            Verdict = DevelopVerdict.Of(board, winner, test, metric, evidence.Costs) + (evidence.Existing is { } system ? " " + system.Verdict : ""),
            Pipeline = pipeline,
            Test = test,
            TestTarget = inputs.TestTarget,
            TestPredictions = predictions,
            CrossValidated = board.IntervalOf(winner),
            Importance = Explanation.Gain(pipeline),
            PermutationImportance = permutation,
            Evidence = evidence,
            Findings = [.. profile.Findings.Concat(DevelopVerdict.Findings(board, winner, test, metric)).Concat(evidence.Findings).OrderByDescending(finding => finding.Severity)],
            Notes = notes,
            RunId = journal.RunId,
            Interrupted = stop.IsCancellationRequested,
        };
        return options.Checks is null ? result : result with { Findings = options.Checks.Settle(result.Findings, ofData, OfWinner(result, budget, stop)) };
    }

    /// <summary>What the checks find in the data, within a tenth of the time.</summary>
    private IReadOnlyList<Finding> OfData(DevelopInputs inputs, Budget budget, CancellationToken stop)
    {
        if (options.Checks is not { } checks)
        {
            return [];
        }

        Enter("checks");
        using var limit = budget.Limit(budget.SecondsLeft * ShareOfChecks, stop);
        return checks.OfData(options, inputs.Data, inputs.TestData, limit.Token);
    }

    /// <summary>What the checks find in the winner, within the time that is left.</summary>
    private IReadOnlyList<Finding> OfWinner(DevelopResult result, Budget budget, CancellationToken stop)
    {
        if (budget.SecondsLeft < LeastSeconds)
        {
            Note("the winner was not looked at for want of time: roux debug --run " + result.RunId[..8]);
            return [];
        }

        Enter("checks of the winner");
        using var limit = budget.Limit(budget.SecondsLeft * 0.8, stop);
        return options.Checks!.OfWinner(result, limit.Token);
    }

    internal static Metric HeadlineMetric(DevelopOptions options, TaskKind task)
    {
        if (options.Metric is null)
        {
            return Metrics.Default(task);
        }

        var fitting = Metrics.For(task);
        return fitting.FirstOrDefault(metric => metric.Name == options.Metric)
            ?? throw new DataException(NearestName.Message("--metric", options.Metric, "metric", [.. fitting.Select(metric => metric.Name)]));
    }

    private void Enter(string name)
    {
        if (phase is not null)
        {
            phases.Add((phase, phaseWatch.Elapsed.TotalSeconds));
        }

        phase = name;
        phaseWatch.Restart();
        observer.Phase(name);
    }

    private void Note(string message)
    {
        notes.Add(message);
        observer.Note(message);
    }

    /// <summary>Passes what the search does on to the journal and to whoever watches.</summary>
    private sealed class SearchReporter(Development development, DevelopJournal journal) : ISearchObserver
    {
        private CandidateResult? best;

        public void Phase(string name) => development.Enter(name);

        public void Started(Candidate candidate) => development.observer.Started(candidate.Name, candidate.Configuration.ToString());

        public CandidateResult Scored(CandidateResult result)
        {
            result = journal.Record(result);
            if (result.Stopped is { } reason)
            {
                development.skipped.Add((result.Name, reason));
            }

            Tell(result);
            return result;
        }

        public void Known(CandidateResult result) => Tell(result);

        public void Skipped(string name, string reason)
        {
            development.skipped.Add((name, reason));
            development.observer.Note($"{name} not tried: {reason}");
        }

        private void Tell(CandidateResult result)
        {
            if (result.IsComplete && !double.IsNaN(result.Mean) && (best is null || journal.Better(result.Mean, best.Mean)))
            {
                best = result;
            }

            development.observer.Scored(result, best);
        }
    }
}
