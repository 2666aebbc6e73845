using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Calibration;

namespace Roux.Learning.AutoML;

/// <summary>How the winner's probabilities were made to mean what they say, and what it brought on the final rows.</summary>
public sealed record CalibrationEvidence
{
    /// <summary>The way chosen; <see cref="CalibrationMethod.None"/> where they stayed as they were.</summary>
    public required CalibrationMethod Method { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Every way tried, on predictions out of fold, each calibrated by a curve that did not see it; none first.</summary>
    public required IReadOnlyList<CalibrationTrial> Trials { get; init; }

    /// <summary>The final rows without calibration.</summary>
    public CalibrationFigures? Before { get; init; }

    /// <summary>The final rows with it; the same where nothing was done.</summary>
    public CalibrationFigures? After { get; init; }
}

/// <summary>How far probabilities can be trusted; lower is better.</summary>
/// <param name="LogLoss">Mean negative log of the true class's probability.</param>
/// <param name="Brier">Brier score.</param>
/// <param name="CalibrationError">Expected calibration error in ten bins, in [0, 1].</param>
public sealed record CalibrationFigures(double LogLoss, double Brier, double CalibrationError)
{
    /// <summary>Measures predictions of classes.</summary>
    public static CalibrationFigures Of(Target y, Predictions p) =>
        new(Metrics.Find("log_loss").Compute(y, p), Metrics.Find("brier").Compute(y, p), Metrics.Find("ece").Compute(y, p));
}
