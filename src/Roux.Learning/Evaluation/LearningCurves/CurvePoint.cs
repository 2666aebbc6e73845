namespace Roux.Learning.Evaluation.LearningCurves;

/// <summary>One fit of a learning curve: so many rows learned, scored on rows that were not.</summary>
/// <param name="Size">Rows that were planned: all points of a size belong together.</param>
/// <param name="Rows">Rows that were learned; other than planned where groups or times must stay whole.</param>
/// <param name="Repeat">Number of the division into rows to learn and rows to validate on, from 0.</param>
/// <param name="Training">Score on (a part of) the rows that were learned; NaN where it was not looked at.</param>
/// <param name="Validation">Score on the held-out rows of the repeat, the same ones at every size.</param>
/// <param name="TrainingErrorRate">Share of wrong answers on the learned rows; NaN where answers are numbers.</param>
/// <param name="ValidationErrorRate">Share of wrong answers on the held-out rows; NaN where answers are numbers.</param>
/// <param name="Seconds">Seconds to make features, fit and predict.</param>
public sealed record CurvePoint(int Size, int Rows, int Repeat, double Training, double Validation, double TrainingErrorRate, double ValidationErrorRate, double Seconds);
