using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>The best result of every learner, compared with the best of all.</summary>
/// <param name="Rows">Best first.</param>
/// <param name="Comparison">Every row against the best.</param>
/// <param name="Simplest">The simplest that is as good as the best.</param>
internal sealed record Leaderboard(IReadOnlyList<LeaderboardRow> Rows, ComparisonResult Comparison, CandidateResult Simplest)
{
    private Func<CandidateResult, Interval> interval = _ => throw new InvalidOperationException("the leaderboard was not made by Of");

    public static Leaderboard Of(IReadOnlyList<CandidateResult> ranked, Metric metric, double testTrainRatio)
    {
        var best = ranked.DistinctBy(result => result.LearnerName).ToList();
        var comparison = Evaluation.Comparison.Of(
            [.. best.Select(result => new CandidateScores(result.Name, result.Complexity, result.Scores, IsNaive(result)))], metric, testTrainRatio);
        var rows = best.Select(result =>
        {
            var compared = comparison.Candidates.First(candidate => candidate.Name == result.Name);
            return new LeaderboardRow(result, compared.Mean, compared.AdjustedPValue);
        }).ToList();
        return new Leaderboard(rows, comparison, best.First(result => result.Name == comparison.Recommended))
        {
            interval = result => ConfidenceIntervals.OfMean(result.Scores, testTrainRatio, 0.95, metric.Range),
        };
    }

    /// <summary>An existing system may be as good as any model: not to beat it does not say that the columns tell nothing.</summary>
    internal static bool IsNaive(CandidateResult result) => Search.IsBaseline(result) && result.Family != ExistingCompetitor.Family;

    /// <summary>The interval of a candidate's mean, be it the best of its learner or another.</summary>
    public Interval IntervalOf(CandidateResult result) => Rows.FirstOrDefault(row => row.Result.Name == result.Name)?.Interval ?? interval(result);
}
