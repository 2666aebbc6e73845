using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Existing;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>All baselines of a question, scored.</summary>
public sealed record BaselineResult
{
    /// <summary>What was asked for.</summary>
    public required BaselineOptions Options { get; init; }

    /// <summary>The kind of task.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The metric that baselines are ranked by.</summary>
    public required Metric Metric { get; init; }

    /// <summary>How rows were used.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>The baselines, the best in cross-validation first.</summary>
    public required IReadOnlyList<BaselineScore> Scores { get; init; }

    /// <summary>Baselines that could not be scored, and why.</summary>
    public required IReadOnlyList<(string Name, string Reason)> Skipped { get; init; }

    /// <summary>What each rule of the rule file does; <c>null</c> without one.</summary>
    public required RuleAudit? Rules { get; init; }

    /// <summary>Learned rules; <c>null</c> where none were asked for.</summary>
    public required RuleSuggestion? Suggestion { get; init; }

    /// <summary>The existing system: what it is.</summary>
    public required string? ExistingDescription { get; init; }

    /// <summary>How long it took; <c>null</c> for none and for a file.</summary>
    public required ExistingLatency? ExistingLatency { get; init; }

    /// <summary>What to look at.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Remarks on how the data was read and used.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The run that holds it all.</summary>
    public required string RunId { get; init; }

    /// <summary>Seconds for the whole.</summary>
    public required double Seconds { get; init; }
}

/// <summary>One baseline.</summary>
/// <param name="Result">Its scores in cross-validation.</param>
/// <param name="CrossValidated">Their mean with its interval; <c>NaN</c> ends where it was scored on the final rows only.</param>
/// <param name="PValueAgainstBest">Holm-adjusted p-value of being as good as the best; NaN for the best itself.</param>
/// <param name="Final">The headline metric on the final rows with its interval.</param>
/// <param name="FinalMetrics">Every metric of the task on the final rows.</param>
public sealed record BaselineScore(CandidateResult Result, Interval CrossValidated, double PValueAgainstBest, Interval Final, IReadOnlyDictionary<string, double> FinalMetrics);
