namespace Roux.Tuning;

/// <summary>How the settings of a copied member are changed.</summary>
public enum Exploration
{
    /// <summary>Multiplied by 0.8 or 1.2, or now and then drawn anew (Jaderberg et al. 2017, PBT).</summary>
    Perturb,

    /// <summary>Chosen by a Gaussian process whose memory fades with time (Parker-Holder et al. 2020, PB2).</summary>
    Bandit,
}

/// <summary>How a population is trained.</summary>
public sealed record PopulationOptions
{
    /// <summary>Which way the objective is better.</summary>
    public Direction Direction { get; init; } = Direction.Minimize;

    /// <summary>Members, at least 2.</summary>
    public int Members { get; init; } = 10;

    /// <summary>Steps of a whole training.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps between two chances to copy and change.</summary>
    public required long Interval { get; init; }

    /// <summary>Share of the members that copy from as large a share of the best, above 0 and at most a half.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>How the settings of a copied member are changed.</summary>
    public Exploration Exploration { get; init; }

    /// <summary>Probability that a setting is drawn anew instead of perturbed.</summary>
    public double Resample { get; init; } = 0.25;

    /// <summary>Parameters that go with the weights, such as the number of units: copied as they are and never changed.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>All randomness comes from it.</summary>
    public long Seed { get; init; }
}
