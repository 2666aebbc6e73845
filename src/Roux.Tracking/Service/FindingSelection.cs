namespace Roux.Tracking.Service;

/// <summary>Which findings a list shows.</summary>
/// <param name="Reach">The projects that the caller sees.</param>
internal sealed record FindingSelection(Reach Reach)
{
    /// <summary>Id of an experiment; <c>null</c>: all.</summary>
    public string? Experiment { get; init; }

    /// <summary>Name of a check; <c>null</c>: all.</summary>
    public string? Check { get; init; }

    /// <summary>A severity; <c>null</c>: all.</summary>
    public Severity? Severity { get; init; }

    /// <summary>What has become of them; <c>null</c>: whatever.</summary>
    public FindingState? State { get; init; }

    /// <summary>Whether the most severe come first, rather than those of the latest run.</summary>
    public bool WorstFirst { get; init; }

    /// <summary>Whether a count is of what it shows.</summary>
    public bool Holds(FindingCount count) =>
        (Experiment is null || count.ExperimentId == Experiment) && (Check is null || count.Check == Check) && (Severity is null || count.Severity == Severity) && (State is null || count.State == State);
}

/// <summary>A finding in a list.</summary>
internal sealed record FindingRow(
    long Key, string RunId, string RunName, string ExperimentId, string Experiment, DateTimeOffset Started, string Check, Severity Severity, string Message, IReadOnlyList<string> Columns, FindingState State)
{
    /// <summary>What was looked at; empty where the run does not say.</summary>
    public string Subject { get; init; } = "";

    /// <summary>For each of the latest runs of the same experiment and subject, the oldest first: its id, and whether the same check found the same columns.</summary>
    public IReadOnlyList<(string RunId, bool Found)> Trend { get; init; } = [];
}

/// <summary>How many findings are alike.</summary>
internal sealed record FindingCount(string ExperimentId, string Experiment, string Check, Severity Severity, FindingState State, long Count);
