namespace Roux.Tracking.Artifacts;

/// <summary>A file of a store.</summary>
/// <param name="Path">From the top of the store: <c>RUN/plots/roc.png</c>.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Modified">When it was written.</param>
/// <param name="Stamp">Changes when the file does: the time and size of a file on disk, the tag of an object.</param>
internal sealed record StoredFile(string Path, long Bytes, DateTimeOffset Modified, string Stamp)
{
    /// <summary>Its owner, and its path below it.</summary>
    public (string Owner, string Path) Parts()
    {
        var end = Path.IndexOf('/', StringComparison.Ordinal);
        if (end > 0 && Path[..end] is ArtifactStore.Copies or ArtifactStore.LoggedModels)
        {
            end = Path.IndexOf('/', end + 1);
        }

        return end < 0 ? (Path, "") : (Path[..end], Path[(end + 1)..]);
    }
}
