using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Calibration;

/// <summary>Temperature scaling (Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks"): probabilities to the power 1/T, scaled to sum to 1. The order of classes within a row never changes.</summary>
public sealed class TemperatureCalibrator : Calibrator
{
    private const double Least = 1e-3;
    private const double Most = 1e3;

    /// <param name="temperature">Above 0; above 1 softens.</param>
    /// <param name="floor">Stands in for probabilities below it; above 0.</param>
    public TemperatureCalibrator(double temperature, double floor) => (Temperature, LeastProbability) = (temperature, floor);

    /// <inheritdoc/>
    public override CalibrationMethod Method => CalibrationMethod.Temperature;

    /// <summary>Above 0; above 1 softens.</summary>
    public double Temperature { get; }

    /// <summary>Stands in for probabilities below it.</summary>
    public double LeastProbability { get; }

    /// <inheritdoc/>
    public override bool Fits(TaskKind task, int width) => task is TaskKind.Binary or TaskKind.Multiclass;

    internal static TemperatureCalibrator Fit(Target y, Predictions p)
    {
        var floor = Floor(p.Values);
        var logs = Array.ConvertAll(p.Values, value => Math.Log(Math.Max(value, floor)));

        // The loss is convex in 1/T: Newton's method, kept within a bracket that halves where it would leave.
        var (low, high, sharpness) = (Least, Most, 1.0);
        for (var iteration = 0; iteration < 100; iteration++)
        {
            var (slope, curvature) = Derivatives(logs, p.Width, y.Labels, sharpness);
            if (slope > 0)
            {
                high = sharpness;
            }
            else
            {
                low = sharpness;
            }

            var next = curvature > 0 ? sharpness - slope / curvature : double.NaN;
            next = next > low && next < high ? next : Math.Sqrt(low * high);
            if (Math.Abs(next - sharpness) < 1e-10 * sharpness)
            {
                break;
            }

            sharpness = next;
        }

        return new TemperatureCalibrator(1 / sharpness, floor);
    }

    /// <inheritdoc/>
    protected override void Apply(Span<double> row)
    {
        for (var k = 0; k < row.Length; k++)
        {
            row[k] = Math.Log(Math.Max(row[k], LeastProbability)) / Temperature;
        }

        Learners.Probabilities.Softmax(row);
    }

    /// <summary>First and second derivative of the summed log loss by 1/T: mean log less the true one, and the variance of the logs.</summary>
    private static (double Slope, double Curvature) Derivatives(double[] logs, int width, int[] labels, double sharpness)
    {
        var scaled = new double[width];
        double slope = 0, curvature = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var own = logs.AsSpan(row * width, width);
            for (var k = 0; k < width; k++)
            {
                scaled[k] = own[k] * sharpness;
            }

            Learners.Probabilities.Softmax(scaled);
            double mean = 0, squares = 0;
            for (var k = 0; k < width; k++)
            {
                mean += scaled[k] * own[k];
            }

            for (var k = 0; k < width; k++)
            {
                squares += scaled[k] * (own[k] - mean) * (own[k] - mean);
            }

            slope += mean - own[labels[row]];
            curvature += squares;
        }

        return (slope, curvature);
    }
}
