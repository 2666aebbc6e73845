namespace Roux.Learning.AutoML;

/// <summary>How learning curves are measured.</summary>
public sealed record CurveSettings
{
    /// <summary>Rows to learn from, ascending; empty for sizes in geometric steps up to what the divisions allow.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>Most sizes when none are given.</summary>
    public int MostSizes { get; init; } = 6;

    /// <summary>Most divisions used.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Seconds for everything; infinite for no limit, and then nothing depends on time.</summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>All randomness comes from it.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to use, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Per row the group that must stay whole, or <c>null</c>.</summary>
    public int[]? Groups { get; init; }

    /// <summary>Per row its time, or <c>null</c>: a smaller size then is a shorter past.</summary>
    public long[]? Times { get; init; }

    /// <summary>The clock of <see cref="Seconds"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
