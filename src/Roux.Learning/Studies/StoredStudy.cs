using Roux.Tracking;
using Roux.Tuning;

namespace Roux.Learning.Studies;

/// <summary>A study as it stands in the store: of <c>roux tune</c>, or any run whose parts tried settings.</summary>
public sealed record StoredStudy
{
    /// <summary>Its run.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>What is searched; of runs of others what their params range over.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>What is tuned.</summary>
    public required IReadOnlyList<Goal> Goals { get; init; }

    /// <summary>The study, to be asked what matters.</summary>
    public required Study Study { get; init; }

    /// <summary>Its trials, by number.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>How far trials are trained; <c>null</c> where each is trained to its end.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>When trials began and ended, in milliseconds since 1970.</summary>
    public IReadOnlyDictionary<int, (long Begin, long? End)> Times { get; init; } = new Dictionary<int, (long Begin, long? End)>();

    /// <summary>Who worked on which trial when, in the order of beginning.</summary>
    public IReadOnlyList<TrialTurn> Turns { get; init; } = [];

    /// <summary>What was asked of it and heard: the id to how it went.</summary>
    public IReadOnlyDictionary<string, string> Heard { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs of trials, where they are known from reading them.</summary>
    public IReadOnlyDictionary<int, string> RunIds { get; init; } = new Dictionary<int, string>();

    /// <summary>Trials asked for beyond those that it was begun for.</summary>
    public int Added { get; init; }

    /// <summary>Whether it is a run of others whose parts are read as trials.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Of a foreign run the metrics that its parts have, those of most parts first.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Whether smaller values of the first goal are better.</summary>
    public bool Minimises => Goals[0].Direction == Direction.Minimize;

    /// <summary>Trials with a value that keep their bounds.</summary>
    public IReadOnlyList<Trial> Complete => field ??= [.. Trials.Where(trial => trial.State == TrialState.Complete && trial.Values.Count > 0)];

    /// <summary>The complete trial with the best value of a single goal; <c>null</c> before there is one, and of several goals.</summary>
    public Trial? Best => Goals.Count > 1 ? null
        : Complete.Where(trial => trial.Constraints.All(bound => bound <= 0)).MinBy(trial => Minimises ? trial.Values[0] : -trial.Values[0]);
}
