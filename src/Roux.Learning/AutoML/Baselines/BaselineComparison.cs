using System.Runtime.ExceptionServices;
using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Learners.Rules;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Scores everything that needs no model: guessing, constants, one rule, a rule file, learned rules, the existing system. Each is a tracked run.</summary>
public sealed class BaselineComparison
{
    /// <summary>Name of the learned rules among the baselines.</summary>
    public const string SuggestedName = "suggested-rules";

    private readonly BaselineOptions options;
    private readonly DevelopInputs inputs;
    private readonly DevelopJournal journal;
    private readonly IDevelopObserver observer;
    private readonly TimeProvider clock;
    private readonly List<string> notes;
    private readonly List<(string Name, string Reason)> skipped = [];

    private BaselineComparison(BaselineOptions options, DevelopInputs inputs, DevelopJournal journal, IDevelopObserver observer, TimeProvider clock, List<string> notes) =>
        (this.options, this.inputs, this.journal, this.observer, this.clock, this.notes) = (options, inputs, journal, observer, clock, notes);

    /// <summary>Runs the comparison.</summary>
    /// <param name="options">What on.</param>
    /// <param name="tracker">Where every score is recorded.</param>
    /// <param name="capture">Captures the environment of the run until it is disposed; may give <c>null</c>.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="clock">Times requests to the existing system.</param>
    /// <param name="stop">Asks to stop.</param>
    /// <exception cref="DataException">The data cannot be used.</exception>
    /// <exception cref="RuleException">The rule file cannot be used.</exception>
    public static BaselineResult Run(BaselineOptions options, Tracker tracker, Func<Run, IDisposable?> capture, IDevelopObserver observer, TimeProvider clock, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        observer.Phase("data");
        var notes = new List<string>();
        var inputs = DevelopInputs.Read(options.Data, Note, stop);
        using var journal = DevelopJournal.Open(tracker, options.Data, inputs, capture, clock, "baseline");
        try
        {
            var result = new BaselineComparison(options, inputs, journal, observer, clock, notes).Compare(stop);
            result = result with { Seconds = clock.GetElapsedTime(started).TotalSeconds };
            journal.Complete(result);
            return result;
        }
        catch (Exception e)
        {
            journal.Abandon(e, interrupted: stop.IsCancellationRequested);
            throw;
        }

        void Note(string message)
        {
            notes.Add(message);
            observer.Note(message);
        }
    }

    private BaselineResult Compare(CancellationToken stop)
    {
        var data = options.Data;
        if (options.SuggestRules)
        {
            RuleInduction.Refuse(inputs.Task);
        }

        var rules = data.RulesPath is { } path ? RuleSet.Load(path) : null;
        var metric = Development.HeadlineMetric(data, inputs.Task);
        journal.Uses(metric);
        var plan = SplitPlan.Of(inputs, data, Note);
        journal.Splits(plan);
        var validator = new CrossValidator(plan.Table, inputs.FeatureColumns, plan.Target, plan.Folds, metric, data.Seed, data.Threads > 0 ? data.Threads : Environment.ProcessorCount);
        var budget = new Budget(null, 0, TimeSpan.Zero, clock);
        var existing = ExistingCompetitor.Ask(data, inputs, plan, budget, clock, Note, stop);
        var search = new Search(validator, new SearchSetting
        {
            Task = inputs.Task,
            Learners = [.. inputs.Learners.Where(learner => learner.Card.Family == "baseline")],
            Rules = rules,
            Existing = existing,
            Seed = data.Seed,
            TrainingRows = plan.Folds[0].Train.Length,
            InputColumns = inputs.FeatureColumns.Count,
            RefitFactor = 1,
            Ensemble = false,
        }, budget, new Recorder(this), []);
        search.Run(stop);
        stop.ThrowIfCancellationRequested();
        var results = search.Results.ToList();
        var suggested = options.SuggestRules ? Suggest(plan, validator, results, stop) : null;
        var scores = Scores(results, metric, plan, result => Final(result, validator, rules, suggested, existing, stop));
        if (scores.Count == 0)
        {
            throw new DataException("no baseline could be scored: " + string.Join("; ", skipped.Select(pair => $"{pair.Name}: {pair.Reason}").Take(3)));
        }

        var audit = rules is null ? null : RuleAudit.Of(rules, inputs.Development, inputs.DevelopmentTarget, stop);
        return new BaselineResult
        {
            Options = options,
            Task = inputs.Task,
            Metric = metric,
            Rows = new RowCounts(inputs.Data.Table.RowCount, inputs.Development.RowCount + (data.TestPath is null ? inputs.Test.RowCount : 0), inputs.Development.RowCount, plan.Table.RowCount, inputs.Test.RowCount, plan.Folds.Count),
            Scores = scores,
            Skipped = skipped,
            Rules = audit,
            Suggestion = suggested is null ? null : new RuleSuggestion(
                suggested.Rules,
                RuleAudit.Of(suggested, inputs.Development, inputs.DevelopmentTarget, stop),
                RuleAudit.Of(suggested, inputs.Test, inputs.TestTarget, stop)),
            ExistingDescription = existing?.Description,
            ExistingLatency = existing?.Searched?.Latency ?? existing?.Final.Latency,
            Findings = [.. BaselineFindings.OfRules(audit)],
            Notes = notes,
            RunId = journal.RunId,
            Seconds = 0,
        };
    }

    /// <summary>Learns rules on the training rows of every fold and scores them on its held-out rows; then on all development rows.</summary>
    private RuleSet Suggest(SplitPlan plan, CrossValidator validator, List<CandidateResult> results, CancellationToken stop)
    {
        observer.Phase("rules");
        observer.Started(SuggestedName, "");
        var parts = new Predictions[plan.Folds.Count];
        try
        {
            Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = validator.Threads, CancellationToken = stop }, i =>
            {
                var fold = plan.Folds[i];
                var rules = RuleInduction.Learn(plan.Table.Take(fold.Train), inputs.FeatureColumns, plan.Target.Take(fold.Train), options.MostRules, options.Data.Seed, stop);
                parts[i] = rules.Predict(plan.Table.Take(fold.Test), inputs.Task, plan.Target.Classes, stop);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        var result = journal.Record(validator.Score(SuggestedName, parts, 0) with { Family = "rules" });
        observer.Scored(result, null);
        results.Add(result);
        return RuleInduction.Learn(inputs.Development, inputs.FeatureColumns, inputs.DevelopmentTarget, options.MostRules, options.Data.Seed, stop);
    }

    private List<BaselineScore> Scores(List<CandidateResult> results, Metric metric, SplitPlan plan, Func<CandidateResult, Predictions> predict)
    {
        observer.Phase("final rows");
        var complete = results.Where(result => result.IsComplete && !double.IsNaN(result.Mean));
        CandidateResult[] ranked = metric.HigherIsBetter ? [.. complete.OrderByDescending(result => result.Mean)] : [.. complete.OrderBy(result => result.Mean)];
        if (ranked.Length == 0)
        {
            return [];
        }

        var board = Leaderboard.Of(ranked, metric, plan.TestTrainRatio);
        return [.. board.Rows.Select(row =>
        {
            var predictions = predict(row.Result);
            var final = ConfidenceIntervals.Of(metric, inputs.TestTarget, predictions, seed: Seeds.Derive(options.Data.Seed, row.Result.Name));
            var figures = Metrics.For(inputs.Task).ToDictionary(other => other.Name, other => other.Compute(inputs.TestTarget, predictions), StringComparer.Ordinal);
            return new BaselineScore(row.Result, row.Interval, row.PValueAgainstBest, final, figures);
        })];
    }

    private Predictions Final(CandidateResult result, CrossValidator validator, RuleSet? rules, RuleSet? suggested, ExistingCompetitor? existing, CancellationToken stop)
    {
        var (task, classes) = (inputs.Task, inputs.DevelopmentTarget.Classes);
        return result.Name switch
        {
            "rules" => rules!.Predict(inputs.Test, task, classes, stop),
            SuggestedName => suggested!.Predict(inputs.Test, task, classes, stop),
            ExistingCompetitor.Family => existing!.Final.Predictions,
            _ => FinalFit.Fit(result, [result], inputs, validator, options.Data.Seed, journal.Metadata).Predict(inputs.Test, stop),
        };
    }

    private void Note(string message)
    {
        notes.Add(message);
        observer.Note(message);
    }

    /// <summary>Passes what the search does on to the journal and to whoever watches.</summary>
    private sealed class Recorder(BaselineComparison comparison) : ISearchObserver
    {
        public void Phase(string name)
        {
            if (name == "baselines")
            {
                comparison.observer.Phase(name);
            }
        }

        public void Started(Candidate candidate) => comparison.observer.Started(candidate.Name, "");

        public CandidateResult Scored(CandidateResult result)
        {
            result = comparison.journal.Record(result);
            if (result.Stopped is { } reason)
            {
                comparison.skipped.Add((result.Name, reason));
            }

            comparison.observer.Scored(result, null);
            return result;
        }

        public void Known(CandidateResult result) => comparison.observer.Scored(result, null);

        public void Skipped(string name, string reason) => comparison.skipped.Add((name, reason));
    }
}
