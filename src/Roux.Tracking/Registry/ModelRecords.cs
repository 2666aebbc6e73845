namespace Roux.Tracking;

/// <summary>A registered model: a name over numbered versions.</summary>
public sealed record RegisteredModelRecord
{
    /// <summary>Its name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it, or one of its versions, last changed.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;

    /// <summary>Alias to version number.</summary>
    public IReadOnlyDictionary<string, int> Aliases { get; init; } = new Dictionary<string, int>(0, StringComparer.Ordinal);

    /// <summary>Its versions, the newest first.</summary>
    public IReadOnlyList<ModelVersionRecord> Versions { get; init; } = [];
}

/// <summary>An immutable version of a registered model: the artifact's bytes never change, stage, aliases and notes may.</summary>
public sealed record ModelVersionRecord
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Number, from 1 up; never used twice.</summary>
    public required int Version { get; init; }

    /// <summary>Id of the run that made it; <c>null</c> for one that a client registered from a model logged without a run.</summary>
    public required string? RunId { get; init; }

    /// <summary>The artifact of that run, or of the logged model, that it was registered from; empty for all of a logged model.</summary>
    public required string ArtifactPath { get; init; }

    /// <summary>Where the registry's own copy lies: a file or a folder, or its address in a bucket; <see cref="ModelRegistry.LocalCopy"/> gives a path in any case.</summary>
    public required string Location { get; init; }

    /// <summary>
    /// <c>sha256:</c> and 64 hexadecimal digits: of the file, or, for a folder, of the lines <c>HEX  PATH\n</c> of its files in ordinal order of path.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>Size of the artifact.</summary>
    public required long Bytes { get; init; }

    /// <summary>What the model takes and gives, where its files say so.</summary>
    public ModelSignature? Signature => SignatureJson is { } json ? ModelSignature.Parse(json) : null;

    /// <summary>Run, code and data that it came from, as they were when it was registered; <c>null</c> for versions of before that was recorded.</summary>
    public VersionLineage? Lineage => LineageJson is { } json ? VersionLineage.Parse(json) : null;

    /// <summary>Who registered it.</summary>
    public string? RegisteredBy { get; init; }

    /// <summary>Who approved it, the first first.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public ModelStage Stage { get; init; }

    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When stage, description or tags last changed.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>What a client registered it from, as it said; <c>null</c>: <see cref="ArtifactPath"/> of the run.</summary>
    internal string? Source { get; init; }

    /// <summary>A link to the run that a client gave.</summary>
    internal string? RunLink { get; init; }

    /// <summary>Id of the run's experiment.</summary>
    internal string? ExperimentId { get; init; }

    // Lists of thousands of versions rarely look at these: they stay text until somebody does.
    internal string? SignatureJson { get; init; }

    internal string? LineageJson { get; init; }

    /// <summary>Name of the registry's copy.</summary>
    internal string Copy { get; init; } = "";

    /// <summary>Name of the file or folder in the copy; empty where the copy is the folder.</summary>
    internal string NameInCopy => Path.GetFileName(ArtifactPath.TrimEnd('/'));

    /// <summary>Names that point at it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RunRecord.EmptyText;
}
