namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>The repeats of one size together.</summary>
/// <param name="Rows">Mean of the rows learned.</param>
/// <param name="Training">Mean training score; NaN where it was not looked at.</param>
/// <param name="Validation">Mean validation score.</param>
/// <param name="Spread">Standard deviation of the validation score over the repeats; NaN for one repeat.</param>
/// <param name="Repeats">Number of repeats.</param>
public sealed record CurveSize(double Rows, double Training, double Validation, double Spread, int Repeats);
