namespace Roux.Tuning;

/// <summary>Which way an objective is better.</summary>
public enum Direction
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Asked, not told yet.</summary>
    Running,

    /// <summary>Told with a value.</summary>
    Complete,

    /// <summary>Ended early; its last intermediate value stands for it.</summary>
    Pruned,

    /// <summary>Ended without a value.</summary>
    Failed,

    /// <summary>Stopped at a rung of a schedule; it may be handed out again. Its last intermediate value stands for it.</summary>
    Paused,
}

/// <summary>One configuration that is, or was, tried. A snapshot: it does not change.</summary>
public sealed record Trial
{
    /// <summary>From 0 up, in the order of asking.</summary>
    public required int Number { get; init; }

    /// <summary>The settings; inactive parameters are absent.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>Where it stands.</summary>
    public TrialState State { get; init; }

    /// <summary>The objectives, one each, once complete or pruned with a value; else empty.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Values reported on the way: step and value, in the order of reporting.</summary>
    public IReadOnlyList<(long Step, double Value)> Reports { get; init; } = [];

    /// <summary>Under a schedule: steps to be trained in all, those of earlier turns included; <c>null</c> for a whole trial.</summary>
    public long? Resource { get; init; }

    /// <summary>In a study that trains a population, where it stands in the training of a member.</summary>
    public Segment? Segment { get; init; }

    /// <summary>Whether it was handed out again, after a pause or because its process went away.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Where the state of a trial that paused is kept, as it was told; <c>null</c> where nothing was told.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Constraints of unknown form, told with the result: above 0 is violated.</summary>
    public IReadOnlyList<double> Constraints { get; init; } = [];

    /// <summary>The error of a trial that was lost.</summary>
    internal const string LostError = "the process that tried it went away";

    /// <summary>Whether it failed because its process went away or was stopped: its configuration is given out again, and it is none of the trials that the study was to have.</summary>
    public bool IsLost { get; init; }

    /// <summary>Why it failed; <c>null</c> where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The objective of a study with one.</summary>
    public double Value => Values is [var value] ? value : double.NaN;
}
