using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Roux.Server.Security;

/// <summary>
/// Logins that were right a short while ago, so that a client that sends its password with every request pays for the slow hash once. Kept
/// under a keyed hash of name, password, address and the stored hash, whose key dies with the process: nothing here gives a password away,
/// and one that is changed is not found any more.
/// </summary>
internal sealed class VerifiedPasswords(TimeProvider time)
{
    private const int MostKept = 4096;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, long> known = new(StringComparer.Ordinal);

    public bool Contains(string name, string password, string hash, IPAddress? address) =>
        known.TryGetValue(Of(name, password, hash, address), out var since) && time.GetElapsedTime(since) < Life;

    public void Add(string name, string password, string hash, IPAddress? address)
    {
        if (known.Count >= MostKept)
        {
            known.Clear();
        }

        known[Of(name, password, hash, address)] = time.GetTimestamp();
    }

    private string Of(string name, string password, string hash, IPAddress? address) =>
        Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{name}\0{address}\0{hash}\0{password}")));
}
