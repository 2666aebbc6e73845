namespace Roux.Learning.Evaluation;

/// <summary>What cross-validation said of one candidate.</summary>
/// <param name="Name">The candidate's name, unique among those compared.</param>
/// <param name="Complexity">Order of complexity: of two candidates that are as good, the lower is preferred.</param>
/// <param name="FoldScores">One score per fold, the same folds in the same order for all candidates; NaN where a fold failed.</param>
/// <param name="IsBaseline">Whether it ignores the features, so that losing to it means that there is nothing to learn.</param>
public sealed record CandidateScores(string Name, int Complexity, IReadOnlyList<double> FoldScores, bool IsBaseline = false);

/// <summary>A candidate beside the best.</summary>
/// <param name="Name">The candidate's name.</param>
/// <param name="Complexity">Order of complexity.</param>
/// <param name="IsBaseline">Whether it ignores the features.</param>
/// <param name="FailedFolds">Folds without a score.</param>
/// <param name="Mean">Mean score with its interval over folds.</param>
/// <param name="StandardError">Of the mean, corrected for overlapping training sets; NaN for fewer than two folds.</param>
/// <param name="Gap">How much worse than the best on the folds that both have: positive is worse, whatever the direction of the score.</param>
/// <param name="PValue">Of the corrected resampled t-test against the best; NaN for the best itself and where fewer than two folds can be paired.</param>
/// <param name="AdjustedPValue">The same after Holm's adjustment over all candidates compared.</param>
/// <param name="AsGood">Whether the rule of <see cref="Comparison"/> holds it to be as good as the best.</param>
public sealed record ComparedCandidate(
    string Name, int Complexity, bool IsBaseline, int FailedFolds, Interval Mean, double StandardError, double Gap, double PValue, double AdjustedPValue, bool AsGood);

/// <summary>What a comparison found.</summary>
/// <param name="Candidates">All candidates, the best first; those with failed folds after all that have none.</param>
/// <param name="Best">Name of the candidate with the best mean; <c>null</c> when none has a score.</param>
/// <param name="Recommended">Name of the simplest candidate that is as good as the best; <c>null</c> when none has a score.</param>
/// <param name="Verdict">All of this in a sentence or two.</param>
public sealed record ComparisonResult(IReadOnlyList<ComparedCandidate> Candidates, string? Best, string? Recommended, string Verdict);
