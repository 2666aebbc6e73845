using Roux.Tuning;

namespace Roux.Debugging.Checks;

/// <summary>A search over settings to be judged.</summary>
/// <param name="Space">The settings.</param>
/// <param name="Trials">What was tried.</param>
/// <param name="Direction">Which way the value is better.</param>
/// <param name="Metric">Name of the value.</param>
public sealed record StudySubject(SearchSpace Space, IReadOnlyList<Trial> Trials, Direction Direction, string Metric)
{
    /// <summary>Trials that came to a value.</summary>
    internal IReadOnlyList<Trial> Complete => [.. Trials.Where(trial => trial is { State: TrialState.Complete, Values: [var value] } && double.IsFinite(value))];
}
