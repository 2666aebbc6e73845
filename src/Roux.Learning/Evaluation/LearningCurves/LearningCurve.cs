namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>How a model's scores change with the number of rows that it learns from, as measured.</summary>
public sealed record LearningCurve
{
    /// <summary>Name of the candidate.</summary>
    public required string Name { get; init; }

    /// <summary>Family of its learner.</summary>
    public required string Family { get; init; }

    /// <summary>The metric of the scores.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Every fit, small sizes first.</summary>
    public required IReadOnlyList<CurvePoint> Points { get; init; }

    /// <summary>
    /// Standard error of the score on m rows, times the root of m: the chance in which rows are scored. From resamples of the
    /// validation rows at the largest size; NaN where unknown.
    /// </summary>
    public required double RowNoise { get; init; }

    /// <summary>The part of <see cref="RowNoise"/> that is a single model's own, and not shared by models of other sizes on the same rows; NaN where unknown.</summary>
    public double ModelNoise { get; init; } = double.NaN;

    /// <summary>Mean number of rows that one repeat is validated on.</summary>
    public required double RepeatRows { get; init; }

    /// <summary>Different rows that were validated on, over all repeats.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Share of rows that the training rows of two repeats of the same size have in common, by size; 0 where not given.</summary>
    public IReadOnlyDictionary<int, double> Overlap { get; init; } = new Dictionary<int, double>();

    /// <summary>Estimated share of rows whose label the model, not having learned them, confidently contradicts; NaN where answers are numbers or several labels.</summary>
    public double DoubtfulLabels { get; init; } = double.NaN;

    /// <summary>Whether that share is a sign of wrong labels: more than a few rows, and most of the errors. Errors on rows that are merely hard are seldom confident.</summary>
    public bool LabelsLookWrong
    {
        get
        {
            var last = Points.Count == 0 ? [] : Points.Where(point => point.Size == Points.Max(other => other.Size)).ToArray();
            return DoubtfulLabels >= 0.03 && last.Length > 0 && DoubtfulLabels >= 0.6 * last.Average(point => point.ValidationErrorRate);
        }
    }

    /// <summary>Why larger sizes are missing; <c>null</c> when none is.</summary>
    public string? Incomplete { get; init; }

    /// <summary>The sizes, small ones first, each with the mean of its repeats.</summary>
    public IReadOnlyList<CurveSize> Sizes =>
    [
        .. Points.GroupBy(point => point.Size).OrderBy(group => group.Key).Select(group =>
        {
            var scores = group.Select(point => point.Validation).ToArray();
            var mean = scores.Average();
            var spread = scores.Length < 2 ? double.NaN : Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1));
            var training = group.Select(point => point.Training).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
            return new CurveSize(group.Average(point => point.Rows), training, mean, spread, scores.Length);
        }),
    ];
}
