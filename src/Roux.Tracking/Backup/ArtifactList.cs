namespace Roux.Tracking.Backup;

/// <summary>An artifact in a backup.</summary>
/// <param name="Path">From the top of the artifact store.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Names its content.</param>
/// <param name="Stamp">See <see cref="Artifacts.StoredFile.Stamp"/>: the same one in the next backup means the same content.</param>
internal sealed record BackedUpFile(string Path, long Bytes, string Sha256, string Stamp);

/// <summary>The list of artifacts of a snapshot, kept as the rows of a table.</summary>
internal static class ArtifactList
{
    private static readonly TableShape Shape = new(
        "artifacts",
        [new ColumnShape("path", ColumnKind.Text), new ColumnShape("bytes", ColumnKind.Whole), new ColumnShape("sha256", ColumnKind.Text), new ColumnShape("stamp", ColumnKind.Text)],
        ["path"]);

    public static void Write(BinaryWriter writer, BackedUpFile file)
    {
        TableFile.WriteText(writer, file.Path);
        TableFile.WriteWhole(writer, file.Bytes);
        TableFile.WriteText(writer, file.Sha256);
        TableFile.WriteText(writer, file.Stamp);
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IEnumerable<BackedUpFile> Read(string snapshot, long rows) =>
        TableFile.Read(Path.Combine(snapshot, BackupFolder.ArtifactsName), Shape, rows).Select(row =>
            row is [string path, long bytes and >= 0, string sha256, string stamp] && BackupManifest.IsSha256(sha256)
                ? new BackedUpFile(path, bytes, sha256, stamp) : throw new InvalidDataException("an artifact's entry is damaged"));
}
