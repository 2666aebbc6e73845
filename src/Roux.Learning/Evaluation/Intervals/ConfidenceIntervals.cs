using Roux.Learning.Data;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.Evaluation;

/// <summary>Confidence intervals for metrics of rows and for means of folds.</summary>
public static class ConfidenceIntervals
{
    private const int ManyRows = 2000;

    /// <summary>
    /// The interval of a metric over the population that the rows were drawn from, the model being fixed. Shares (accuracy, recall, precision and the like) get the
    /// exact interval of Clopper and Pearson; the area under a binary ROC curve of more than 2,000 rows the one of DeLong et al.; everything else the BCa bootstrap
    /// (the percentile one where that breaks down) or, for very many rows, a grouped jackknife.
    /// </summary>
    /// <param name="metric">What to estimate; must support the task.</param>
    /// <param name="y">The known answers.</param>
    /// <param name="p">Predictions for the same rows.</param>
    /// <param name="level">Between 0 and 1.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="options">How to resample; the defaults take at most about a second on one core for up to 200,000 rows.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static Interval Of(Metric metric, Target y, Predictions p, double level = 0.95, int seed = 0, BootstrapOptions? options = null, CancellationToken cancellation = default)
    {
        CheckLevel(level);
        var estimate = metric.Compute(y, p);
        if (!double.IsFinite(estimate))
        {
            return new Interval(estimate, double.NaN, double.NaN, "none: the metric is undefined on these rows");
        }

        if (Share(metric, y, p) is { Trials: > 0 } share)
        {
            var (low, high) = Proportion.ClopperPearson(share.Successes, share.Trials, level);
            return new Interval(estimate, low, high, "Clopper-Pearson");
        }

        if (metric.Name == "roc_auc" && y.Task == TaskKind.Binary)
        {
            if (estimate is 0 or 1)
            {
                return DeLong.OfPerfectOrder(y, estimate, level);
            }

            if (y.Count > ManyRows && DeLong.Interval(y, p, estimate, level) is { } analytic)
            {
                return analytic;
            }
        }

        return new Bootstrap(metric, y, p, seed, options ?? new BootstrapOptions(), cancellation).Interval(estimate, level);
    }

    /// <summary>
    /// The interval of the mean score over cross-validation folds: a t-interval whose variance is scaled by 1/k + n_test/n_train, since training sets overlap
    /// (Nadeau and Bengio 2003). NaN scores are left out.
    /// </summary>
    /// <param name="foldScores">One score a fold; an interval needs at least 2.</param>
    /// <param name="testTrainRatio">Rows tested over rows trained in one fold, such as 0.25 in 5-fold cross-validation.</param>
    /// <param name="level">Between 0 and 1.</param>
    /// <param name="range">Where given, the ends are kept within it.</param>
    public static Interval OfMean(IReadOnlyList<double> foldScores, double testTrainRatio, double level = 0.95, (double Low, double High)? range = null)
    {
        CheckLevel(level);
        double[] scores = [.. foldScores.Where(score => !double.IsNaN(score))];
        if (scores.Length == 0)
        {
            return new Interval(double.NaN, double.NaN, double.NaN, "none: no fold has a score");
        }

        var mean = scores.Average();
        if (scores.Length == 1 || !double.IsFinite(mean))
        {
            return new Interval(mean, double.NaN, double.NaN, scores.Length == 1 ? "none: one fold only" : "none: a score is infinite");
        }

        var half = Tails.StudentQuantileTwoSided(1 - level, scores.Length - 1) * StandardError(scores, testTrainRatio);
        var (low, high) = range ?? (double.NegativeInfinity, double.PositiveInfinity);
        return new Interval(mean, Math.Max(low, mean - half), Math.Min(high, mean + half), "corrected resampled t");
    }

    /// <summary>The standard error of a mean of folds: the root of (1/k + n_test/n_train) times their variance (Nadeau and Bengio 2003). NaN for one fold.</summary>
    /// <param name="foldScores">One score a fold, none NaN.</param>
    /// <param name="testTrainRatio">Rows tested over rows trained in one fold.</param>
    public static double StandardError(IReadOnlyList<double> foldScores, double testTrainRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(testTrainRatio);
        if (foldScores.Count < 2)
        {
            return double.NaN;
        }

        var mean = foldScores.Average();
        var variance = foldScores.Sum(score => (score - mean) * (score - mean)) / (foldScores.Count - 1);
        return Math.Sqrt((1.0 / foldScores.Count + testTrainRatio) * variance);
    }

    /// <summary>For metrics that are a share of rows: how many of how many.</summary>
    private static (long Successes, long Trials)? Share(Metric metric, Target y, Predictions p)
    {
        if (metric is not KernelMetric)
        {
            return null;
        }

        if (y.Task is TaskKind.Binary && metric.Name is "recall" or "specificity" or "precision")
        {
            var wanted = metric.Name == "specificity" ? 0 : 1;
            var guesses = p.Labels();
            var within = metric.Name == "precision" ? guesses : y.Labels;
            var trials = within.Count(label => label == wanted);
            return (Enumerable.Range(0, y.Count).Count(row => y.Labels[row] == wanted && guesses[row] == wanted), trials);
        }

        var isShare = metric.Name is "accuracy" or "subset_accuracy"
            || metric.Name.StartsWith("top", StringComparison.Ordinal)
            || (y.Task != TaskKind.Multilabel && metric.Name.StartsWith("micro_", StringComparison.Ordinal));
        return isShare ? ((long)Math.Round(metric.Compute(y, p) * y.Count), y.Count) : null;
    }

    private static void CheckLevel(double level)
    {
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "a confidence level lies between 0 and 1, such as 0.95");
        }
    }
}
