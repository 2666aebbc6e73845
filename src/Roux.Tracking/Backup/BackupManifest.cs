using System.Text.Json;
using System.Text.RegularExpressions;
using Roux.Tracking.Transfer;

namespace Roux.Tracking.Backup;

/// <summary>A file of rows.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal.</param>
internal sealed record FileEntry(long Rows, long Bytes, string Sha256);

/// <summary>What a snapshot holds; written last.</summary>
/// <param name="Format">Marks the file.</param>
/// <param name="Version">Of the format.</param>
/// <param name="Schema">Version of the store's tables.</param>
/// <param name="Created">When, in milliseconds since 1970.</param>
/// <param name="Program">What wrote it.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgresql</c>: what it came from; it can be restored into either.</param>
/// <param name="Tables">Rows by table.</param>
/// <param name="Artifacts">The list of artifacts.</param>
/// <param name="ArtifactBytes">Size of all artifacts together.</param>
internal sealed partial record BackupManifest(
    string Format, int Version, int Schema, long Created, string Program, string Database, IReadOnlyDictionary<string, FileEntry> Tables, FileEntry Artifacts, long ArtifactBytes)
{
    public const string FormatName = "roux-backup";
    public const int LatestVersion = 1;
    private const int LargestFile = 1 << 20;

    private static readonly JsonSerializerOptions Style = new(TransferJson.Options) { WriteIndented = true };

    /// <summary>Reads a manifest, trusted in nothing.</summary>
    /// <exception cref="TrackingException">It is none, of a later version, or damaged.</exception>
    public static BackupManifest Read(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: <= LargestFile } && JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(file), TransferJson.Options) is { Format: FormatName } manifest)
            {
                return manifest.Version > LatestVersion || manifest.Schema > Sqlite.Migrations.Latest
                    ? throw new TrackingException($"{file}: written by a later version of Roux; upgrade Roux to read it")
                    : manifest.IsSound() ? manifest : throw Damaged(file);
            }
        }
        catch (JsonException)
        {
            // As one that is no manifest.
        }

        throw Damaged(file);
    }

    public void Write(string file)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        JsonSerializer.Serialize(stream, this, Style);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Whether a text is a SHA-256 in hexadecimal, and so a safe name of a file.</summary>
    public static bool IsSha256(string text) => Sha256Text().IsMatch(text);

    private static TrackingException Damaged(string file) => new($"{file}: no manifest of a backup, or damaged; choose another snapshot (roux backup --list)");

    private bool IsSound() => Version >= 1 && Schema >= 1 && ArtifactBytes >= 0 && Tables.Values.Append(Artifacts).All(file => file.Rows >= 0 && file.Bytes >= 0 && IsSha256(file.Sha256));

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256Text();
}
