namespace Roux.Learning.AutoML;

/// <summary>What to compare baselines on.</summary>
public sealed record BaselineOptions
{
    /// <summary>The data, the target and the splits, as for a development: the same options give the same folds, so scores can be laid side by side.</summary>
    public required DevelopOptions Data { get; init; }

    /// <summary>Whether to learn rules as a starting point.</summary>
    public bool SuggestRules { get; init; }

    /// <summary>Rules to suggest at most, the else not counted.</summary>
    public int MostRules { get; init; } = 12;
}
