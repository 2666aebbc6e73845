using Roux.Learning.Data;
using Roux.Learning.Learners;
using Roux.Learning.Learners.Rules;

namespace Roux.Learning.AutoML;

/// <summary>What a search looks through.</summary>
internal sealed record SearchSetting
{
    public required TaskKind Task { get; init; }

    public required IReadOnlyList<Learner> Learners { get; init; }

    /// <summary>The existing heuristic, to compete with; it is never fitted or registered.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>The existing system's answers, to compete with.</summary>
    public ExistingCompetitor? Existing { get; init; }

    public required int Seed { get; init; }

    /// <summary>Rows that a fold trains on.</summary>
    public required int TrainingRows { get; init; }

    public required int InputColumns { get; init; }

    /// <summary>Cost of a fit on all rows over that on a fold's training rows.</summary>
    public required double RefitFactor { get; init; }

    /// <summary>Whether to fit on log(1 + y) as well.</summary>
    public bool TryLogTarget { get; init; }

    public bool Ensemble { get; init; } = true;

    /// <summary>How many of the best learners are tuned.</summary>
    public int TunedLearners { get; init; } = 2;

    /// <summary>After this many trials more of the same kind are not worth their time.</summary>
    public int MaxTrials { get; init; } = 400;
}
