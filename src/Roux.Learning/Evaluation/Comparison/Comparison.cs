using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation;

/// <summary>
/// Compares candidates by their fold scores and applies the one-standard-error rule (Breiman, Friedman, Olshen and Stone 1984, section 3.4.3;
/// Hastie, Tibshirani and Friedman 2009, section 7.10), sharpened by a test. A candidate is <b>as good as the best</b> when both hold:
/// its mean is within one standard error of the best's mean (the best's standard error, corrected for overlapping training sets), and
/// the corrected resampled t-test against the best (Nadeau and Bengio 2003), its p-values adjusted by Holm 1979 over all candidates, finds no difference at level alpha.
/// Recommended is the least complex of these, the better mean first among equals. The first condition keeps out candidates that are much worse
/// but too erratic for a test to say so; the second those that are a little worse on every single fold.
/// A candidate with a failed fold is neither best nor recommended while one without failures exists.
/// </summary>
public static class Comparison
{
    /// <summary>Compares candidates.</summary>
    /// <param name="candidates">At least one, of distinct names and equally many folds.</param>
    /// <param name="higherIsBetter">Whether larger scores are better.</param>
    /// <param name="testTrainRatio">Rows tested over rows trained in one fold: 1/(k-1) for k-fold cross-validation.</param>
    /// <param name="alpha">Level of significance, between 0 and 1.</param>
    /// <param name="scoreName">What the scores are called in the verdict, such as <c>macro F1</c>.</param>
    /// <param name="range">Where given, intervals are kept within it.</param>
    /// <exception cref="ArgumentException">No candidates, repeated names or differing numbers of folds.</exception>
    public static ComparisonResult Of(
        IReadOnlyList<CandidateScores> candidates,
        bool higherIsBetter,
        double testTrainRatio,
        double alpha = 0.05,
        string scoreName = "",
        (double Low, double High)? range = null)
    {
        Check(candidates);
        var ordered = candidates
            .OrderBy(candidate => candidate.FoldScores.Any(double.IsNaN))
            .ThenBy(candidate => candidate.FoldScores.All(double.IsNaN))
            .ThenBy(candidate => Worseness(candidate, higherIsBetter))
            .ThenBy(candidate => candidate.Complexity)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .ToArray();
        var best = ordered[0];
        if (best.FoldScores.All(double.IsNaN))
        {
            return new ComparisonResult([.. ordered.Select(candidate => Unscored(candidate, testTrainRatio))], null, null, "No candidate could be scored on any fold.");
        }

        var tests = ordered.Select(candidate => candidate == best ? (Gap: 0.0, P: double.NaN) : Against(best, candidate, higherIsBetter, testTrainRatio)).ToArray();
        var adjusted = MultipleTesting.Holm([.. tests.Select(test => test.P)]);
        var bestComplete = !best.FoldScores.Any(double.IsNaN);
        var error = Error(best, testTrainRatio);
        var compared = new ComparedCandidate[ordered.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            var complete = !ordered[i].FoldScores.Any(double.IsNaN) || !bestComplete;
            var asGood = i == 0 || (complete && tests[i].Gap <= error && !(adjusted[i] < alpha)) || (complete && tests[i].Gap == 0);
            compared[i] = new ComparedCandidate(
                ordered[i].Name, ordered[i].Complexity, ordered[i].IsBaseline, ordered[i].FoldScores.Count(double.IsNaN),
                ConfidenceIntervals.OfMean(ordered[i].FoldScores, testTrainRatio, 1 - alpha, range), Error(ordered[i], testTrainRatio),
                tests[i].Gap, tests[i].P, adjusted[i], asGood);
        }

        var recommended = compared.Where(candidate => candidate.AsGood).MinBy(candidate => candidate.Complexity)!;
        return new ComparisonResult(compared, best.Name, recommended.Name, Verdict.Of(compared, recommended, scoreName, alpha));
    }

    /// <summary>Compares candidates scored by a metric, which gives direction, name and range.</summary>
    public static ComparisonResult Of(IReadOnlyList<CandidateScores> candidates, Metric metric, double testTrainRatio, double alpha = 0.05) =>
        Of(candidates, metric.HigherIsBetter, testTrainRatio, alpha, metric.Title, metric.Range);

    private static void Check(IReadOnlyList<CandidateScores> candidates)
    {
        if (candidates.Count == 0)
        {
            throw new ArgumentException("there is no candidate to compare");
        }

        var repeated = candidates.GroupBy(candidate => candidate.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
        {
            throw new ArgumentException($"candidate name '{repeated.Key}' occurs {repeated.Count()} times: names must be distinct");
        }

        var folds = candidates[0].FoldScores.Count;
        var other = candidates.FirstOrDefault(candidate => candidate.FoldScores.Count != folds);
        if (other is not null || folds == 0)
        {
            throw new ArgumentException(other is null
                ? "candidates have no folds"
                : $"'{other.Name}' has {other.FoldScores.Count} folds, '{candidates[0].Name}' has {folds}: all must be scored on the same folds");
        }
    }

    private static double Worseness(CandidateScores candidate, bool higherIsBetter)
    {
        var mean = candidate.FoldScores.Where(score => !double.IsNaN(score)).DefaultIfEmpty(double.NaN).Average();
        return higherIsBetter ? -mean : mean;
    }

    private static double Error(CandidateScores candidate, double testTrainRatio) =>
        ConfidenceIntervals.StandardError([.. candidate.FoldScores.Where(score => !double.IsNaN(score))], testTrainRatio);

    private static (double Gap, double P) Against(CandidateScores best, CandidateScores candidate, bool higherIsBetter, double testTrainRatio)
    {
        int[] both = [.. Enumerable.Range(0, best.FoldScores.Count).Where(i => !double.IsNaN(best.FoldScores[i]) && !double.IsNaN(candidate.FoldScores[i]))];
        if (both.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        double[] a = [.. both.Select(i => best.FoldScores[i])];
        double[] b = [.. both.Select(i => candidate.FoldScores[i])];
        var gap = (a.Average() - b.Average()) * (higherIsBetter ? 1 : -1);
        return (gap == 0 ? 0 : gap, both.Length < 2 ? double.NaN : PairedTests.CorrectedResampledT(a, b, testTrainRatio).PValue);
    }

    private static ComparedCandidate Unscored(CandidateScores candidate, double testTrainRatio) => new(
        candidate.Name, candidate.Complexity, candidate.IsBaseline, candidate.FoldScores.Count,
        ConfidenceIntervals.OfMean(candidate.FoldScores, testTrainRatio), double.NaN, double.NaN, double.NaN, double.NaN, false);
}
