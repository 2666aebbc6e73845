namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// The scale on which curves are fitted: an error that falls towards 0, whatever the metric. Where it has no upper bound (RMSE, log loss)
/// noise goes with its size, and curves are fitted by ratios, as if on a logarithmic scale.
/// </summary>
/// <param name="Best">The best value of the metric; 0 for one without a bound.</param>
/// <param name="HigherIsBetter">Direction of the metric.</param>
/// <param name="Relative">Whether noise is a ratio of the error rather than an amount.</param>
/// <param name="Floor">The least error possible: 0, or minus infinity for a metric without a best value.</param>
internal sealed record CurveScale(double Best, bool HigherIsBetter, bool Relative, double Floor)
{
    public static CurveScale Of(Metric metric)
    {
        var (low, high) = metric.Range;
        var (best, worst) = metric.HigherIsBetter ? (high, low) : (low, high);
        return double.IsFinite(best)
            ? new CurveScale(best, metric.HigherIsBetter, !double.IsFinite(worst), 0)
            : new CurveScale(0, metric.HigherIsBetter, Relative: false, double.NegativeInfinity);
    }

    public double Error(double score) => HigherIsBetter ? Best - score : score - Best;

    public double Score(double error) => HigherIsBetter ? Best - error : Best + error;

    /// <summary>An error on the scale on which noise adds.</summary>
    public double Measure(double error) => Relative ? Math.Log(Math.Max(error, 1e-12)) : error;

    /// <summary>Undoes <see cref="Measure"/>.</summary>
    public double Unmeasure(double value) => Relative ? Math.Exp(value) : value;

    /// <summary>An error moved by noise of this scale.</summary>
    public double Shift(double error, double noise) => Math.Max(Floor, Relative ? error * Math.Exp(noise) : error + noise);

    /// <summary>A standard error of scores on the scale of the noise.</summary>
    public double Noise(double standardError, double atError) => Relative ? standardError / Math.Max(Math.Abs(atError), 1e-12) : standardError;

    public Interval ToScores(double[] sortedErrors, double level, string method)
    {
        var tail = (1 - level) / 2;
        var (a, b) = (Score(Quantile(sortedErrors, tail)), Score(Quantile(sortedErrors, 1 - tail)));
        return new Interval(Score(Quantile(sortedErrors, 0.5)), Math.Min(a, b), Math.Max(a, b), method);
    }

    /// <summary>The quantile of sorted values, interpolated.</summary>
    public static double Quantile(double[] sorted, double p)
    {
        var place = Math.Clamp(p * (sorted.Length + 1) - 1, 0, sorted.Length - 1);
        var below = Math.Min((int)place, Math.Max(0, sorted.Length - 2));
        return sorted.Length == 1 || sorted[below] == sorted[below + 1] ? sorted[below] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}
