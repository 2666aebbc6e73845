namespace Roux.Tuning;

/// <summary>How a study searches.</summary>
public sealed record StudyOptions
{
    /// <summary>Which way each objective is better; one by default, to be minimised.</summary>
    public IReadOnlyList<Direction> Directions { get; init; } = [Direction.Minimize];

    /// <summary>Decides what is tried next; <c>auto</c> where there is none.</summary>
    public Sampler? Sampler { get; init; }

    /// <summary>Decides which trials are ended early, where there is one objective; none by default.</summary>
    public Pruner Pruner { get; init; } = Pruner.None;

    /// <summary>How far each trial is trained, where there is one objective: trials pause and go on; <c>null</c> to train each to its end.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Trains a population instead of asking the sampler: each trial is a segment of a member's training. Direction and seed are those of the study; <c>null</c> for none.</summary>
    public PopulationOptions? Population { get; init; }

    /// <summary>All randomness comes from it.</summary>
    public long Seed { get; init; }

    /// <summary>Trials of the whole study where that is known, so that the sampler can plan.</summary>
    public int? Trials { get; init; }

    /// <summary>A known constraint: whether a configuration may be tried at all; <c>null</c> where all may.</summary>
    public Func<Configuration, bool>? Allowed { get; init; }
}
