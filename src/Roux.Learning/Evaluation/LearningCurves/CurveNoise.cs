namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// Where the scatter of a learning curve comes from, all on the scale of the errors' noise: which rows are scored (in part common to all
/// models, in part each model's own), and which rows are learned (falls with their number).
/// </summary>
internal sealed class CurveNoise
{
    /// <summary>However much of the scatter the validation rows explain, this share of it is counted as learning.</summary>
    private const double LeastLearning = 0.1;

    /// <summary>
    /// How the variance from the choice of learned rows falls with their number: as its root, slower than theory's reciprocal, because the
    /// scatter of the small sizes must not talk that of the large ones down. A cautious choice: with the reciprocal, intervals of trees were too narrow.
    /// </summary>
    private const double Falling = 0.5;

    /// <summary>No form is exact over the whole range: of what a size's error lies above that at the largest, this share is allowed as misfit.</summary>
    private const double Inexact = 0.05;

    private readonly double[] misfits;

    private CurveNoise(double level, double row, double[] own, double learned, int freedom, double[] shares, double[] misfits) =>
        (Level, Row, Own, Learned, Freedom, Shares, this.misfits) = (level, row, own, learned, freedom, shares, misfits);

    /// <summary>Standard error of the whole curve's height: the validation rows are a sample.</summary>
    public double Level { get; }

    /// <summary>Standard error of a score on one row.</summary>
    public double Row { get; }

    /// <summary>Variance of each size's mean from the validation rows that its models alone got wrong.</summary>
    public double[] Own { get; }

    /// <summary>Variance of a score from the choice of the learned rows, at the largest size.</summary>
    public double Learned { get; }

    /// <summary>Degrees of freedom of <see cref="Learned"/>.</summary>
    public int Freedom { get; }

    /// <summary>Variance of each size's mean from the choice of learned rows, in units of <see cref="Learned"/>.</summary>
    public double[] Shares { get; }

    /// <summary>Variance of each size's mean, its height apart.</summary>
    public double[] Variances(double learned) => [.. Shares.Select((share, k) => learned * share + Own[k])];

    /// <summary>The same with what no form can be expected to follow: what points weigh by.</summary>
    public double[] Weighing(double learned) => [.. Variances(learned).Select((variance, k) => variance + misfits[k] * misfits[k])];

    /// <summary>Estimates the components.</summary>
    /// <param name="curve">As measured.</param>
    /// <param name="means">Its means and what they leave unexplained.</param>
    /// <param name="scale">Scale of the errors.</param>
    public static CurveNoise Of(LearningCurve curve, CurveMeans means, CurveScale scale)
    {
        var last = means.Errors[^1];
        var growth = Array.ConvertAll(means.Rows, rows => Math.Pow(means.Rows[^1] / rows, Falling));
        double[] overlap = [.. curve.Points.Select(point => point.Size).Distinct().Order().Select(size => Math.Clamp(curve.Overlap.GetValueOrDefault(size), 0, 0.9))];
        double[] shares = [.. growth.Select((factor, k) => factor * (1.0 / means.Counts[k] + (1 - 1.0 / means.Counts[k]) * overlap[k]))];

        var row = double.IsFinite(curve.RowNoise) ? scale.Noise(curve.RowNoise, last) : 0;
        var own = Math.Min(row, double.IsFinite(curve.ModelNoise) ? scale.Noise(curve.ModelNoise, last) : 0);
        var perRepeat = own * own / Math.Max(1, curve.RepeatRows);
        var level = Math.Sqrt(Math.Max(row * row - own * own, 0) / Math.Max(1, curve.ValidationRows));

        var freedom = means.Residuals.Length - means.Rows.Length - means.Repeats + 1;
        double scatter = 0, explained = 0;
        foreach (var (k, residual) in means.Residuals)
        {
            // Repeats that share rows differ less than independent ones would (Nadeau and Bengio 2003): scaled up by what is not shared.
            var weight = 1 / (growth[k] * (1 - overlap[k]));
            scatter += residual * residual * weight;
            explained += perRepeat * weight * Math.Max(0, freedom) / means.Residuals.Length;
        }

        var learned = freedom > 0 ? Math.Max(scatter - explained, LeastLearning * scatter) / freedom : level * level;
        var least = Math.Max(0.1 * level, scale.Relative ? 1e-4 : 1e-4 * Math.Abs(last) + 1e-9);
        return new CurveNoise(level, row, [.. means.Counts.Select(count => perRepeat / count)], Math.Max(learned, least * least), Math.Max(3, freedom), shares,
            Array.ConvertAll(means.Errors, error => Inexact * (scale.Measure(error) - scale.Measure(last))));
    }

    /// <summary>The same with a variance that also explains how far the points lie from their best curve.</summary>
    public CurveNoise With(double deviance, int freedom)
    {
        var pooled = Learned * (Freedom + deviance) / (Freedom + freedom);
        return new CurveNoise(Level, Row, Own, Math.Max(Learned, pooled), Freedom + freedom, Shares, misfits);
    }
}
