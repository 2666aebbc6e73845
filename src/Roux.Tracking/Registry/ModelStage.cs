namespace Roux.Tracking;

/// <summary>Where a model version stands on its way to use.</summary>
public enum ModelStage
{
    /// <summary>Registered, no more.</summary>
    None = 0,

    /// <summary>On trial.</summary>
    Staging = 1,

    /// <summary>In use.</summary>
    Production = 2,

    /// <summary>Put away.</summary>
    Archived = 3,
}
