using Roux.Tracking.Capture.Lineage;
using Shouldly;
using Xunit;

namespace Roux.Tracking.Tests.Capture.Lineage;

public class DigestCacheTests
{
    [Fact]
    public void A_large_file_is_remembered_until_it_changes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("large.bin");
        var long_ago = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Write(path, DigestCache.Smallest, long_ago);
        var cache = new DigestCache(folder.At("cache/digests.json"));
        var first = cache.Of(path, CancellationToken.None);
        first.ShouldBe(FileDigest.Of(path, CancellationToken.None));

        // What it says now can only come from memory.
        var text = File.ReadAllText(folder.At("cache/digests.json"));
        File.WriteAllText(folder.At("cache/digests.json"), text.Replace(first.Sha256, new string('0', 64), StringComparison.Ordinal));
        cache.Of(path, CancellationToken.None).Sha256.ShouldBe(new string('0', 64));
        File.SetLastWriteTimeUtc(path, long_ago.AddHours(1));
        cache.Of(path, CancellationToken.None).ShouldBe(first);
        Write(path, DigestCache.Smallest + 1, long_ago);
        cache.Of(path, CancellationToken.None).Bytes.ShouldBe(DigestCache.Smallest + 1);
        File.WriteAllText(folder.At("cache/digests.json"), "{broken");
        cache.Of(path, CancellationToken.None).Bytes.ShouldBe(DigestCache.Smallest + 1);
    }

    [Fact]
    public void Small_files_and_files_just_written_are_not_remembered()
    {
        using var folder = new TemporaryFolder();
        var cache = new DigestCache(folder.At("digests.json"));
        cache.Of(folder.Write("small", "x"), CancellationToken.None).Bytes.ShouldBe(1);
        Write(folder.At("new"), DigestCache.Smallest, DateTime.UtcNow);
        cache.Of(folder.At("new"), CancellationToken.None);
        File.Exists(folder.At("digests.json")).ShouldBeFalse();
    }

    private static void Write(string path, long bytes, DateTime time)
    {
        using (var file = File.Create(path))
        {
            file.SetLength(bytes);
        }

        File.SetLastWriteTimeUtc(path, time);
    }
}
