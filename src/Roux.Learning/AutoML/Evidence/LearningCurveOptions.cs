using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>What learning curves to measure, and within what.</summary>
public sealed record LearningCurveOptions
{
    /// <summary>The data, the target, the metric, the learners (empty: a simple one and a strong one), columns that keep rows together or in order, seed and threads.</summary>
    public required DevelopOptions Data { get; init; }

    /// <summary>Rows to learn from; empty for geometric steps.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>Divisions that every size is measured on, from 2.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Time for everything; <c>null</c> for no limit, and then a seed repeats everything to the last digit.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Error of people, with its interval: a share of wrong answers for classes, else on the metric's scale; <c>null</c> when unknown.</summary>
    public Interval? HumanError { get; init; }
}
