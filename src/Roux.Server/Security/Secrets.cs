using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Server.Security;

/// <summary>Keys: 256 random bits behind a prefix that scanners of leaked secrets can look for. Only their hash is kept.</summary>
internal static class Secrets
{
    public const string Prefix = "roux_";

    private const int Bytes = 32;

    /// <summary>A new key.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A new name for a key, which is no secret.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(10, lowercase: true);

    /// <summary>Whether a text looks like a key.</summary>
    public static bool IsKey(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What is kept of a key: SHA-256, which is enough for a secret that nobody can guess.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
