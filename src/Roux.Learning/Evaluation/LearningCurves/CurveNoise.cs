namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>
/// Where the scatter of a learning curve comes from: which rows are scored (common to all sizes of a repeat) and which rows are learned
/// (falls with their number). All on the scale of the errors' noise.
/// </summary>
internal sealed class CurveNoise
{
    private CurveNoise(double level, double row, double learned, int freedom, double[] shares) =>
        (Level, Row, Learned, Freedom, Shares) = (level, row, learned, freedom, shares);

    /// <summary>Standard error of the whole curve's height: the validation rows are a sample.</summary>
    public double Level { get; }

    /// <summary>Standard error of a score on one row.</summary>
    public double Row { get; }

    /// <summary>Variance of a score from the choice of the learned rows, at the largest size.</summary>
    public double Learned { get; }

    /// <summary>Degrees of freedom of <see cref="Learned"/>.</summary>
    public int Freedom { get; }

    /// <summary>Variance of each size's mean in units of <see cref="Learned"/>.</summary>
    public double[] Shares { get; }

    /// <summary>Estimates the components from the repeats.</summary>
    /// <param name="curve">Measured errors.</param>
    /// <param name="errors">Per size its mean error, small sizes first.</param>
    /// <param name="scale">Scale of the errors.</param>
    public static CurveNoise Of(LearningCurve curve, double[] errors, CurveScale scale)
    {
        var sizes = curve.Points.GroupBy(point => point.Size).OrderBy(group => group.Key).ToArray();
        var most = sizes[^1].Average(point => point.Rows);
        var growth = Array.ConvertAll(sizes, size => most / size.Average(point => point.Rows));
        var overlap = Array.ConvertAll(sizes, size => Math.Clamp(curve.Overlap.GetValueOrDefault(size.Key), 0, 0.9));
        var shares = sizes.Select((size, k) => growth[k] * (1.0 / size.Count() + (1 - 1.0 / size.Count()) * overlap[k])).ToArray();

        var row = double.IsFinite(curve.RowNoise) ? scale.Noise(curve.RowNoise, errors[^1]) : 0;
        var level = row > 0 ? row / Math.Sqrt(Math.Max(1, curve.ValidationRows)) : 0;
        var (learned, freedom) = Learning(sizes, errors, growth, overlap, scale);
        if (row <= 0)
        {
            // Nobody resampled the validation rows: what the repeats differ by has to do.
            var spread = Spread(sizes[^1], scale);
            (row, level) = (spread * Math.Sqrt(Math.Max(1, curve.ValidationRows / Math.Max(1, sizes[^1].Count()))), spread / Math.Sqrt(sizes[^1].Count()));
        }

        var least = Math.Max(0.1 * level, scale.Relative ? 1e-4 : 1e-4 * Math.Abs(errors[^1]) + 1e-9);
        learned = freedom == 0 ? Math.Max(level * level, least * least) : Math.Max(learned, least * least);
        return new CurveNoise(level, row, learned, Math.Max(3, freedom), shares);
    }

    /// <summary>The same with a variance that also explains how far the points lie from their best curve.</summary>
    public CurveNoise With(double deviance, int freedom)
    {
        var pooled = (Learned * Freedom + deviance * Learned) / (Freedom + freedom);
        return new CurveNoise(Level, Row, Math.Max(Learned, pooled), Freedom + freedom, Shares);
    }

    /// <summary>
    /// The scatter within a size once each repeat's own height is taken out. Repeats that share rows differ less than independent ones
    /// would (Nadeau and Bengio 2003): each square is scaled up by what is not shared.
    /// </summary>
    private static (double Variance, int Freedom) Learning(IGrouping<int, CurvePoint>[] sizes, double[] errors, double[] growth, double[] overlap, CurveScale scale)
    {
        var residuals = new Dictionary<int, List<(int Size, double Value)>>();
        for (var k = 0; k < sizes.Length; k++)
        {
            foreach (var point in sizes[k])
            {
                if (!residuals.TryGetValue(point.Repeat, out var list))
                {
                    residuals.Add(point.Repeat, list = []);
                }

                list.Add((k, scale.Distance(scale.Error(point.Validation), errors[k])));
            }
        }

        if (residuals.Count < 2 || sizes.Length < 2)
        {
            return (0, 0);
        }

        double sum = 0;
        foreach (var list in residuals.Values)
        {
            var height = list.Sum(residual => residual.Value / growth[residual.Size]) / list.Sum(residual => 1 / growth[residual.Size]);
            sum += list.Sum(residual => (residual.Value - height) * (residual.Value - height) / (growth[residual.Size] * (1 - overlap[residual.Size])));
        }

        var freedom = Math.Max(1, residuals.Values.Sum(list => list.Count) - sizes.Length - residuals.Count + 1);
        return (sum / freedom, freedom);
    }

    private static double Spread(IEnumerable<CurvePoint> size, CurveScale scale)
    {
        var errors = size.Select(point => scale.Error(point.Validation)).ToArray();
        var mean = errors.Average();
        return errors.Length < 2 ? 0 : Math.Sqrt(errors.Sum(error => Math.Pow(scale.Distance(error, mean), 2)) / (errors.Length - 1));
    }
}
