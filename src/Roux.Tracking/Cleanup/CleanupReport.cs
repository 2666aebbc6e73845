namespace Roux.Tracking;

/// <summary>What a cleanup removed, or would remove.</summary>
public sealed record CleanupReport
{
    /// <summary>Whether it was done, or only looked at.</summary>
    public required bool Done { get; init; }

    /// <summary>Runs.</summary>
    public long Runs { get; init; }

    /// <summary>Those of them that were not deleted before: a rule chose them.</summary>
    public long LiveRuns { get; init; }

    /// <summary>Logged models.</summary>
    public long LoggedModels { get; init; }

    /// <summary>Experiments.</summary>
    public long Experiments { get; init; }

    /// <summary>Artifact files of what was removed.</summary>
    public long Files { get; init; }

    /// <summary>Their size.</summary>
    public long FileBytes { get; init; }

    /// <summary>Uploads that nobody finished.</summary>
    public long Uploads { get; init; }

    /// <summary>Their size, as far as it is known.</summary>
    public long UploadBytes { get; init; }

    /// <summary>Files that belong to nobody; <c>null</c> where they were not looked for.</summary>
    public long? OrphanFiles { get; init; }

    /// <summary>Their size.</summary>
    public long OrphanBytes { get; init; }

    /// <summary>Runs that were chosen and stay, with the reason.</summary>
    public IReadOnlyList<KeptRun> Kept { get; init; } = [];

    /// <summary>Size of the database before.</summary>
    public long DatabaseBefore { get; init; }

    /// <summary>Its size after; the same where nothing was done.</summary>
    public long DatabaseAfter { get; init; }

    /// <summary>What of it is free and will be used again.</summary>
    public long DatabaseFree { get; init; }

    /// <summary>What could not be done, in words.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A run that was chosen for removal and stays.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">What needs it.</param>
public sealed record KeptRun(string RunId, string Name, string Reason);
