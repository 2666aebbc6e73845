using System.Text.Json;
using System.Text.Json.Serialization;

namespace Roux.Tracking.Capture.Lineage;

/// <summary>Remembers the hashes of large files between runs, by path, size and times, as DVC and git do: a file of gigabytes is read once, not for every run.</summary>
/// <param name="file">Where they are kept; what is there and cannot be read counts as nothing.</param>
internal sealed partial class DigestCache(string file)
{
    /// <summary>Bytes from which a file is remembered; smaller ones are read faster than they are looked up.</summary>
    public const long Smallest = 64L << 20;

    private const int Most = 2000;
    private const long LargestFile = 4 << 20;

    // A file may be written to again within the resolution of its time: then the same time means nothing.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>The cache of this user.</summary>
    public static DigestCache OfUser { get; } = new(Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "roux", "digests.json"));

    /// <summary>The hashes of a file: remembered, or taken now.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public FileDigest Of(string path, CancellationToken cancellation)
    {
        var info = new FileInfo(path);
        if (info.Length < Smallest)
        {
            return FileDigest.Of(path, cancellation);
        }

        var key = new Stamp(info.Length, info.LastWriteTimeUtc.Ticks, info.CreationTimeUtc.Ticks);
        if (Load().TryGetValue(path, out var known) && known.Stamp == key)
        {
            return new FileDigest(known.Sha256, known.Md5, key.Bytes);
        }

        var settled = DateTime.UtcNow - info.LastWriteTimeUtc > Settled;
        var digest = FileDigest.Of(path, cancellation);
        if (settled && digest.Bytes == key.Bytes)
        {
            Remember(path, new Entry(key, digest.Sha256, digest.Md5, DateTime.UtcNow.Ticks));
        }

        return digest;
    }

    /// <summary>State of a file when it was read.</summary>
    internal sealed record Stamp(long Bytes, long Written, long Created);

    /// <summary>What is remembered of it.</summary>
    internal sealed record Entry(Stamp Stamp, string Sha256, string Md5, long Read);

    private Dictionary<string, Entry> Load()
    {
        try
        {
            var info = new FileInfo(file);
            return info.Exists && info.Length <= LargestFile ? JsonSerializer.Deserialize(File.ReadAllBytes(file), DigestJson.Default.DictionaryStringEntry) ?? [] : [];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Two runs at a time may each forget what the other has found: it is then taken again.
    private void Remember(string path, Entry entry)
    {
        var temporary = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            var entries = Load();
            entries[path] = entry;
            if (entries.Count > Most)
            {
                entries = entries.OrderByDescending(e => e.Value.Read).Take(Most / 2).ToDictionary(StringComparer.Ordinal);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(entries, DigestJson.Default.DictionaryStringEntry));
            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written to: the next run reads the file again.
        }
    }

    [JsonSerializable(typeof(Dictionary<string, Entry>))]
    private sealed partial class DigestJson : JsonSerializerContext;
}
