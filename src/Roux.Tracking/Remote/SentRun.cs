namespace Roux.Tracking.Remote;

/// <summary>What the server has acknowledged of a run, or refused for good.</summary>
internal sealed class SentRun(long key)
{
    /// <summary>The run's key in the spool.</summary>
    public long Key => key;

    /// <summary>Its id on the server; null before it is made there.</summary>
    public string? ServerId { get; set; }

    /// <summary>The id of its experiment on the server.</summary>
    public string ExperimentId { get; set; } = "";

    /// <summary>Where the server keeps its artifacts.</summary>
    public string ArtifactUri { get; set; } = "";

    /// <summary>Whether a request to make it was sent, so that it may be there although no answer came.</summary>
    public bool Attempted { get; set; }

    /// <summary>The status that the server knows.</summary>
    public RunStatus Status { get; set; } = RunStatus.Running;

    /// <summary>The end that the server knows.</summary>
    public long? Ended { get; set; }

    /// <summary>Whether the server knows that it is deleted.</summary>
    public bool Deleted { get; set; }

    /// <summary>Whether it is ended and everything of it is acknowledged or refused.</summary>
    public bool Done { get; set; }

    /// <summary>Why the server takes nothing of this run; null where it does.</summary>
    public string? Refusal { get; set; }

    /// <summary>Values of params and tags as acknowledged.</summary>
    public Dictionary<(ItemKind Kind, string Key), string> Texts { get; } = [];

    /// <summary>Points acknowledged of each series, which are its first ones.</summary>
    public Dictionary<long, long> Series { get; } = [];

    /// <summary>Size and time of change of each file as acknowledged; documents made for the server have a digest in place of a size.</summary>
    public Dictionary<string, (long Bytes, long Changed)> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Data sets acknowledged.</summary>
    public HashSet<string> Datasets { get; } = new(StringComparer.Ordinal);

    /// <summary>How often something was refused.</summary>
    public Dictionary<(ItemKind Kind, string Key), long> Refused { get; } = [];
}
