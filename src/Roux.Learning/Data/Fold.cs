namespace Roux.Learning.Data;

/// <summary>One division of rows into those that a model is fitted on and those that it is scored on.</summary>
/// <param name="Train">Rows (0-based, ascending) to fit on.</param>
/// <param name="Test">Rows (0-based, ascending) to score on; none of them is in <paramref name="Train"/>.</param>
public sealed record Fold(int[] Train, int[] Test);
