using Roux.Learning.Data;
using Roux.Learning.Evaluation;
using Roux.Learning.Pipelines;
using Roux.Tracking;

namespace Roux.Learning.AutoML;

/// <summary>All that a development found out: what the report, the terminal and the JSON document are made from.</summary>
public sealed record DevelopResult
{
    /// <summary>What was asked for.</summary>
    public required DevelopOptions Options { get; init; }

    /// <summary>The data as read.</summary>
    public required LoadedTable Data { get; init; }

    /// <summary>The kind of task.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The classes; empty for regression.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The headline metric.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Every column with its role.</summary>
    public required IReadOnlyList<ColumnSpec> Columns { get; init; }

    /// <summary>What is in the data.</summary>
    public required DataProfile Profile { get; init; }

    /// <summary>How rows were used: labelled, for development, folds, for the final score.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Every candidate that was scored, complete ones first and best first.</summary>
    public required IReadOnlyList<CandidateResult> Candidates { get; init; }

    /// <summary>The best result of every learner, best first: what a person wants to compare.</summary>
    public required IReadOnlyList<LeaderboardRow> Leaderboard { get; init; }

    /// <summary>Learners that were not tried or not finished, and why.</summary>
    public required IReadOnlyList<(string Name, string Reason)> Skipped { get; init; }

    /// <summary>The candidate that was fitted again on all development rows, scored and registered.</summary>
    public required CandidateResult Winner { get; init; }

    /// <summary>Candidates against each other, and the verdict in plain words.</summary>
    public required ComparisonResult Comparison { get; init; }

    /// <summary>The verdict in plain words, on the comparison and on the final score.</summary>
    public required string Verdict { get; init; }

    /// <summary>The winner, fitted on all development rows.</summary>
    public required Pipeline Pipeline { get; init; }

    /// <summary>The winner on rows that no step had seen.</summary>
    public required EvaluationResult Test { get; init; }

    /// <summary>The answers of those rows.</summary>
    public required Target TestTarget { get; init; }

    /// <summary>The winner's predictions for those rows.</summary>
    public required Predictions TestPredictions { get; init; }

    /// <summary>The winner's cross-validated headline figure with its interval.</summary>
    public required Interval CrossValidated { get; init; }

    /// <summary>Gain or weight of each source column in the winner, summing to 1, largest first; empty where the family has none.</summary>
    public required IReadOnlyList<(string Column, double Share)> Importance { get; init; }

    /// <summary>Loss of the headline metric when a column is shuffled, largest first; empty when there was no time.</summary>
    public required IReadOnlyList<ColumnImportance> PermutationImportance { get; init; }

    /// <summary>What a sceptic asks for beyond the score.</summary>
    public Evidence Evidence { get; init; } = new();

    /// <summary>What to look at, most severe first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Remarks on how the data was read and used.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The run that holds it all.</summary>
    public required string RunId { get; init; }

    /// <summary>The registered version; <c>null</c> when registering failed (then a note says why).</summary>
    public ModelVersionRecord? ModelVersion { get; init; }

    /// <summary>Whether the user asked to stop before the search was over.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Seconds for the whole job.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds per phase, in order.</summary>
    public IReadOnlyList<(string Phase, double Seconds)> Phases { get; init; } = [];

    /// <summary>Where the report was written.</summary>
    public string? ReportPath { get; init; }
}

/// <summary>How the rows were used.</summary>
/// <param name="Total">Rows read.</param>
/// <param name="Labelled">Rows with an answer.</param>
/// <param name="Development">Rows for cross-validation and the final fit.</param>
/// <param name="Searched">Development rows that the search looked at (fewer than all when there are very many).</param>
/// <param name="Test">Rows of the final score.</param>
/// <param name="Folds">Folds, repeats included.</param>
public sealed record RowCounts(int Total, int Labelled, int Development, int Searched, int Test, int Folds);

/// <summary>One line of the leaderboard.</summary>
/// <param name="Result">The best result of its learner.</param>
/// <param name="Interval">The 95% interval of its mean, by the corrected resampled variance.</param>
/// <param name="PValueAgainstBest">Holm-adjusted p-value of being as good as the best; NaN for the best itself.</param>
public sealed record LeaderboardRow(CandidateResult Result, Interval Interval, double PValueAgainstBest);
