using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;

namespace Roux.Learning.AutoML;

/// <summary>A measured curve and what it lets one expect. Intervals are of 90% and told for a test set of the size at hand.</summary>
/// <param name="Curve">As measured.</param>
/// <param name="Errors">Where its errors come from at the largest size; <c>null</c> when nothing was measured.</param>
/// <param name="Forecast">What is to be expected; <c>null</c> when too few sizes were measured.</param>
public sealed record ForecastCurve(LearningCurve Curve, BiasVariance? Errors, CurveForecast? Forecast)
{
    /// <summary>Name of the candidate.</summary>
    public string Name => Curve.Name;

    /// <summary>Score expected with the present rows.</summary>
    public Interval? Now { get; init; }

    /// <summary>Score expected with twice the rows.</summary>
    public Interval? Twice { get; init; }

    /// <summary>Score expected with ten times the rows.</summary>
    public Interval? Tenfold { get; init; }

    /// <summary>How much better twice the rows are on average, in the metric's unit.</summary>
    public Interval? GainTwice { get; init; }

    /// <summary>How much better ten times the rows are on average, in the metric's unit.</summary>
    public Interval? GainTenfold { get; init; }

    /// <summary>Rows that give 95% of the quality expected at ten times the present rows.</summary>
    public Interval? RowsFor95 { get; init; }

    /// <summary>Fills in the figures.</summary>
    /// <param name="curve">A measured curve.</param>
    /// <param name="present">Rows that there are to learn from.</param>
    /// <param name="testRows">Rows of the test set that forecasts are told for.</param>
    /// <param name="floor">Error that cannot be avoided; see <see cref="LearningCurveEvidence.Of"/>.</param>
    /// <param name="seed">Decides the draws.</param>
    internal static ForecastCurve Of(LearningCurve curve, int present, int testRows, Interval? floor, int seed)
    {
        var forecast = CurveForecast.Of(curve, seed);
        var errors = ErrorsOf(curve, floor);
        return forecast is null ? new ForecastCurve(curve, errors, null) : new ForecastCurve(curve, errors, forecast)
        {
            Now = forecast.Score(present, testRows),
            Twice = forecast.Score(2.0 * present, testRows),
            Tenfold = forecast.Score(10.0 * present, testRows),
            GainTwice = forecast.Gain(present, 2.0 * present),
            GainTenfold = forecast.Gain(present, 10.0 * present),
            RowsFor95 = forecast.RowsFor(0.95, present),
        };
    }

    /// <summary>Whether errors are told as the share of wrong answers, to be weighed against the floor, rather than on the metric's scale.</summary>
    internal static bool UsesErrorRate(LearningCurve curve, Interval? floor) => floor is not null && curve.Points.Count > 0 && !double.IsNaN(curve.Points[^1].ValidationErrorRate);

    private static BiasVariance? ErrorsOf(LearningCurve curve, Interval? floor)
    {
        if (curve.Points.Count == 0)
        {
            return null;
        }

        var largest = curve.Points.Max(point => point.Size);
        var points = curve.Points.Where(point => point.Size == largest).ToArray();
        var trained = curve.Points.Where(point => double.IsFinite(point.Training)).GroupBy(point => point.Size).MaxBy(group => group.Key)?.ToArray();
        if (trained is null)
        {
            return null;
        }

        var scale = CurveScale.Of(curve.Metric);
        if (UsesErrorRate(curve, floor))
        {
            var rate = points.Average(point => point.ValidationErrorRate);
            return new BiasVariance(trained.Average(point => point.TrainingErrorRate), rate, floor, Math.Sqrt(Math.Max(rate * (1 - rate), 0) / Math.Max(1, curve.ValidationRows)));
        }

        var noise = double.IsFinite(curve.RowNoise) ? curve.RowNoise / Math.Sqrt(Math.Max(1, curve.ValidationRows)) : 0;
        return new BiasVariance(scale.Error(trained.Average(point => point.Training)), scale.Error(points.Average(point => point.Validation)), floor, noise);
    }
}
