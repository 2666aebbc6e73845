namespace Roux.Debugging.Checks;

/// <summary>The circumstances in which checks look at something.</summary>
public sealed record CheckContext
{
    /// <summary>All randomness comes from it.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>How many threads may work at once, at least 1. Findings do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Thresholds that were set, by <c>check.name</c>.</summary>
    public IReadOnlyDictionary<string, double> Set { get; init; } = new Dictionary<string, double>();

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The value of a check's threshold here.</summary>
    public double Value(string check, Threshold threshold) => Set.TryGetValue($"{check}.{threshold.Name}", out var value) ? value : threshold.Default;
}
