namespace Roux.Tracking.Reproduction;

/// <summary>Where a data file of a run is now.</summary>
/// <param name="Need">The file.</param>
/// <param name="State">What was found.</param>
/// <param name="Path">Where its bytes are; for a changed one, where the other bytes are; null where there is nothing.</param>
/// <param name="FoundSha256">Digest of a changed file.</param>
public sealed record DataPlace(DataNeed Need, DataState State, string? Path, string? FoundSha256 = null);

/// <summary>What was found of a data file.</summary>
public enum DataState
{
    /// <summary>It lies at its recorded path.</summary>
    InPlace = 0,

    /// <summary>Its bytes lie elsewhere.</summary>
    Elsewhere = 1,

    /// <summary>At its recorded path lie other bytes, and its own are not to be found.</summary>
    Changed = 2,

    /// <summary>It is not to be found.</summary>
    Missing = 3,
}
