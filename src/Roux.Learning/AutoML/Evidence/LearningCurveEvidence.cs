using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.LearningCurves;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>Whether a model has a future: its learning curve, what more rows would bring, who would win then, and what to do next.</summary>
public sealed record LearningCurveEvidence
{
    /// <summary>The metric of all scores.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Rows that there are to learn from.</summary>
    public required int PresentRows { get; init; }

    /// <summary>Rows of the test set that forecasts are told for.</summary>
    public required int TestRows { get; init; }

    /// <summary>The curves; the first is the one that is told of.</summary>
    public required IReadOnlyList<ForecastCurve> Curves { get; init; }

    /// <summary>Where the first and the best other change places; <c>null</c> when there is no other or too little was measured.</summary>
    public CurveCrossing? Crossing { get; init; }

    /// <summary>What to do next; <c>null</c> when nothing was measured.</summary>
    public NextStepAdvice? Advice { get; init; }

    /// <summary>Unit of <see cref="ForecastCurve.Errors"/>, in words.</summary>
    public required string ErrorUnit { get; init; }

    /// <summary>The whole in three plain sentences.</summary>
    public IReadOnlyList<string> Sentences => CurveSentences.Of(this);

    /// <summary>What a reader should act on; nothing when the figures are not clear.</summary>
    public IEnumerable<Finding> Findings => CurveFindings.Of(this);

    /// <summary>Puts curves together.</summary>
    /// <param name="curves">Measured curves; the first is the one to be told of.</param>
    /// <param name="present">Rows that there are to learn from.</param>
    /// <param name="testRows">Rows of the test set that forecasts are told for.</param>
    /// <param name="floor">Error that cannot be avoided, such as that of people, with its interval: a share of wrong answers for classes, else an error on the metric's scale; <c>null</c> when unknown.</param>
    /// <param name="biggerTried">Whether models that can express more than the first were tried and are no better; <c>null</c> when none was tried.</param>
    /// <param name="seed">Decides the draws.</param>
    public static LearningCurveEvidence Of(IReadOnlyList<LearningCurve> curves, int present, int testRows, Interval? floor, bool? biggerTried, int seed)
    {
        var told = curves.Select(curve => ForecastCurve.Of(curve, present, testRows, floor, seed)).ToList();
        var first = told[0];
        var other = told.Skip(1).Where(curve => curve.Forecast is not null).MaxBy(curve => -CurveScale.Of(curve.Curve.Metric).Error(curve.Now!.Estimate));
        return new LearningCurveEvidence
        {
            Metric = first.Curve.Metric,
            PresentRows = present,
            TestRows = testRows,
            Curves = told,
            Crossing = first.Forecast is null || other is null ? null : CurveCrossing.Of((first.Name, first.Forecast), (other.Name, other.Forecast!), present),
            Advice = first.Errors is null ? null : NextStepAdvice.Of(first.Errors, Gain(first, floor, present, seed), first.Curve.LabelsLookWrong, biggerTried),
            ErrorUnit = ForecastCurve.UsesErrorRate(first.Curve, floor) ? "share of wrong answers"
                : first.Curve.Metric.HigherIsBetter ? $"{CurveScale.Of(first.Curve.Metric).Best:0.##} − {first.Curve.Metric.Title}" : first.Curve.Metric.Title,
        };
    }

    /// <summary>Probability that twice the rows lower the error by a given amount, in the unit of the errors.</summary>
    private static Func<double, double>? Gain(ForecastCurve first, Interval? floor, int present, int seed)
    {
        var forecast = first.Forecast;
        if (ForecastCurve.UsesErrorRate(first.Curve, floor))
        {
            var rates = first.Curve.Points.Select(point => point with { Training = 1 - point.TrainingErrorRate, Validation = 1 - point.ValidationErrorRate }).ToList();
            var rate = first.Errors!.Validation;
            forecast = CurveForecast.Of(first.Curve with { Metric = Metrics.Find("accuracy"), Points = rates, RowNoise = Math.Sqrt(Math.Max(rate * (1 - rate), 0)) }, seed);
        }

        return forecast is null ? null : least => forecast.ProbabilityOfGain(present, 2.0 * present, least);
    }
}
