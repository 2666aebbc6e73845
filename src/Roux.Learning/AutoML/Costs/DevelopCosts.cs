using Roux.Learning.Evaluation;

namespace Roux.Learning.AutoML;

/// <summary>What the candidates cost, which of them are worth it, and which keep to the limits that were given.</summary>
public sealed record DevelopCosts
{
    /// <summary>The best result of every learner, in the order of the leaderboard, and the winner where it is another.</summary>
    public required IReadOnlyList<CandidateCosts> Candidates { get; init; }

    /// <summary>The candidate that was registered.</summary>
    public required string Winner { get; init; }

    /// <summary>What the winner is weighed against: the simplest that is as good; <c>null</c> where that is the winner itself.</summary>
    public string? Simplest { get; init; }

    /// <summary>Limits that were given.</summary>
    public required CostLimits Limits { get; init; }

    /// <summary>Whether the winner keeps to them; if not, nothing that was tried does, and nothing is registered.</summary>
    public required bool WithinLimits { get; init; }

    /// <summary>Candidates that were better but missed a limit when they were fitted on all rows and measured, in order.</summary>
    public required IReadOnlyList<CandidateCosts> Rejected { get; init; }

    /// <summary>What things cost in money; <c>null</c> where no rates were given.</summary>
    public Rates? Rates { get; init; }

    /// <summary>Watts of a busy core that energy was estimated with.</summary>
    public required double WattsPerCore { get; init; }

    /// <summary>Quality against the median latency of a single row, of those that were measured.</summary>
    public required IReadOnlyList<ParetoPoint> LatencyFront { get; init; }

    /// <summary>Quality against bytes of the stored model of a fold.</summary>
    public required IReadOnlyList<ParetoPoint> SizeFront { get; init; }

    /// <summary>Quality against processor seconds of a fold.</summary>
    public required IReadOnlyList<ParetoPoint> FitFront { get; init; }

    /// <summary>The same, with the rows that each candidate needs for 95% of its quality, where its learning curve tells.</summary>
    internal DevelopCosts With(LearningCurveEvidence? curves) => curves is null ? this : this with
    {
        Candidates = [.. Candidates.Select(candidate => candidate with { RowsFor95Percent = curves.Curves.FirstOrDefault(curve => curve.Curve.Name == candidate.Name)?.RowsFor95?.Estimate })],
    };

    /// <summary>The candidate of that name.</summary>
    public CandidateCosts? Find(string name) => Candidates.FirstOrDefault(candidate => candidate.Name == name);
}
