namespace Roux.Server.Components.Lineage;

/// <summary>What a lineage is asked about: one of the three.</summary>
public sealed record LineageSubject
{
    /// <summary>Id of a run.</summary>
    public string? Run { get; init; }

    /// <summary>Name and digest of a version of a data set.</summary>
    public (string Name, string Digest)? Data { get; init; }

    /// <summary>Name and number of a version of a model.</summary>
    public (string Name, int Version)? Model { get; init; }
}
