using Roux.Learning.Studies;
using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Cli.Studies;

/// <summary>What came of a study.</summary>
/// <param name="Study">The study.</param>
/// <param name="Goals">What was tuned.</param>
/// <param name="RunId">Id of its run.</param>
/// <param name="Experiment">Name of its experiment.</param>
/// <param name="End">Why it ended.</param>
internal sealed record StudyOutcome(Study Study, IReadOnlyList<Goal> Goals, string RunId, string Experiment, RunEnd End)
{
    /// <summary>Its only metric, or the first.</summary>
    public string Metric => Goals[0].Metric;

    /// <summary>All metrics in words.</summary>
    public string Metrics => string.Join(" and ", Goals.Select(goal => goal.Metric));

    /// <summary>The best trial of a single goal; null before there is one, and of several.</summary>
    public Trial? Best => Goals.Count == 1 ? Study.Best : null;

    /// <summary>Trials that none beats in every goal: of a single goal the best one.</summary>
    public IReadOnlyList<Trial> Front => Goals.Count > 1 ? Study.ParetoFront : Study.Best is { } best ? [best] : [];

    /// <summary>What the checks of studies found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What was to be beaten; null for nothing.</summary>
    public Champion? Champion { get; init; }

    /// <summary>By how much.</summary>
    public double LeastGain { get; init; }

    /// <summary>Further figures in words, such as the corrected score of the winner: name and value.</summary>
    public IReadOnlyList<(string Name, double Value, string Meaning)> Figures { get; init; } = [];

    /// <summary>The further figures as sentences.</summary>
    public IReadOnlyList<string> Remarks => [.. Figures.Where(figure => figure.Meaning.Length > 0).Select(figure => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{figure.Value:G5} {figure.Meaning}."))];

    /// <summary>The score that counts against the champion, where it is not the best trial's own.</summary>
    public double? Honest { get; init; }

    /// <summary>How much better than the champion it is, in the metric's unit; null without a champion or a best trial.</summary>
    public double? Gain => Champion is not { } champion || Best is not { } best ? null
        : Study.Directions[0] == Direction.Minimize ? champion.Value - (Honest ?? best.Value) : (Honest ?? best.Value) - champion.Value;

    /// <summary>Whether the champion is beaten; without one, whether there is a best trial.</summary>
    public bool IsImprovement => Champion is null ? Front.Count > 0 : Gain is { } gain && gain > 0 && gain >= LeastGain;
}
