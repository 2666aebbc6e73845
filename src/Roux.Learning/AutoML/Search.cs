using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Tuning;

namespace Roux.Learning.AutoML;

/// <summary>
/// Looks for the best candidate: baselines, every family with its default settings, then Bayesian
/// optimisation of the best two families, then an ensemble of what was found.
/// Candidates come in an order that depends on the seed and on scores alone, so a search that was cut off can be
/// taken up again by handing in the results that are already known.
/// </summary>
internal sealed class Search
{
    /// <summary>Share of the time by which every family has had its turn.</summary>
    private const double FamiliesShare = 0.45;

    /// <summary>Share of the time that is kept for what comes after the final fit: the final score, the evidence, the report.</summary>
    private const double EvidenceShare = 0.2;

    /// <summary>Rows from which a candidate that is clearly behind is not scored on further folds.</summary>
    private const int RacingRows = 5_000;

    private readonly CrossValidator validator;
    private readonly SearchSetting setting;
    private readonly Budget budget;
    private readonly ISearchObserver observer;
    private readonly Dictionary<string, CandidateResult> known;
    private readonly List<CandidateResult> results = [];

    public Search(CrossValidator validator, SearchSetting setting, Budget budget, ISearchObserver observer, IEnumerable<CandidateResult> known)
    {
        this.validator = validator;
        this.setting = setting;
        this.budget = budget;
        this.observer = observer;
        this.known = known.ToDictionary(result => result.Name, StringComparer.Ordinal);
    }

    /// <summary>Every candidate that was scored, in the order of scoring.</summary>
    public IReadOnlyList<CandidateResult> Results => results;

    /// <summary>Runs the whole search; a cancelled one ends early with what there is.</summary>
    public void Run(CancellationToken cancellation)
    {
        TryBaselines(cancellation);
        TryFamilies(cancellation);
        Tune(cancellation);
        TryEnsemble(cancellation);
    }

    /// <summary>Seconds that a final fit of a result on all rows will take, judged by its folds.</summary>
    public double SecondsToRefit(CandidateResult result) => result.Members.Count > 0
        ? result.Members.Sum(member => SecondsToRefit(results.First(other => other.Name == member.Name)))
        : result.FitSeconds * setting.RefitFactor;

    private void TryBaselines(CancellationToken cancellation)
    {
        observer.Phase("baselines");
        if (setting.Rules is { } rules && !cancellation.IsCancellationRequested)
        {
            results.Add(observer.Scored(validator.Score(rules, cancellation)));
        }

        if (setting.Existing is { Searched: not null } existing)
        {
            results.Add(observer.Scored(existing.Score(validator)));
        }

        foreach (var learner in setting.Learners.Where(learner => learner.Card.Family == "baseline"))
        {
            Try(new Candidate(learner.Card.Name, learner, learner.Portfolio(setting.Task)[0]), budget.SecondsLeft * 0.05, 2, cancellation);
        }
    }

    private void TryFamilies(CancellationToken cancellation)
    {
        observer.Phase("families");
        var queue = new List<Candidate>();
        foreach (var learner in setting.Learners.Where(learner => learner.Card.Family != "baseline").OrderBy(Turn))
        {
            if (learner.Unsuitable(setting.Task, setting.TrainingRows, setting.InputColumns) is { } reason)
            {
                observer.Skipped(learner.Card.Name, reason);
            }
            else
            {
                queue.Add(new Candidate(learner.Card.Name, learner, learner.Portfolio(setting.Task)[0]));
            }
        }

        if (budget.Time is null || validator.FoldsSideBySide)
        {
            for (var i = 0; i < queue.Count; i++)
            {
                Try(queue[i], Share(queue.Count - i), 2, cancellation);
            }
        }
        else
        {
            FinishBestFirst(LookAt(queue, cancellation), cancellation);
        }
    }

    /// <summary>With much to do and little time, every family shows what it can do on the first fold.</summary>
    private List<(Candidate Candidate, CandidateResult Look)> LookAt(List<Candidate> queue, CancellationToken cancellation)
    {
        var looks = new List<(Candidate, CandidateResult)>();
        for (var i = 0; i < queue.Count && !cancellation.IsCancellationRequested; i++)
        {
            if (IsKnown(queue[i]))
            {
                continue;
            }

            // Half of the time is for looking, half for the other folds of those that look well. The first must answer in any case.
            var seconds = looks.Count == 0 ? budget.SecondsLeft * 0.4 : Share(queue.Count - i) * 0.5;
            if (seconds < 0.2)
            {
                observer.Skipped(queue[i].Name, "no time left for it in the budget; give a larger --time-budget");
                continue;
            }

            observer.Started(queue[i]);
            using var limit = budget.Limit(seconds, cancellation);
            var look = validator.Score(queue[i], _ => "first fold only", null, limit.Token);
            if (look.Scores.Length > 0)
            {
                looks.Add((queue[i], look));
            }
            else
            {
                results.Add(observer.Scored(look));
            }
        }

        return looks;
    }

    private void FinishBestFirst(List<(Candidate Candidate, CandidateResult Look)> looks, CancellationToken cancellation)
    {
        var sign = validator.Metric.HigherIsBetter ? -1 : 1;
        foreach (var (candidate, look) in looks.OrderBy(pair => double.IsNaN(pair.Look.Mean) ? double.MaxValue : sign * pair.Look.Mean))
        {
            var mustFinish = !results.Any(result => result.IsComplete && !IsBaseline(result));
            observer.Started(candidate);
            using var limit = budget.Limit(mustFinish ? budget.SecondsLeft * 0.7 : budget.Until(FamiliesShare).TotalSeconds, cancellation);
            results.Add(observer.Scored(Race(look.Scores, 2) is { } behind
                ? look with { Stopped = behind }
                : validator.Score(candidate, scores => Race(scores, 2), look, limit.Token)));
        }
    }

    /// <summary>Seconds that the next of some families may use: a little more than its even share, since cheap families leave time to the dear ones.</summary>
    private double Share(int waiting)
    {
        var left = budget.Until(FamiliesShare);
        return left == Timeout.InfiniteTimeSpan ? double.PositiveInfinity : left.TotalSeconds * Math.Min(1, 2.5 / waiting);
    }

    /// <summary>Families that are cheap for what they give come first, so that a short budget has the most from it.</summary>
    private static int Turn(Learner learner) => learner.Card.Family switch
    {
        "linear" => 0,
        "naive-bayes" => 1,
        "boosting" => 2,
        "tree" => 3,
        "forest" => 4,
        "svm" => 5,
        _ => 6,
    };

    private void Tune(CancellationToken cancellation)
    {
        observer.Phase("tuning");
        var best = WorthTuning();
        if (best.Count == 0)
        {
            return;
        }

        var tunings = best.Select(learner => new LearnerTuning(learner, setting, validator.Metric)).ToList();
        var trials = 0;
        while (tunings.Count > 0 && !cancellation.IsCancellationRequested && (budget.Trials is not { } most || trials < most))
        {
            // What comes after the search needs its time: a fit on all rows of the winner or of an ensemble's members.
            var seconds = budget.SecondsLeft - Reserve();
            if (seconds <= 0.1 || trials >= setting.MaxTrials)
            {
                break;
            }

            var tuning = tunings[trials % tunings.Count];
            if (tuning.Next() is not { } candidate)
            {
                tunings.Remove(tuning);
                continue;
            }

            trials++;
            Try(candidate, seconds, 0.5, cancellation);
            tuning.Told(results.FindLast(result => result.Name == candidate.Name));
        }
    }

    /// <summary>The best learners; where they are of one family, also the best of another, whose different errors an ensemble can use.</summary>
    private List<Learner> WorthTuning()
    {
        var ranked = Ranked().Where(result => !IsBaseline(result)).DistinctBy(result => result.LearnerName).ToList();
        var best = ranked.Take(setting.TunedLearners).ToList();
        if (best.Count > 1 && best.DistinctBy(result => result.Family).Count() == 1 && ranked.Find(result => result.Family != best[0].Family) is { } other)
        {
            best.Add(other);
        }

        return [.. best.Select(result => result.Candidate!.Learner)];
    }

    private void TryEnsemble(CancellationToken cancellation)
    {
        if (!setting.Ensemble || cancellation.IsCancellationRequested)
        {
            return;
        }

        observer.Phase("ensemble");

        // The best of every family, and the best of the tuned, as far as fitting them all again fits into the time.
        var afford = budget.Time is { } time ? Math.Max(0, budget.SecondsLeft - time.TotalSeconds * EvidenceShare) * 0.8 : double.PositiveInfinity;
        var library = new List<CandidateResult>();
        var ranked = Ranked().Where(result => !IsBaseline(result)).ToList();
        foreach (var result in ranked.DistinctBy(result => result.LearnerName).Take(6).Concat(ranked.Take(8)).Distinct())
        {
            var seconds = SecondsToRefit(result);
            if (library.Count == 0 || seconds <= afford)
            {
                afford -= seconds;
                library.Add(result);
            }
        }

        try
        {
            using var limit = budget.Limit(budget.SecondsLeft * 0.5, cancellation);
            if (EnsembleSelection.Build(library, validator.TestTargets, validator.Metric, limit.Token) is { } ensemble)
            {
                results.Add(observer.Scored(ensemble));
            }
        }
        catch (OperationCanceledException)
        {
            observer.Skipped("ensemble", "no time left for it");
        }
    }

    private void Try(Candidate candidate, double seconds, double patience, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested || IsKnown(candidate))
        {
            return;
        }

        observer.Started(candidate);
        using var limit = budget.Limit(seconds, cancellation);
        results.Add(observer.Scored(validator.Score(candidate, scores => Race(scores, patience), null, limit.Token)));
    }

    /// <summary>Takes over the result of the same candidate with the same settings from before the search was cut off.</summary>
    private bool IsKnown(Candidate candidate)
    {
        if (known.TryGetValue(candidate.Name, out var before) && before.IsComplete
            && before.Candidate?.Configuration.ToString() == candidate.Configuration.ToString())
        {
            results.Add(before);
            observer.Known(before);
            return true;
        }

        return false;
    }

    /// <summary>With many rows, a candidate that is behind the best on every fold so far, by more than so many standard deviations of its folds, need not be scored on the rest.</summary>
    private string? Race(IReadOnlyList<double> scores, double patience)
    {
        var leader = setting.TrainingRows < RacingRows ? null : Ranked().FirstOrDefault(result => !IsBaseline(result));
        if (leader is null)
        {
            return null;
        }

        var sign = validator.Metric.HigherIsBetter ? 1 : -1;
        var gaps = scores.Select((score, fold) => sign * (leader.Scores[fold] - score)).ToArray();
        return gaps.Min() > patience * Math.Max(leader.StandardDeviation, 1e-12) ? $"clearly behind {leader.Name}" : null;
    }

    private double Reserve()
    {
        if (double.IsInfinity(budget.SecondsLeft))
        {
            return 0;
        }

        var total = budget.Time!.Value.TotalSeconds;
        var refit = Ranked().Where(result => !IsBaseline(result)).DistinctBy(result => result.LearnerName).Take(3).Sum(SecondsToRefit);
        return Math.Min(total * 0.35, refit * 1.3) + total * EvidenceShare + 0.5;
    }

    /// <summary>Complete results, best first; equals in the order of complexity, then of scoring.</summary>
    public IReadOnlyList<CandidateResult> Ranked()
    {
        var complete = results.Where(result => result.IsComplete && !double.IsNaN(result.Mean));
        return validator.Metric.HigherIsBetter
            ? [.. complete.OrderByDescending(result => result.Mean).ThenBy(result => result.Complexity)]
            : [.. complete.OrderBy(result => result.Mean).ThenBy(result => result.Complexity)];
    }

    internal static bool IsBaseline(CandidateResult result) => result.Family == "baseline" || IsFixed(result);

    /// <summary>Whether it was there before: it competes, but there is nothing to fit or to register.</summary>
    internal static bool IsFixed(CandidateResult result) => result.Family is "rules" or ExistingCompetitor.Family;
}
