namespace Roux.Learning.Evaluation.Assumptions;

/// <summary>How an assumption fares on the data.</summary>
public enum AssumptionStatus
{
    /// <summary>Nothing speaks against it.</summary>
    Holds,

    /// <summary>It could not be checked; the message says why.</summary>
    NotChecked,

    /// <summary>It is off, though not by much.</summary>
    Doubtful,

    /// <summary>It is off by so much that it matters.</summary>
    Violated,
}

/// <summary>An assumption of some learners, held against the data.</summary>
public sealed record AssumptionCheck
{
    /// <summary>What is assumed, in a few words.</summary>
    public required string Assumption { get; init; }

    /// <summary>The learners that assume it, by name.</summary>
    public required IReadOnlyList<string> Learners { get; init; }

    /// <summary>How it fares.</summary>
    public required AssumptionStatus Status { get; init; }

    /// <summary>What was found, in one plain sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it; empty where there is nothing to do.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Name of the statistic; empty where none was computed.</summary>
    public string Statistic { get; init; } = "";

    /// <summary>Its value; NaN where none was computed.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Its p-value; NaN where it has none.</summary>
    public double PValue { get; init; } = double.NaN;

    /// <summary>When it counts as doubtful and as violated, in words. Tests alone decide nothing: with many rows they find what does not matter.</summary>
    public string Bounds { get; init; } = "";

    /// <summary>The columns that it shows in, worst first.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];
}

/// <summary>What the learners take for granted, held against the data.</summary>
/// <param name="Checks">One per assumption, the worst first.</param>
/// <param name="Rows">Rows that were looked at.</param>
/// <param name="Features">Features that were looked at: numbers, levels and date parts, without texts and lists.</param>
public sealed record AssumptionReport(IReadOnlyList<AssumptionCheck> Checks, int Rows, int Features)
{
    /// <summary>The checks that concern a learner, the worst first.</summary>
    public IReadOnlyList<AssumptionCheck> For(string learner) => [.. Checks.Where(check => check.Learners.Contains(learner))];
}

/// <summary>How the rows came about, as far as the user says.</summary>
public sealed record AssumptionOptions
{
    /// <summary>Column whose equal values stay on one side of every split; <c>null</c> for none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Column that orders the rows in time; <c>null</c>: the order of the file.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Seed of the features' target encodings.</summary>
    public int Seed { get; init; }

    /// <summary>Threads that may work at once.</summary>
    public int Threads { get; init; } = 1;
}
