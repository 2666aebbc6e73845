namespace Roux.Tuning;

/// <summary>Where a segment stands.</summary>
public enum SegmentState
{
    /// <summary>Asked, not told yet.</summary>
    Running,

    /// <summary>Trained and told its value.</summary>
    Done,

    /// <summary>Ended without a value.</summary>
    Failed,
}

/// <summary>
/// A stretch of training of one member of a population, under settings that do not change within it. It starts from the checkpoint that its parent
/// left behind and leaves one of its own, so that no checkpoint is ever overwritten. A snapshot: it does not change.
/// </summary>
public sealed record Segment
{
    /// <summary>From 0 up, in the order of asking.</summary>
    public required int Number { get; init; }

    /// <summary>The member, from 0 up.</summary>
    public required int Member { get; init; }

    /// <summary>The segment whose checkpoint it starts from; <c>null</c> for a beginning.</summary>
    public int? Parent { get; init; }

    /// <summary>Whether the parent is another member's: its weights were copied, because this member was among the worst.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The settings; inactive parameters are absent.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>Steps that the checkpoint it starts from has been trained.</summary>
    public long From { get; init; }

    /// <summary>Steps to have been trained at its end.</summary>
    public required long To { get; init; }

    /// <summary>Where it stands.</summary>
    public SegmentState State { get; init; }

    /// <summary>The objective at its end; NaN before.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Why it failed; <c>null</c> where it did not.</summary>
    public string? Error { get; init; }
}

/// <summary>A part of the schedule that a member's weights went through.</summary>
/// <param name="From">Steps before.</param>
/// <param name="To">Steps at its end.</param>
/// <param name="Member">Who trained it.</param>
/// <param name="Configuration">Under which settings.</param>
/// <param name="Value">The objective at its end.</param>
public sealed record SchedulePart(long From, long To, int Member, Configuration Configuration, double Value);
