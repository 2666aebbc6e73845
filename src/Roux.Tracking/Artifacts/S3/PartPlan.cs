using System.Security.Cryptography;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>
/// How a large file is cut into parts, always the same way, so that the tag which S3 makes of a file in parts (MD5 of the parts' MD5s, their
/// number behind it) can be worked out again from its bytes. S3 takes at most 10,000 parts: the later ones are larger (1.2 TB in all).
/// </summary>
internal static class PartPlan
{
    /// <summary>Files up to here go in one request.</summary>
    public const int Small = 8 << 20;

    private const int Large = 128 << 20;
    private const int SmallParts = 1000;

    /// <summary>Size of a part, from 0 up.</summary>
    public static int Size(int part) => part < SmallParts ? Small : Large;

    /// <summary>The tag of a file by the digests of its parts.</summary>
    public static string Tag(IReadOnlyCollection<byte[]> parts) =>
#pragma warning disable CA5351 // S3's own checksum: it guards against accidents, not against forgers.
        $"{Convert.ToHexStringLower(MD5.HashData([.. parts.SelectMany(part => part)]))}-{parts.Count}";
#pragma warning restore CA5351
}
