namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// Where the scatter of a learning curve comes from, all on the scale of the errors' noise: which rows are scored (in part common to all
/// models, in part each model's own), and which rows are learned (falls with their number).
/// </summary>
internal sealed class CurveNoise
{
    /// <summary>However much of the scatter the validation rows explain, this share of it is counted as learning.</summary>
    private const double LeastLearning = 0.1;

    private CurveNoise(double level, double row, double[] own, double learned, int freedom, double[] shares) =>
        (Level, Row, Own, Learned, Freedom, Shares) = (level, row, own, learned, freedom, shares);

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

    /// <summary>Estimates the components.</summary>
    /// <param name="curve">As measured.</param>
    /// <param name="means">Its means and what they leave unexplained.</param>
    /// <param name="scale">Scale of the errors.</param>
    public static CurveNoise Of(LearningCurve curve, CurveMeans means, CurveScale scale)
    {
        var last = means.Errors[^1];
        var growth = Array.ConvertAll(means.Rows, rows => means.Rows[^1] / rows);
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
        return new CurveNoise(level, row, [.. means.Counts.Select(count => perRepeat / count)], Math.Max(learned, least * least), Math.Max(3, freedom), shares);
    }

    /// <summary>The same with a variance that also explains how far the points lie from their best curve.</summary>
    public CurveNoise With(double deviance, int freedom)
    {
        var pooled = Learned * (Freedom + deviance) / (Freedom + freedom);
        return new CurveNoise(Level, Row, Own, Math.Max(Learned, pooled), Freedom + freedom, Shares);
    }
}
