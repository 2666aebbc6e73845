namespace Roux.Learning.Evaluation.Statistics;

/// <summary>What a statistical test found.</summary>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="PValue">Two-sided unless the test says otherwise: the chance, if nothing were going on, of a statistic at least as extreme; in [0, 1], or NaN where the test is not defined.</param>
public sealed record TestStatistic(double Statistic, double PValue);
