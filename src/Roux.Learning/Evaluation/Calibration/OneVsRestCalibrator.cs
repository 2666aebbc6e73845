using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Calibration;

/// <summary>One curve for the second of two classes, or one for each of more, whose results are scaled to sum to 1 (Zadrozny and Elkan 2002).</summary>
public sealed class OneVsRestCalibrator : Calibrator
{
    private readonly ProbabilityMap[] maps;

    /// <param name="method">The kind of the curves.</param>
    /// <param name="maps">One for two classes, or one per class from three on.</param>
    public OneVsRestCalibrator(CalibrationMethod method, ProbabilityMap[] maps) => (Method, this.maps) = (method, maps.Length is 1 or > 2 ? maps
        : throw new ArgumentException($"{maps.Length} curves: one for two classes, or one per class from three on", nameof(maps)));

    /// <inheritdoc/>
    public override CalibrationMethod Method { get; }

    /// <summary>One for two classes, or one per class from three on.</summary>
    public IReadOnlyList<ProbabilityMap> Maps => maps;

    /// <inheritdoc/>
    public override bool Fits(TaskKind task, int width) =>
        (task == TaskKind.Binary && maps.Length == 1) || (task == TaskKind.Multiclass && maps.Length == width);

    internal static OneVsRestCalibrator Fit(CalibrationMethod method, Target y, Predictions p, Func<bool[], double[], double[], ProbabilityMap> fit)
    {
        var classes = p.Task == TaskKind.Binary ? [1] : Enumerable.Range(0, p.Width).ToArray();
        var maps = Array.ConvertAll(classes, k =>
        {
            var probability = new double[p.Rows];
            var rest = new double[p.Rows];
            for (var row = 0; row < p.Rows; row++)
            {
                probability[row] = p.Values[row * p.Width + k];
                rest[row] = Rest(p.Row(row), k);
            }

            return fit(Array.ConvertAll(y.Labels, label => label == k), probability, rest);
        });
        return new OneVsRestCalibrator(method, maps);
    }

    /// <inheritdoc/>
    protected override void Apply(Span<double> row)
    {
        if (maps.Length == 1)
        {
            row[1] = maps[0].Map(row[1], row[0]);
            row[0] = 1 - row[1];
            return;
        }

        Span<double> mapped = row.Length <= 256 ? stackalloc double[row.Length] : new double[row.Length];
        var sum = 0.0;
        for (var k = 0; k < row.Length; k++)
        {
            mapped[k] = maps[k].Map(row[k], Rest(row, k));
            sum += mapped[k];
        }

        if (sum > 0)
        {
            for (var k = 0; k < row.Length; k++)
            {
                row[k] = mapped[k] / sum;
            }
        }
    }

    /// <summary>What the other classes have together.</summary>
    private static double Rest(ReadOnlySpan<double> row, int k)
    {
        var rest = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            rest += j == k ? 0 : row[j];
        }

        return Math.Min(1, rest);
    }
}
