using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;

namespace Roux.Learning.AutoML;

/// <summary>What is known when evidence is gathered: the search is over, the winner is fitted and scored.</summary>
internal sealed record EvidenceContext
{
    public required DevelopOptions Options { get; init; }

    public required DevelopInputs Inputs { get; init; }

    /// <summary>The rows that were searched over, and their folds.</summary>
    public required SplitPlan Plan { get; init; }

    public required Metric Metric { get; init; }

    /// <summary>Every scored candidate, complete ones first and best first.</summary>
    public required IReadOnlyList<CandidateResult> Ranked { get; init; }

    public required Leaderboard Board { get; init; }

    public required CandidateResult Winner { get; init; }

    /// <summary>The winner, fitted on all development rows.</summary>
    public required Pipeline Pipeline { get; init; }

    /// <summary>How the winner was chosen, and what else was fitted on all rows on the way.</summary>
    public required WinnerChoice Choice { get; init; }

    /// <summary>Fits further candidates on all rows and measures them.</summary>
    public required CostMeter Meter { get; init; }

    /// <summary>Cost of a fit on all rows over that on a fold's training rows.</summary>
    public required double RefitFactor { get; init; }

    /// <summary>The winner on the final rows.</summary>
    public required EvaluationResult Test { get; init; }

    /// <summary>How the winner's probabilities were calibrated and become decisions.</summary>
    public required Refinement Refinement { get; init; }

    /// <summary>The winner's predictions for the final rows.</summary>
    public required Predictions TestPredictions { get; init; }

    /// <summary>The existing system's answers; <c>null</c> where none was named.</summary>
    public ExistingCompetitor? Existing { get; init; }

    public required Budget Budget { get; init; }

    public required int Threads { get; init; }

    /// <summary>Tells the reader something, such as what was left out for want of time.</summary>
    public required Action<string> Note { get; init; }

    public required CancellationToken Stop { get; init; }

    /// <summary>Seconds that a step may take: a share (0 to 1) of what is left of the budget; infinite when trials are counted instead.</summary>
    public double Seconds(double share) => Stop.IsCancellationRequested ? 0 : Budget.SecondsLeft * share;
}
