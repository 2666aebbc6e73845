namespace Roux.Debugging.Slices;

/// <summary>How weak slices are searched for.</summary>
public sealed record SliceOptions
{
    /// <summary>Most slices that are told of, which share no rows.</summary>
    public int MostSlices { get; init; } = 5;

    /// <summary>Most conditions of a slice, 1 to 3.</summary>
    public int MostConditions { get; init; } = 3;

    /// <summary>Fewest rows of a slice; <c>null</c>: 0.5% of the rows, at least 20 (SliceLine, Sagadeeva and Boehm 2021, takes 1%, at least 32).</summary>
    public int? FewestRows { get; init; }

    /// <summary>Largest chance of naming any slice where none is weak.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Smallest effect size: 0.4, between small (0.2) and medium (0.5), as in Chung et al. 2019.</summary>
    public double EffectSize { get; init; } = 0.4;

    /// <summary>Ranges of a numeric column that are tried before its ends are refined, at most 64.</summary>
    public int Bins { get; init; } = 16;

    /// <summary>Pairs of conditions to which a third is tried: the best.</summary>
    public int Beam { get; init; } = 200;

    /// <summary>
    /// Whether a loss is compared with that of rows elsewhere for which the model was as sure: slices that it knows to be hard are then no finding.
    /// Else with the mean loss of all rows.
    /// </summary>
    public bool AgainstConfidence { get; init; } = true;
}
