using Roux.Learning.Data;

namespace Roux.Learning.Evaluation.Calibration;

/// <summary>Turns a model's probabilities into better ones. Immutable and safe to use from many threads.</summary>
public abstract class Calibrator
{
    /// <summary>Which way it is.</summary>
    public abstract CalibrationMethod Method { get; }

    /// <summary>Whether it is made for so many classes, and for probabilities that sum to 1.</summary>
    public abstract bool Fits(TaskKind task, int width);

    /// <summary>Calibrated probabilities of the same rows; their decision rule stays.</summary>
    /// <param name="p">Binary or multiclass probabilities.</param>
    /// <exception cref="ArgumentException">They are not what it was fitted for.</exception>
    public Predictions Apply(Predictions p)
    {
        if (!Fits(p.Task, p.Width))
        {
            throw new ArgumentException($"a {Method} calibrator cannot be applied to {p.Task} predictions of {p.Width} outputs", nameof(p));
        }

        var values = (double[])p.Values.Clone();
        for (var row = 0; row < p.Rows; row++)
        {
            Apply(values.AsSpan(row * p.Width, p.Width));
        }

        return new Predictions(p.Task, p.Width, values, p.Rule);
    }

    /// <summary>Fits a way of calibration.</summary>
    /// <param name="method">Any but <see cref="CalibrationMethod.None"/>.</param>
    /// <param name="y">Binary or multiclass answers.</param>
    /// <param name="p">Probabilities for the same rows, which the model has not learned from.</param>
    /// <exception cref="ArgumentException">The task has no such probabilities, or there is no row.</exception>
    public static Calibrator Fit(CalibrationMethod method, Target y, Predictions p)
    {
        if (y.Task is not (TaskKind.Binary or TaskKind.Multiclass) || y.Count != p.Rows || y.Width != p.Width || y.Count == 0)
        {
            throw new ArgumentException($"calibration needs one class per row and matching rows: given a {Metrics.Describe(y.Task)} target of {y.Count} rows and predictions of {p.Rows} rows");
        }

        return method switch
        {
            CalibrationMethod.Temperature => TemperatureCalibrator.Fit(y, p),
            CalibrationMethod.Platt => OneVsRestCalibrator.Fit(method, y, p, PlattMap.Fit),
            CalibrationMethod.Beta => OneVsRestCalibrator.Fit(method, y, p, BetaMap.Fit),
            CalibrationMethod.Isotonic => OneVsRestCalibrator.Fit(method, y, p, IsotonicMap.Fit),
            _ => throw new ArgumentException($"'{method}' needs no calibrator", nameof(method)),
        };
    }

    /// <summary>Calibrates the probabilities of one row in place.</summary>
    protected abstract void Apply(Span<double> row);

    /// <summary>
    /// What stands in for probabilities of 0, whose logarithm is infinite: half the least one seen, so that their order stays.
    /// Models that count (forests, neighbours) say 0 where they mean "rarely".
    /// </summary>
    internal static double Floor(IEnumerable<double> probabilities) =>
        Math.Max(1e-300, Math.Min(0.25, probabilities.Where(probability => probability > 0).DefaultIfEmpty(0.5).Min()) / 2);
}
