namespace Roux.Tracking;

/// <summary>A file or folder among a run's artifacts.</summary>
/// <param name="Path">Relative to the run's artifacts, parts joined by '/'.</param>
/// <param name="Bytes">Size of a file; 0 for a folder.</param>
/// <param name="IsDirectory">Whether it is a folder.</param>
public sealed record ArtifactInfo(string Path, long Bytes, bool IsDirectory);
