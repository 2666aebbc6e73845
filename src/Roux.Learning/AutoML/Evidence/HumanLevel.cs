using Roux.Learning.Evaluation;
using Roux.Learning.Evaluation.Annotations;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>How well people do the task that models were developed for, and how the models compare on the same rows.</summary>
public sealed record HumanLevel
{
    /// <summary>What the annotations tell of themselves: agreement, annotators, consensus.</summary>
    public required AnnotationStudy Study { get; init; }

    /// <summary>
    /// People's score with its interval, in the headline metric or the one of decisions that stands in for it. Each annotator against
    /// the data's target; where that target is the annotators' own consensus, each against the consensus of the others.
    /// </summary>
    public required HumanScore Human { get; init; }

    /// <summary>People's error with its interval over annotators: the share of wrong answers for classes, the score itself for numbers. What no model need be asked to undercut.</summary>
    public required Interval Error { get; init; }

    /// <summary>Whether the data's target is what the annotators together say, so that scoring them against it would flatter them.</summary>
    public required bool TargetIsConsensus { get; init; }

    /// <summary>Annotated rows with an answer.</summary>
    public required int Rows { get; init; }

    /// <summary>The best result of every learner beside people, in the order of the leaderboard.</summary>
    public required IReadOnlyList<HumanComparison> Candidates { get; init; }

    /// <summary>The winner on the annotated final rows, in the same metric; NaN where none of them is annotated.</summary>
    public required double Final { get; init; }

    /// <summary>Number of annotated final rows.</summary>
    public required int FinalRows { get; init; }

    /// <summary>What to look at.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>A candidate beside people.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Headline">Its cross-validated headline figure.</param>
/// <param name="SameRows">Its score on annotated rows that it had not learned from, in the metric of <see cref="HumanLevel.Human"/>, with its interval over rows.</param>
/// <param name="Rows">Number of those rows.</param>
public sealed record HumanComparison(string Name, Interval Headline, Interval SameRows, int Rows);
