namespace Roux.Learning.Explanations;

/// <summary>How far an explanation goes.</summary>
public sealed record ShapOptions
{
    /// <summary>Most rows that are explained, from the first on.</summary>
    public int MaxRows { get; init; } = 200;

    /// <summary>Most rows that stand for the data; also the samples of a row where values are estimated by sampling.</summary>
    public int Background { get; init; } = 100;

    /// <summary>Seconds to stop after; at least one row is explained. Infinite: rows are limited by a count of steps, so that the same call gives the same result.</summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>Decides which rows stand for the data, and the orders that sampling draws.</summary>
    public int Seed { get; init; }

    /// <summary>Threads that may work at once; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Whether boosted trees are explained by LightGBM's or XGBoost's own code. That code trusts the model: for models fitted here, not for files from elsewhere.</summary>
    public bool Native { get; init; }

    /// <summary>Rows, from the first on, whose strongest features are kept one by one.</summary>
    public int DetailRows { get; init; }
}
