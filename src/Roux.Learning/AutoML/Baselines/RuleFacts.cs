using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Statistics;

namespace Roux.Learning.AutoML;

/// <summary>What one rule does.</summary>
public sealed record RuleFacts
{
    /// <summary>Its place in the list, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its condition; <c>null</c> for the else.</summary>
    public required string? Condition { get; init; }

    /// <summary>What it answers.</summary>
    public required string Answer { get; init; }

    /// <summary>Rows on which its condition is true, whatever comes before it.</summary>
    public required int Matches { get; init; }

    /// <summary>Rows that it decides, being the first to match.</summary>
    public required int Decides { get; init; }

    /// <summary>Rows that it decides rightly; for numbers those that it hits exactly.</summary>
    public required int Correct { get; init; }

    /// <summary>Share of right answers among the rows that it decides, with Wilson's interval; <c>null</c> for numbers.</summary>
    public required Interval? Precision { get; init; }

    /// <summary>Share of right answers among all rows that it matches; NaN for none and for numbers.</summary>
    public required double PrecisionOfMatches { get; init; }

    /// <summary>For numbers: mean absolute error on the rows that it decides; else NaN.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>For numbers: mean of the answers of the rows that it decides; else NaN.</summary>
    public required double MeanOfRows { get; init; }

    /// <summary>Where earlier rules take every row that it matches: their numbers; else empty.</summary>
    public required IReadOnlyList<int> ShadowedBy { get; init; }
}

/// <summary>Two rules with different answers for the same rows.</summary>
/// <param name="Earlier">The rule that decides.</param>
/// <param name="Later">The rule that comes too late.</param>
/// <param name="Rows">Rows that both match.</param>
/// <param name="EarlierCorrect">Rows of these on which the earlier is right.</param>
/// <param name="LaterCorrect">Rows of these on which the later would be right.</param>
public sealed record RuleConflict(int Earlier, int Later, int Rows, int EarlierCorrect, int LaterCorrect)
{
    /// <summary>
    /// Whether the later is right more often by more than chance explains: an exact sign test (Dixon and Mood 1946) over the rows on which one of the two is right, one-sided at 5 %.
    /// </summary>
    public bool LaterIsBetter => LaterCorrect > EarlierCorrect
        && Proportion.ClopperPearson(LaterCorrect, LaterCorrect + EarlierCorrect, 0.90).Low > 0.5;
}
