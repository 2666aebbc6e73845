namespace Roux.Tracking;

/// <summary>A backup that is there.</summary>
/// <param name="Name">Of the snapshot; names sort by time.</param>
/// <param name="Created">When.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgresql</c>: what it came from. It can be restored into either.</param>
/// <param name="Runs">Runs in it, deleted ones included.</param>
/// <param name="ModelVersions">Registered model versions in it.</param>
/// <param name="Artifacts">Artifact files.</param>
/// <param name="ArtifactBytes">Their size.</param>
/// <param name="TableBytes">Size of the rows as they are kept.</param>
public sealed record BackupRecord(string Name, DateTimeOffset Created, string Database, long Runs, long ModelVersions, long Artifacts, long ArtifactBytes, long TableBytes);

/// <summary>What a backup did.</summary>
/// <param name="Backup">What is there now.</param>
/// <param name="NewFiles">Artifact files whose content was not in the folder yet.</param>
/// <param name="NewBytes">Their size.</param>
/// <param name="Problems">What is not in it and should be; empty for a whole backup.</param>
public sealed record BackupReport(BackupRecord Backup, long NewFiles, long NewBytes, IReadOnlyList<string> Problems)
{
    /// <summary>Older snapshots that were removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>Whether a backup is what was written.</summary>
/// <param name="Backup">Which one.</param>
/// <param name="Problems">Files that are missing or changed; empty for a sound one.</param>
public sealed record BackupVerification(BackupRecord Backup, IReadOnlyList<string> Problems);
