namespace Roux.Learning.Evaluation;

/// <summary>How long and with what a model is measured.</summary>
public sealed record ProbeOptions
{
    /// <summary>Seconds for timing single rows; batches get half as many more.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Most rows that single rows are drawn from.</summary>
    public int Rows { get; init; } = 1000;

    /// <summary>Rows of a batch.</summary>
    public int BatchRows { get; init; } = 1000;

    /// <summary>Decides which rows, in which order.</summary>
    public int Seed { get; init; } = 42;
}
